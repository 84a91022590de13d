/**
 * Bias of the market baselines on days without events: what a method would pay or charge for doing nothing. Judged on
 * weekdays of the last weeks, with a proxy event from 16:00 to 20:00 and an adjustment window from 13:00 to 15:00.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  adjustSameDay,
  type DayHistory,
  DEFAULT_ADJUSTMENT,
  type HistoryBaseline,
  highXofY,
  InsufficientHistoryError,
  tenInTen,
} from "@gridpact/settlement";
import { type References, readReferences, referenceAt } from "./data-folder.ts";
import type { EvalReport } from "./eval-report.ts";
import { responseRows } from "./response.ts";
import { readSeriesTable, type SeriesTable, sumOfColumns } from "./series-table.ts";

const DAY_MS = 86_400_000;
const EVENT_HOURS = [16, 20] as const;
const ADJUSTMENT_HOURS = [13, 15] as const;
/** Baselines count whole units; a thousandth of a watt-hour keeps what rounding adds far below any bias. */
const UNITS_PER_KWH = 1e6;

type JudgedSet = {
  readonly name: string;
  readonly file: string;
  readonly columns?: readonly string[];
  readonly weeks: number;
};

const SETS: readonly JudgedSet[] = [
  { name: "homes", file: "homes/load_kwh_hourly.csv", weeks: 8 },
  { name: "sgsc_homes", file: "sgsc_homes/load_kwh_30min.csv", weeks: 8 },
  { name: "commercial", file: "commercial/load_kwh_hourly.csv", weeks: 8 },
  { name: "lcl_dtou_mean", file: "dr_trial/lcl_dtou_30min.csv", columns: ["mean_kwh"], weeks: 16 },
];

const METHODS: Readonly<Record<string, (input: Parameters<typeof tenInTen>[0]) => HistoryBaseline>> = {
  "10of10": tenInTen,
  high5of10: highXofY,
};

/** One day of one series, ready for the baseline functions. */
type JudgedDay = DayHistory & { readonly isEvent: boolean; readonly adjustmentWh: readonly (bigint | null)[] };

type Bias = { readonly bias: number; readonly cvrmse: number; readonly dayCount: number };

/** Reads every set that the folder holds and judges each method on it. */
export function evaluateBaselines(dataDir: string): EvalReport {
  const references = readReferences(dataDir);
  const rows = SETS.filter(({ file }) => existsSync(join(dataDir, file))).flatMap((set) =>
    setRows(set, readSeriesTable(join(dataDir, set.file)), references),
  );
  return {
    title: "Bias of market baselines on event-free weekdays, 16:00-20:00: (baseline - actual) / actual",
    rows: [...rows, ...responseRows(dataDir)],
    remarks: [
      "abs bias: mean over the series of a set. A reference is the same figure computed by another program.",
      "response: predicted at the midnight before each event; met: within two standard errors of what was measured.",
    ],
  };
}

function setRows(set: JudgedSet, table: SeriesTable, references: References): EvalReport["rows"] {
  const seriesDays = judgedSeries(set, table).map((values) => daysOf(values, table));
  return Object.keys(METHODS).flatMap((method) =>
    [false, true].map((isAdjusted) => {
      const biases = seriesDays.map((days) => biasOf(days, { method, isAdjusted, weeks: set.weeks }));
      const name = isAdjusted ? `${method}+adj` : method;
      return {
        set: set.name,
        method: name,
        series: biases.length,
        days: Math.max(...biases.map(({ dayCount }) => dayCount)),
        "mean bias": mean(biases.map(({ bias }) => bias)),
        "abs bias": mean(biases.map(({ bias }) => Math.abs(bias))),
        "abs bias, reference": referenceAt(references, "mv_baseline", set.name, name, "mean_abs_bias"),
        CVRMSE: mean(biases.map(({ cvrmse }) => cvrmse)),
        "CVRMSE, reference": referenceAt(references, "mv_baseline", set.name, name, "mean", "CVRMSE"),
      };
    }),
  );
}

