/**
 * What is believed of a share (delivered / ordered, signed / asked) after some events: the counts of a Beta
 * distribution. Old events fade, so that a device that was repaired is believed again.
 */
export type BetaCounts = {
  /** Weight of what went well. */
  readonly good: number;
  /** Weight of what did not. */
  readonly bad: number;
};

/** The mean, and the interval in which the share lies with some nine chances of ten. */
export type BetaBelief = { readonly mean: number; readonly lower: number; readonly upper: number };

/** Weight that an event keeps with each later one: twenty events are remembered, a season of weekly ones. */
const FADING = 0.95;

/** Of the standard normal distribution, for five per cent on each side. */
const Z = 1.645;

/** Counts after one more event in which `share` of 1 went well; fractions count as fractions. */
export function observedShare({ good, bad }: BetaCounts, prior: BetaCounts, share: number): BetaCounts {
  const bounded = Math.min(1, Math.max(0, share));
  // Only what was seen fades; what was assumed at first stays, so that counts never vanish.
  return {
    good: prior.good + FADING * (good - prior.good) + bounded,
    bad: prior.bad + FADING * (bad - prior.bad) + 1 - bounded,
  };
}

/**
 * The interval is that of Wilson 1927 for so many trials: near 0 and 1 it stays within bounds where a normal
 * approximation does not, and a root is the same on every machine where quantiles of the distribution itself are not.
 *
 * @param counts with a sum greater than 0
 */
export function beliefOf({ good, bad }: BetaCounts): BetaBelief {
  const weight = good + bad;
  const mean = good / weight;
  const square = (Z * Z) / weight;
  const centre = (mean + square / 2) / (1 + square);
  const half = Math.sqrt(square * mean * (1 - mean) + (square * square) / 4) / (1 + square);
  return { mean, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}
