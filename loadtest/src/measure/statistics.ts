/** The middle one, or the mean of the two in the middle: one round that a busy machine disturbed does not move it. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("nothing has no median");
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Figures of a report carry as many digits as mean something. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
