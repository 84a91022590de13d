/** Self-balancing of the homes as one virtual node, against no control, a rule and perfect foresight. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BalanceWeights, planBalance, profileOutlook, shareByCapacity } from "../src/balance/index.ts";
import { loadSolver } from "../src/dispatch/index.ts";
import { type Battery, stepBattery } from "../src/resource/index.ts";
import type { EvalReport } from "./eval-report.ts";
import { readSeriesTable, type SeriesTable } from "./series-table.ts";

const DAYS_JUDGED = 56;
const DAY = 24;
const HORIZON = 24;
/** Perfect foresight plans this long, a week at a time: what lies beyond the next days decides nothing today. */
const FORESIGHT_HORIZON = 9 * DAY;
const FORESIGHT_COMMITTED = 7 * DAY;

/** Round trip of 0.9 as in the data's building models, half of the loss each way. */
const EFFICIENCY = Math.sqrt(0.9);

/** A kWh of a day's highest draw counts as much as three kWh drawn: both goals matter, neither swallows the other. */
const WEIGHTS: BalanceWeights = { exportWeight: 0.05, peakWeight: 3, rampWeight: 0, storedWorth: 0.5 };

type Homes = {
  readonly load: readonly Float64Array[];
  readonly pv: readonly Float64Array[];
  readonly batteries: readonly Battery[];
};

/** What each home exchanges with its battery in each hour: charging positive. */
type Controller = (homes: Homes, from: number, to: number) => Promise<Float64Array[]>;

/** @throws Error when a file of `homes/` in the data folder is missing */
export async function evaluateBalance(dataDir: string): Promise<EvalReport> {
  const homes = readHomes(dataDir);
  const hours = homes.load[0]?.length ?? 0;
  const [from, to] = [hours - DAYS_JUDGED * DAY, hours];
  const controllers: Record<string, Controller> = {
    "no control": async () => homes.load.map(() => new Float64Array(to - from)),
    "rule, each home for itself": byRule,
    "ours, receding horizon": byPlan,
    "perfect foresight": byForesight,
  };
  const rows = [];
  for (const [name, controller] of Object.entries(controllers)) {
    const exchange = await controller(homes, from, to);
    rows.push({ controller: name, ...judge(homes, exchange, from) });
  }
  return {
    title: `Self-balancing of ${homes.load.length} homes over their last ${DAYS_JUDGED} days, at the node's boundary`,
    rows,
    remarks: [
      "self-consumption: share of the generation used inside the node. daily peak: mean of the days' highest imports.",
      "Ours sees only the past. Perfect foresight is the same linear program with the true hours ahead.",
    ],
  };
}

function readHomes(dataDir: string): Homes {
  const table = (file: string) => readSeriesTable(join(dataDir, "homes", file));
  const [load, pv, clients] = [
    table("load_kwh_hourly.csv"),
    table("pv_kwh_hourly.csv"),
    join(dataDir, "homes/clients.csv"),
  ];
  if (!existsSync(clients)) throw new Error(`${clients} is missing`);
  const names = [...load.columns.keys()];
  return {
    load: names.map((name) => columnOf(load, name)),
    pv: names.map((name) => columnOf(pv, name)),
    // All homes have the same battery in this data set: 6.4 kWh, 5 kW.
    batteries: names.map(() => ({
      energyKwhMax: 6.4,
      powerKwMax: 5,
      chargeEfficiency: EFFICIENCY,
      dischargeEfficiency: EFFICIENCY,
    })),
  };
}

function columnOf({ columns }: SeriesTable, name: string): Float64Array {
  return (columns.get(name) ?? new Float64Array(0)).map((kwh) => (Number.isNaN(kwh) ? 0 : kwh));
}

/** Charges what the home itself has too much, discharges for what it itself needs. */
async function byRule({ load, pv, batteries }: Homes, from: number, to: number): Promise<Float64Array[]> {
  return batteries.map((battery, home) => {
    let storedKwh = 0;
    return Float64Array.from({ length: to - from }, (_, hour) => {
      const wantedKwh = at(pv[home], from + hour) - at(load[home], from + hour);
      const step = stepBattery(battery, { storedKwh, wantedKwh, stepHours: 1 });
      storedKwh = step.storedKwh;
      return step.exchangedKwh;
    });
  });
}

