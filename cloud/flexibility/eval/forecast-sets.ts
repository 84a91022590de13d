import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SeriesKind } from "../src/index.ts";
import { type References, readReferences, textAt } from "./data-folder.ts";
import { readSeriesTable, type SeriesTable, sumOfColumns } from "./series-table.ts";

/** One series to be forecast, with what is known ahead about it. */
export type ForecastCase = {
  readonly set: string;
  readonly series: string;
  readonly kind: SeriesKind;
  /** Sums over clients are reported one by one, clients as a mean. */
  readonly isSum: boolean;
  readonly startUnixMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  readonly drivers: readonly Float64Array[];
  readonly testStartUnixMs: number;
};

type SetSource = {
  readonly set: string;
  readonly file: string;
  readonly kind: SeriesKind;
  readonly columns?: readonly string[];
  readonly driversOf?: (dataDir: string, table: SeriesTable) => Float64Array[];
};

const DAY_MS = 86_400_000;
/** The test window when no reference names one: the last four weeks of whole days. */
const TEST_DAYS = 28;
/** Outside the trial there was no price signal: everybody paid the normal price, GBP/kWh. */
const LCL_NORMAL_PRICE = 0.1176;

const HOME_WEATHER = ["temp_fc24h_c", "dhi_fc24h_w_m2", "dni_fc24h_w_m2"];

const SETS: readonly SetSource[] = [
  { set: "homes", file: "homes/load_kwh_hourly.csv", kind: "load", driversOf: homeWeather },
  { set: "homes_pv", file: "homes/pv_kwh_hourly.csv", kind: "generation", driversOf: homeWeather },
  { set: "sgsc_homes", file: "sgsc_homes/load_kwh_30min.csv", kind: "load" },
  { set: "commercial", file: "commercial/load_kwh_hourly.csv", kind: "load" },
  {
    set: "lcl_dtou_mean",
    file: "dr_trial/lcl_dtou_30min.csv",
    kind: "load",
    columns: ["mean_kwh"],
    driversOf: (_, table) => [
      columnOf(table, "temp_c"),
      filled(columnOf(table, "price_gbp_per_kwh"), LCL_NORMAL_PRICE),
    ],
  },
  { set: "uci_household", file: "household/uci_15min.csv", kind: "load", columns: ["p_kw"] },
  ...["1-LV-semiurb4--2-sw", "1-LV-rural1--0-sw"].flatMap((grid): SetSource[] => {
    const source = { set: `grid_totals_${grid}`, file: `grid/${grid}/grid_totals_15min.csv` };
    return [
      { ...source, kind: "load", columns: ["load_kw"] },
      { ...source, kind: "generation", columns: ["pv_gen_kw"] },
      { ...source, kind: "net", columns: ["net_kw"] },
    ];
  }),
  { set: "de_lu_day_ahead", file: "market/de_lu_day_ahead_hourly.csv", kind: "price" },
];

/** Every series of the sets that the folder holds, sums as the references define them included. */
export function readForecastCases(dataDir: string): ForecastCase[] {
  const references = readReferences(dataDir);
  return SETS.filter(({ file }) => existsSync(join(dataDir, file))).flatMap((source) =>
    casesOf(source, dataDir, references),
  );
}

function casesOf(source: SetSource, dataDir: string, references: References): ForecastCase[] {
  const { set, kind } = source;
  const table = readSeriesTable(join(dataDir, source.file));
  const clients = source.columns ?? [...table.columns.keys()];
  const named = (name: string, values: Float64Array, isSum: boolean): ForecastCase => ({
    set,
    series: name,
    kind,
    isSum,
    startUnixMs: table.startUnixMs,
    stepMs: table.stepMs,
    values,
    drivers: source.driversOf?.(dataDir, table) ?? [],
    testStartUnixMs: testStartOf(set, table, references),
  });
  const sums = Object.entries(membersOf(references, set, clients)).map(([name, members]) =>
    named(name, sumOfColumns(members.map((member) => columnOf(table, member))), true),
  );
  // The totals of a grid are sums already, and each has a reference of its own.
  const areTotals = set.startsWith("grid_totals");
  return [...clients.map((name) => named(name, columnOf(table, name), areTotals)), ...sums];
}

/** Sums named by the references; without any, the sum of all clients where there are several. */
function membersOf(references: References, set: string, clients: readonly string[]): Record<string, readonly string[]> {
  const named = (references["forecast"] as References | undefined)?.[set] as References | undefined;
  const aggregates = named?.["aggregates"] as unknown as Record<string, string[]> | null | undefined;
  if (aggregates && Object.keys(aggregates).length > 0) return aggregates;
  return clients.length > 1 ? { ALL: clients } : {};
}

function testStartOf(set: string, table: SeriesTable, references: References): number {
  const named = textAt(references, "forecast", set, "test_start");
  if (named !== null) return Date.parse(`${named.replace(" ", "T")}Z`);
  const length = [...table.columns.values()][0]?.length ?? 0;
  const lastMidnight = Math.floor((table.startUnixMs + length * table.stepMs) / DAY_MS) * DAY_MS;
  return lastMidnight - TEST_DAYS * DAY_MS;
}

/** The columns are forecasts made 24 hours ahead: shifted, a row holds what was known a day before about its hour. */
function homeWeather(dataDir: string): Float64Array[] {
  const path = join(dataDir, "homes/weather_carbon_price_hourly.csv");
  if (!existsSync(path)) return [];
  const weather = readSeriesTable(path);
  const rows = DAY_MS / weather.stepMs;
  return HOME_WEATHER.map((name) => {
    const made = columnOf(weather, name);
    return made.map((_, row) => made[row - rows] ?? Number.NaN);
  });
}

function columnOf(table: SeriesTable, name: string): Float64Array {
  const column = table.columns.get(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}

function filled(values: Float64Array, standIn: number): Float64Array {
  return values.map((value) => (Number.isNaN(value) ? standIn : value));
}