/** Every series of the set, and their sum where there are several. */
function judgedSeries(set: JudgedSet, table: SeriesTable): Float64Array[] {
  const names = set.columns ?? [...table.columns.keys()];
  const series = names.map((name) => table.columns.get(name) ?? new Float64Array(0));
  return series.length > 1 ? [...series, sumOfColumns(series)] : series;
}

function daysOf(values: Float64Array, table: SeriesTable): JudgedDay[] {
  const unitsPerDay = DAY_MS / table.stepMs;
  const skipped = (DAY_MS - (table.startUnixMs % DAY_MS)) % DAY_MS;
  const tariffs = table.texts.get("tariff");
  const count = Math.floor((values.length - skipped / table.stepMs) / unitsPerDay);
  return Array.from({ length: count }, (_, day) => {
    const first = skipped / table.stepMs + day * unitsPerDay;
    return {
      localDate: new Date(table.startUnixMs + skipped + day * DAY_MS).toISOString().slice(0, 10),
      windowWh: hoursOf(values.subarray(first), table.stepMs, EVENT_HOURS),
      adjustmentWh: hoursOf(values.subarray(first), table.stepMs, ADJUSTMENT_HOURS),
      isEvent: tariffs?.slice(first, first + unitsPerDay).some((tariff) => /high|low/.test(tariff)) ?? false,
    };
  });
}

function hoursOf(day: Float64Array, stepMs: number, [from, to]: readonly [number, number]): (bigint | null)[] {
  const perHour = 3_600_000 / stepMs;
  return Array.from(day.subarray(from * perHour, to * perHour), (kwh) =>
    Number.isNaN(kwh) ? null : BigInt(Math.round(kwh * UNITS_PER_KWH)),
  );
}

function biasOf(days: JudgedDay[], how: { method: string; isAdjusted: boolean; weeks: number }): Bias {
  const judged = days.slice(-7 * how.weeks).filter((day) => isWeekday(day.localDate) && !day.isEvent);
  const pairs = judged.flatMap((day) => {
    const baseline = baselineOf(days, day, how);
    return baseline === null || day.windowWh.includes(null)
      ? []
      : [baseline.map((wh, unit) => ({ baseline: Number(wh), actual: Number(day.windowWh[unit]) }))];
  });
  const units = pairs.flat();
  const actual = units.reduce((sum, unit) => sum + unit.actual, 0);
  const error = units.reduce((sum, unit) => sum + unit.baseline - unit.actual, 0);
  const squared = units.reduce((sum, unit) => sum + (unit.baseline - unit.actual) ** 2, 0);
  const cvrmse = Math.sqrt(squared / units.length) / (actual / units.length);
  return { bias: error / actual, cvrmse, dayCount: pairs.length };
}

function baselineOf(days: JudgedDay[], day: JudgedDay, how: { method: string; isAdjusted: boolean }): bigint[] | null {
  const earlier = days.filter((each) => each.localDate < day.localDate).slice(-90);
  const selection = {
    eventDate: day.localDate,
    eventDates: earlier.filter((each) => each.isEvent).map((each) => each.localDate),
    holidays: [],
  };
  const lengths = { windowLength: day.windowWh.length, adjustmentLength: day.adjustmentWh.length };
  try {
    const found = METHODS[how.method]?.({ history: earlier, selection, ...lengths });
    if (found === undefined) return null;
    if (!how.isAdjusted) return found.baselineWh;
    return adjustSameDay({ ...found, adjustmentActualWh: day.adjustmentWh, rule: DEFAULT_ADJUSTMENT }).baselineWh;
  } catch (error) {
    if (error instanceof InsufficientHistoryError) return null;
    throw error;
  }
}

function isWeekday(localDate: string): boolean {
  const weekday = new Date(`${localDate}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
