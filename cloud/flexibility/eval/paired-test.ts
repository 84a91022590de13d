/** Result of a one-sided test that the mean of paired differences is above zero. */
export type PairedTest = { readonly t: number; readonly p: number };

/**
 * Student's test on paired differences; from some hundred pairs on the normal distribution serves for its tail.
 *
 * @throws RangeError for fewer than two pairs
 */
export function pairedTest(differences: readonly number[]): PairedTest {
  const count = differences.length;
  if (count < 2) throw new RangeError("a test needs at least two pairs");
  const mean = differences.reduce((sum, each) => sum + each, 0) / count;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  if (squares === 0) return { t: Math.sign(mean) * Number.POSITIVE_INFINITY, p: mean > 0 ? 0 : 1 };
  const t = mean / Math.sqrt(squares / (count - 1) / count);
  return { t, p: upperTail(t) };
}

/** P(Z > t) by Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
function upperTail(t: number): number {
  if (t < 0) return 1 - upperTail(-t);
  const k = 1 / (1 + 0.231_641_9 * t);
  const series = [0.319_381_53, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
  const sum = series.reduceRight((inner, factor) => k * (factor + inner), 0);
  return (Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
