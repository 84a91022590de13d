import { InvalidTermsError } from "./settlement-error.ts";

/** Parts per mille of a whole: all ratios of this package are per-mille integers, since floats are not allowed. */
export const PER_MILLE = 1000n;

/**
 * Divides and rounds half away from zero, the commercial rule. It is symmetric in sign, so a day of pure export
 * gets the mirrored baseline of the same day of import.
 */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const magnitude = absolute(numerator);
  const divisor = absolute(denominator);
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return isNegative ? -rounded : rounded;
}

/** 0 for none. */
export function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** `Math.min` does not take bigint. */
export function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

/** `Math.max` does not take bigint. */
export function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

/** A share in per mille, rounded towards zero. */
export function share(amount: bigint, perMille: number): bigint {
  return (amount * BigInt(perMille)) / PER_MILLE;
}

/** Whether a part is more than a share in per mille of the whole; exact, without division. */
export function isMoreThanShare(part: bigint, whole: bigint, perMille: number): boolean {
  return part * PER_MILLE > whole * BigInt(perMille);
}

/** `Math.abs` does not take bigint. */
export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Refuses a negative amount of a term that only makes sense from zero up. */
export function checkNotNegative(field: string, value: bigint): void {
  if (value < 0n) throw new InvalidTermsError(field, `must not be negative, is ${value}`);
}

/** Refuses two arrays that should describe the same intervals and do not. */
export function checkLength(field: string, values: readonly unknown[], length: number): void {
  if (values.length !== length) throw new InvalidTermsError(field, `needs ${length} values, has ${values.length}`);
}
