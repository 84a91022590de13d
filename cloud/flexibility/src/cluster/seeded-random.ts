/** Largest state of the generator, a prime. */
const MODULUS = 2_147_483_647;
const MULTIPLIER = 48_271;

/**
 * Numbers in [0, 1) that follow from the seed alone (Park and Miller 1988, as revised 1993). Good enough for starting
 * weights and shuffles, exact in doubles on every machine; not for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % (MODULUS - 1)) + 1;
  return () => {
    state = (state * MULTIPLIER) % MODULUS;
    return (state - 1) / (MODULUS - 1);
  };
}