async function byPlan(homes: Homes, from: number, to: number): Promise<Float64Array[]> {
  const highs = await loadSolver();
  const [load, pv] = [totalOf(homes.load), totalOf(homes.pv)];
  const pool = poolOf(homes.batteries);
  const stored = homes.batteries.map(() => 0);
  const exchange = homes.batteries.map(() => new Float64Array(to - from));
  let drawnKwhMax = 0;
  for (let hour = from; hour < to; hour += 1) {
    if (hour % DAY === 0) drawnKwhMax = 0;
    const profile = { dayLength: DAY, days: 10 };
    // The running hour is measured while it runs; what follows is not known.
    const ahead = (series: Float64Array, days: number) =>
      Float64Array.of(
        at(series, hour),
        ...profileOutlook(series.subarray(0, hour + 1), HORIZON - 1, { ...profile, days }),
      );
    const outlook = outlookOf(ahead(load, 14), ahead(pv, 7), hour);
    const storedKwh = stored.reduce((sum, kwh) => sum + kwh, 0);
    const plan = planBalance(highs, {
      outlook,
      stepHours: 1,
      battery: pool,
      storedKwh,
      weights: WEIGHTS,
      drawnKwhMax,
    });
    const wantedKwh = (plan.chargeKwh[0] ?? 0) - (plan.dischargeKwh[0] ?? 0);
    const done = exchangeShared(homes.batteries, stored, wantedKwh);
    done.forEach((kwh, home) => {
      const own = exchange[home];
      if (own !== undefined) own[hour - from] = kwh;
    });
    const netKwh = at(load, hour) - at(pv, hour) + done.reduce((sum, kwh) => sum + kwh, 0);
    drawnKwhMax = Math.max(drawnKwhMax, netKwh);
  }
  return exchange;
}

/** Charges or discharges all batteries by their share; `stored` is brought up to date. */
function exchangeShared(batteries: readonly Battery[], stored: number[], wantedKwh: number): number[] {
  const sign = Math.sign(wantedKwh);
  const limits = batteries.map((battery, home) => {
    const step = stepBattery(battery, { storedKwh: stored[home] ?? 0, wantedKwh: sign * 1e9, stepHours: 1 });
    return Math.abs(step.exchangedKwh);
  });
  return shareByCapacity(Math.abs(wantedKwh), limits).map((kwh, home) => {
    const battery = batteries[home];
    if (battery === undefined) return 0;
    const step = stepBattery(battery, { storedKwh: stored[home] ?? 0, wantedKwh: sign * kwh, stepHours: 1 });
    stored[home] = step.storedKwh;
    return step.exchangedKwh;
  });
}

async function byForesight(homes: Homes, from: number, to: number): Promise<Float64Array[]> {
  const highs = await loadSolver();
  const [load, pv] = [totalOf(homes.load), totalOf(homes.pv)];
  const pool = poolOf(homes.batteries);
  const exchange = homes.batteries.map(() => new Float64Array(to - from));
  let storedKwh = 0;
  for (let start = from; start < to; start += FORESIGHT_COMMITTED) {
    const end = Math.min(to, start + FORESIGHT_HORIZON);
    const outlook = outlookOf(load.slice(start, end), pv.slice(start, end), start);
    const plan = planBalance(highs, { outlook, stepHours: 1, battery: pool, storedKwh, weights: WEIGHTS });
    for (let hour = start; hour < Math.min(end, start + FORESIGHT_COMMITTED); hour += 1) {
      const [charge, discharge] = [at(plan.chargeKwh, hour - start), at(plan.dischargeKwh, hour - start)];
      storedKwh += charge * EFFICIENCY - discharge / EFFICIENCY;
      for (const own of exchange) own[hour - from] = (charge - discharge) / exchange.length;
    }
  }
  return exchange;
}

function outlookOf(load: Float64Array, pv: Float64Array, firstHour: number) {
  const net = load.map((kwh, step) => kwh - at(pv, step));
  return {
    deficitKwh: net.map((kwh) => Math.max(0, kwh)),
    surplusKwh: net.map((kwh) => Math.max(0, -kwh)),
    importWeight: net.map(() => 1),
    day: net.map((_, step) => Math.floor((firstHour + step) / DAY) - Math.floor(firstHour / DAY)),
  };
}

function poolOf(batteries: readonly Battery[]): Battery {
  const sum = (key: "energyKwhMax" | "powerKwMax") => batteries.reduce((total, battery) => total + battery[key], 0);
  return {
    energyKwhMax: sum("energyKwhMax"),
    powerKwMax: sum("powerKwMax"),
    chargeEfficiency: EFFICIENCY,
    dischargeEfficiency: EFFICIENCY,
  };
}

function totalOf(series: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: series[0]?.length ?? 0 }, (_, hour) =>
    series.reduce((sum, own) => sum + at(own, hour), 0),
  );
}

function at(series: Float64Array | undefined, index: number): number {
  return series?.[index] ?? 0;
}

function judge({ load, pv }: Homes, exchange: readonly Float64Array[], from: number) {
  const [loads, pvs, exchanged] = [totalOf(load), totalOf(pv), totalOf(exchange)];
  const net = exchanged.map((kwh, hour) => at(loads, from + hour) - at(pvs, from + hour) + kwh);
  const sum = (values: Float64Array) => values.reduce((total, kwh) => total + kwh, 0);
  const generated = sum(pvs.subarray(from));
  const peaks = Float64Array.from({ length: net.length / DAY }, (_, day) =>
    Math.max(...net.subarray(day * DAY, (day + 1) * DAY)),
  );
  return {
    "self-consumption": 1 - sum(net.map((kwh) => Math.max(0, -kwh))) / generated,
    "import kWh": sum(net.map((kwh) => Math.max(0, kwh))),
    "daily peak kW": sum(peaks) / peaks.length,
    "highest peak kW": Math.max(...peaks),
  };
}
