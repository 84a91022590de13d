/** The middle one, or the mean of the two in the middle: one round that a busy machine disturbed does not move it. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("nothing has no median");
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/**
 * Median of what each value is to the one of the same round: parts of a round follow one another, so that a machine
 * that becomes slower or faster from round to round moves both, and not their ratio.
 * @throws RangeError when the two do not have as many rounds, or none
 */
export function pairedRatio(values: readonly number[], others: readonly number[]): number {
  if (values.length !== others.length) throw new RangeError("each round has a value on both sides");
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)));
}

/** Figures of a report carry as many digits as mean something. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
