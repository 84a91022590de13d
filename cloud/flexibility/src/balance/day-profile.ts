/** Share of the latest deviation from the usual day that is left an hour later: half in two hours. */
const KEPT_PER_HOUR = 0.7;

/** In steps, whatever their length; only the default of `keptPerStep` assumes hours. */
export type ProfileOptions = {
  /** Steps of one day. */
  readonly dayLength: number;
  /** Days whose mean at the same time is the profile. */
  readonly days: number;
  /** Share of the latest deviation that is left a step later; of steps of an hour when left out. */
  readonly keptPerStep?: number;
};

/**
 * What the next steps will probably bring: the mean of the last days at the same time, moved by how the latest step
 * lay off it. A short outlook for control, renewed at every step; `forecastSeries` is the one with intervals and a
 * backtest.
 *
 * @param history values up to now, at least one; negative results are cut at zero
 */
export function profileOutlook(history: ArrayLike<number>, stepCount: number, options: ProfileOptions): Float64Array {
  const now = history.length;
  const usual = (step: number) => usualValue(history, step, options);
  const latest = (history[now - 1] ?? 0) - usual(now - 1);
  const { keptPerStep = KEPT_PER_HOUR } = options;
  let offset = latest;
  return Float64Array.from({ length: stepCount }, (_, ahead) => {
    offset *= keptPerStep;
    return Math.max(0, usual(now + ahead) + offset);
  });
}

function usualValue(history: ArrayLike<number>, step: number, { dayLength, days }: ProfileOptions): number {
  let sum = 0;
  let count = 0;
  // The first day back that is known at `step`, even for steps more than a day ahead.
  const back = Math.floor((step - Math.min(step, history.length - 1)) / dayLength) + 1;
  for (let day = back; day < back + days; day += 1) {
    const value = history[step - day * dayLength];
    if (value === undefined || !Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? (history[history.length - 1] ?? 0) : sum / count;
}
