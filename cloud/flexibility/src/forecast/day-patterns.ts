/**
 * Day patterns: what was usual at this time of day. Each is computed for every day of the history at once, so that a
 * rolling backtest costs no more than a forecast:
 *
 *     day          0     1     2   ...   D-1 | D     D+1       (the last two are the horizon)
 *     one ahead          from 0..d-1         |
 *     two ahead                from 0..d-2   |
 */
import type { DaySeries } from "./series-history.ts";

/** Days that count as alike: all, those of the same type (working day or not), those of the same weekday. */
type Alike = "anyDay" | "sameType" | "sameWeekday";

/**
 * A mean over alike days in which a day counts `keptPerDay` of the day after it, smoothed over neighbouring units where
 * that is asked for.
 */
type MeanPattern = { readonly alike: Alike; readonly keptPerDay: number; readonly smoothHours?: number };

/**
 * The number in a name is the half-life in days. Short ones follow a season, long ones average out single kettles,
 * alike days know the office from the weekend; smoothing helps where appliances move by half an hour from day to day.
 * Which of them serves a series is learnt, so the list only has to span what occurs.
 */
const MEANS = {
  yesterday: { alike: "anyDay", keptPerDay: 0.0625 },
  any2: { alike: "anyDay", keptPerDay: 0.71 },
  any4: { alike: "anyDay", keptPerDay: 0.8409 },
  any8: { alike: "anyDay", keptPerDay: 0.917 },
  any16: { alike: "anyDay", keptPerDay: 0.9576 },
  any40: { alike: "anyDay", keptPerDay: 0.9828 },
  type5: { alike: "sameType", keptPerDay: 0.8706 },
  type15: { alike: "sameType", keptPerDay: 0.9548 },
  lastWeek: { alike: "sameWeekday", keptPerDay: 0.5 },
  week10: { alike: "sameWeekday", keptPerDay: 0.933 },
  week25: { alike: "sameWeekday", keptPerDay: 0.9727 },
  week60: { alike: "sameWeekday", keptPerDay: 0.9885 },
  any8smooth: { alike: "anyDay", keptPerDay: 0.917, smoothHours: 1 },
  any16smooth: { alike: "anyDay", keptPerDay: 0.9576, smoothHours: 1 },
  type15smooth: { alike: "sameType", keptPerDay: 0.9548, smoothHours: 0.5 },
} as const satisfies Record<string, MeanPattern>;

/** Medians ignore the one evening with guests and the one day of snow; by how many days they look back. */
const MEDIANS = { median7: 7, median15: 15 } as const;

/** Names stay inside the forecast: no result or record has them, so patterns may be exchanged. */
export type PatternName = keyof typeof MEANS | keyof typeof MEDIANS;

/** A pattern's value for each unit of the history and of the two days after it. */
export type PatternValues = ReadonlyMap<PatternName, Float64Array>;

/** Below this weight a mean rests on days so long ago that a broader pattern says more. */
const WEIGHT_MIN = 0.02;
/** A median of two is a mean. */
const MEDIAN_VALUES_MIN = 3;
const HOURS_PER_DAY = 24;

/** All patterns that can serve, for units whose day lies `daysAhead` (1 or 2) days after the last one known. */
export function patternValues(series: DaySeries, daysAhead: number): PatternValues {
  const level = levels(series, daysAhead);
  const broad = seasonalMean(series, MEANS.any16, { daysAhead, fallback: level });
  const serving = Object.entries(MEANS).filter(([, pattern]) => !series.isSunlit || servesSun(pattern));
  const means = serving.map(([name, pattern]): [PatternName, Float64Array] => {
    const values = seasonalMean(series, pattern, { daysAhead, fallback: broad });
    const smoothHours = "smoothHours" in pattern ? pattern.smoothHours : 0;
    return [name as PatternName, smoothHours > 0 ? smoothed(values, series.unitsPerDay, smoothHours) : values];
  });
  const medians = Object.entries(MEDIANS).map(([name, days]): [PatternName, Float64Array] => [
    name as PatternName,
    seasonalMedian(series, days, { daysAhead, fallback: broad }),
  ]);
  return new Map([...means, ...medians]);
}

/** The sun knows no weekdays and is never half an hour late: such means would only add noise to what it makes. */
function servesSun({ alike, smoothHours = 0 }: MeanPattern): boolean {
  return alike === "anyDay" && smoothHours === 0;
}

type Basis = {
  readonly daysAhead: number;
  /** Stands where a pattern has nothing to go by. */
  readonly fallback: Float64Array;
};

