/**
 * Day-ahead forecasts of the last four weeks: at each midnight the next day is forecast from the data before it, as a
 * virtual node would. Scores as the references define them.
 */
import { forecastSeries, INTERVAL_COVERAGE } from "../src/index.ts";
import { namesAt, type References, readReferences, referenceAt } from "./data-folder.ts";
import type { EvalReport } from "./eval-report.ts";
import { type ForecastCase, readForecastCases } from "./forecast-sets.ts";
import { holidaysOf } from "./holidays.ts";
import { filledGaps } from "./series-table.ts";

const DAY_MS = 86_400_000;
const TEST_DAYS = 28;
/** Days before the test window whose day-to-day change is the unit of the scaled error. */
const SCALE_DAYS = 56;

type Score = {
  readonly mase: number;
  readonly cvrmse: number;
  readonly nmbe: number;
  readonly coverage: number;
  /** Coverage of the units that are not certain: without nights, whose interval is zero and is met for nothing. */
  readonly openCoverage: number;
  readonly cpuMs: number;
};

/** Forecasts every series of the folder and sets the scores beside the best reference of each row. */
export function evaluateForecasts(dataDir: string): EvalReport {
  const references = readReferences(dataDir);
  const scored = readForecastCases(dataDir).map((each) => ({ ...each, score: scoreOf(each) }));
  const rows = [...new Set(scored.map(({ set }) => set))].flatMap((set) => {
    const ofSet = scored.filter((each) => each.set === set);
    const clients = ofSet.filter(({ isSum }) => !isSum).map(({ score }) => score);
    const sums = ofSet.filter(({ isSum }) => isSum).map(({ series, score }) => rowOf(references, set, series, [score]));
    return clients.length === 0 ? sums : [rowOf(references, set, "clients_mean", clients), ...sums];
  });
  return {
    title: "Day-ahead forecasts over the last 28 days, each issued at midnight from the data before it",
    rows,
    remarks: [
      "MASE: mean absolute error / mean change from day to day. CVRMSE: root mean square error / mean. Less is better.",
      `covered: share of values within the ${100 * INTERVAL_COVERAGE} % interval. met: both reach the reference.`,
      "covered, open: the same without units that were rightly forecast to be zero for certain (nights).",
    ],
  };
}

function rowOf(
  references: References,
  set: string,
  series: string,
  scores: readonly Score[],
): EvalReport["rows"][number] {
  const meanOf = (key: keyof Score) => scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
  const best = (key: string) => bestReference(references, set, series, key);
  const [mase, cvrmse, maseBar, cvrmseBar] = [meanOf("mase"), meanOf("cvrmse"), best("MASE"), best("CVRMSE")];
  return {
    set,
    series,
    MASE: mase,
    "MASE, best reference": maseBar,
    CVRMSE: cvrmse,
    "CVRMSE, best reference": cvrmseBar,
    met: maseBar === null || cvrmseBar === null ? null : mase <= maseBar && cvrmse <= cvrmseBar,
    NMBE: meanOf("nmbe"),
    covered: meanOf("coverage"),
    "covered, open": meanOf("openCoverage"),
    "CPU ms/forecast": meanOf("cpuMs"),
  };
}

/** The lowest score that any reference method has on the row. */
function bestReference(references: References, set: string, series: string, key: string): number | null {
  const methods = namesAt(references, "forecast", set, "summary");
  const scores = methods.flatMap((method) => [
    referenceAt(references, "forecast", set, "summary", method, series, key),
    referenceAt(references, "forecast", set, "per_series", method, series, key),
  ]);
  const found = scores.filter((score) => score !== null);
  return found.length === 0 ? null : Math.min(...found);
}

function scoreOf(asked: ForecastCase): Score {
  const unitsPerDay = DAY_MS / asked.stepMs;
  const first = (asked.testStartUnixMs - asked.startUnixMs) / asked.stepMs;
  const days = Math.min(TEST_DAYS, Math.floor((asked.values.length - first) / unitsPerDay));
  const startedAt = process.cpuUsage().user;
  const forecasts = Array.from({ length: days }, (_, day) =>
    dayForecast(asked, first + day * unitsPerDay, unitsPerDay),
  );
  const cpuMs = (process.cpuUsage().user - startedAt) / 1000 / days;
  // The references fill gaps before they score: straight over at most a day, then the last value.
  const actual = filledGaps(asked.values, unitsPerDay);
  const units = forecasts.flatMap((forecast, day) =>
    forecast.expected.map((expected, unit) => {
      const value = actual[first + day * unitsPerDay + unit] ?? Number.NaN;
      const isCovered = value >= (forecast.lower[unit] ?? 0) && value <= (forecast.upper[unit] ?? 0);
      const isCertain = value === 0 && (forecast.upper[unit] ?? 0) === 0 && (forecast.lower[unit] ?? 0) === 0;
      return { value, error: expected - value, isCovered, isCertain };
    }),
  );
  const scale = dayChange(actual.subarray(Math.max(0, first - (SCALE_DAYS + 1) * unitsPerDay), first), unitsPerDay);
  return { ...errorScores(units, scale), cpuMs };
}

function dayForecast(asked: ForecastCase, origin: number, unitsPerDay: number) {
  const { kind, startUnixMs, stepMs, values, drivers } = asked;
  return forecastSeries(
    {
      kind,
      startUnixMs,
      mtuMs: stepMs,
      values: values.subarray(0, origin),
      drivers: drivers.map((driver) => paddedTo(driver.subarray(0, origin + unitsPerDay), origin + unitsPerDay)),
      holidays: holidaysOf({ values: values.subarray(0, origin), startUnixMs, mtuMs: stepMs }),
    },
    { horizonUnits: unitsPerDay },
  );
}

function paddedTo(values: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => values[index] ?? Number.NaN);
}

type JudgedUnit = {
  readonly value: number;
  readonly error: number;
  readonly isCovered: boolean;
  readonly isCertain: boolean;
};

function errorScores(units: readonly JudgedUnit[], scale: number): Omit<Score, "cpuMs"> {
  const judged = units.filter(({ value }) => !Number.isNaN(value));
  const meanOf = (of: (unit: JudgedUnit) => number) => judged.reduce((sum, unit) => sum + of(unit), 0) / judged.length;
  const open = judged.filter(({ isCertain }) => !isCertain);
  const mean = meanOf(({ value }) => value);
  return {
    mase: meanOf(({ error }) => Math.abs(error)) / scale,
    cvrmse: Math.sqrt(meanOf(({ error }) => error ** 2)) / mean,
    nmbe: meanOf(({ error }) => error) / mean,
    coverage: meanOf(({ isCovered }) => (isCovered ? 1 : 0)),
    openCoverage: open.filter(({ isCovered }) => isCovered).length / open.length,
  };
}

function dayChange(values: Float64Array, unitsPerDay: number): number {
  const changes = values.subarray(unitsPerDay).map((value, unit) => Math.abs(value - (values[unit] ?? Number.NaN)));
  const present = changes.filter((change) => !Number.isNaN(change));
  return present.reduce((sum, change) => sum + change, 0) / present.length;
}
