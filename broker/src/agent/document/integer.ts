/** Arithmetic on energies and amounts; Math has none for bigint. */

export function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

export function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

export function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

/** A share in per mille, rounded towards zero. */
export function share(amount: bigint, perMille: number): bigint {
  return (amount * BigInt(perMille)) / 1_000n;
}

/** Whether a part is more than a share in per mille of the whole; exact, without division. */
export function isMoreThanShare(part: bigint, whole: bigint, perMille: number): boolean {
  return part * 1_000n > whole * BigInt(perMille);
}
