import type { SignatureClaim, SignatureVerifier } from "@gridpact/proto";

/**
 * Runs what verifies signatures, and verifies all of them together where that is cheaper: each is believed at first,
 * and when one does not hold, what came of it is thrown away and everything is run again, one signature after the
 * other. So result and refusal are those of a single verifier, in its order.
 * ```
 * run, believing --> all hold? --yes--> what came of it, a refusal included
 *                        `---no---> run, verifying each
 * ```
 * `run` MUST NOT have an effect before its result is used. What is noted is bounded by the transaction's argument.
 */
export async function verifiedTogether<T>(
  verify: SignatureVerifier,
  run: (verify: SignatureVerifier) => Promise<T>,
): Promise<T> {
  if (verify.all === undefined) return run(verify);
  const claims: SignatureClaim[] = [];
  const believe: SignatureVerifier = (publicKey, message, signature) => {
    claims.push({ publicKey, message, signature });
    return true;
  };
  const [outcome] = await Promise.allSettled([run(believe)]);
  if (!verify.all(claims)) return run(verify);
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