/** The mean of all days known, whatever the time of day: the last resort. Zero before the first value. */
function levels({ values, unitsPerDay, dayCount }: DaySeries, daysAhead: number): Float64Array {
  const result = new Float64Array((dayCount + 2) * unitsPerDay);
  let sum = 0;
  let count = 0;
  for (let day = daysAhead; day < dayCount + 2; day += 1) {
    const known = (day - daysAhead) * unitsPerDay;
    for (const value of values.subarray(known, known + unitsPerDay)) {
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    result.fill(count === 0 ? 0 : sum / count, day * unitsPerDay, (day + 1) * unitsPerDay);
  }
  return result;
}

function seasonalMean(series: DaySeries, pattern: MeanPattern, { daysAhead, fallback }: Basis): Float64Array {
  const { unitsPerDay, dayCount } = series;
  const result = Float64Array.from(fallback);
  const groupOf = groupsOf(series, pattern.alike);
  const sums = fadingSums(series, pattern, groupOf);
  for (let day = daysAhead; day < dayCount + 2; day += 1) {
    sums.learnDay(day - daysAhead);
    for (let unit = day * unitsPerDay; unit < (day + 1) * unitsPerDay; unit += 1) {
      const mean = sums.meanAt(groupOf(unit) * unitsPerDay + (unit % unitsPerDay));
      if (mean !== undefined) result[unit] = mean;
    }
  }
  return result;
}

/** Sums by group of days and time of day, in which every day counts less with each day that passes. */
function fadingSums(
  { values, unitsPerDay, dayCount }: DaySeries,
  pattern: MeanPattern,
  groupOf: (unit: number) => number,
) {
  const cells = GROUP_COUNTS[pattern.alike] * unitsPerDay;
  const sums = new Float64Array(cells);
  const weights = new Float64Array(cells);
  const kept = pattern.keptPerDay;
  const fade = () => {
    for (let cell = 0; cell < cells; cell += 1) {
      sums[cell] = (sums[cell] ?? 0) * kept;
      weights[cell] = (weights[cell] ?? 0) * kept;
    }
  };
  const learn = (unit: number) => {
    const value = values[unit] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    const cell = groupOf(unit) * unitsPerDay + (unit % unitsPerDay);
    sums[cell] = (sums[cell] ?? 0) + value;
    weights[cell] = (weights[cell] ?? 0) + 1;
  };
  return {
    /** Days MUST be learnt in order; one beyond the history only passes time. */
    learnDay(day: number): void {
      fade();
      if (day >= dayCount) return;
      for (let unit = day * unitsPerDay; unit < (day + 1) * unitsPerDay; unit += 1) learn(unit);
    },
    meanAt(cell: number): number | undefined {
      const weight = weights[cell] ?? 0;
      return weight < WEIGHT_MIN ? undefined : (sums[cell] ?? 0) / weight;
    },
  };
}

const GROUP_COUNTS: Record<Alike, number> = { anyDay: 1, sameType: 2, sameWeekday: 7 };

function groupsOf({ weekdays }: DaySeries, alike: Alike): (unit: number) => number {
  switch (alike) {
    case "anyDay":
      return () => 0;
    case "sameType":
      return (unit) => ((weekdays[unit] ?? 0) % 6 === 0 ? 0 : 1);
    case "sameWeekday":
      return (unit) => weekdays[unit] ?? 0;
  }
}

function seasonalMedian(series: DaySeries, dayCount: number, { daysAhead, fallback }: Basis): Float64Array {
  const { values, unitsPerDay } = series;
  const sorted = new Float64Array(dayCount);
  return fallback.map((standIn, unit) => {
    let count = 0;
    for (let back = daysAhead; back < daysAhead + dayCount; back += 1) {
      const value = values[unit - back * unitsPerDay] ?? Number.NaN;
      if (!Number.isNaN(value)) count = insertSorted(sorted, count, value);
    }
    if (count < MEDIAN_VALUES_MIN) return standIn;
    return ((sorted[count >> 1] ?? 0) + (sorted[(count - 1) >> 1] ?? 0)) / 2;
  });
}

/** Insertion beats sorting for a dozen values, and this runs for every unit of a year. Returns the new count. */
function insertSorted(sorted: Float64Array, count: number, value: number): number {
  let place = count;
  for (; place > 0 && (sorted[place - 1] ?? 0) > value; place -= 1) sorted[place] = sorted[place - 1] ?? 0;
  sorted[place] = value;
  return count + 1;
}

/**
 * Mean over neighbouring units with weights that fall in a parabola to zero (Epanechnikov's kernel); at the ends of a
 * day its other end stands in, as days repeat.
 */
function smoothed(values: Float64Array, unitsPerDay: number, hours: number): Float64Array {
  const reach = (2 * hours * unitsPerDay) / HOURS_PER_DAY + 1;
  const radius = Math.min(Math.ceil(reach) - 1, (unitsPerDay - 1) >> 1);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, index) => {
    const distance = (index - radius) / reach;
    return 1 - distance * distance;
  });
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const result = new Float64Array(values.length);
  for (let unit = 0; unit < values.length; unit += 1) {
    const slot = unit % unitsPerDay;
    let sum = 0;
    for (let index = 0; index < kernel.length; index += 1) {
      const neighbour = (slot + index - radius + unitsPerDay) % unitsPerDay;
      sum += (kernel[index] ?? 0) * (values[unit - slot + neighbour] ?? 0);
    }
    result[unit] = sum / total;
  }
  return result;
}
