/** What the homes would have drawn with their storage at rest, by their own rule, or with everything known before. */
import { ReplayMeter } from "@gridpact/edge";
import { loadSolver, planBalance } from "@gridpact/flexibility";
import { HOMES, MTU_MS } from "./balanced-homes.ts";

export type Span = { startUnixMs: number; endUnixMs: number };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WH_PER_KWH = 1_000;
const STEP_HOURS = MTU_MS / HOUR_MS;

/** By the meters of the homes alone: by their own rule from the start on, or resting. Net import by unit, kWh. */
export async function replayedKwh(span: Span, isRuled: boolean): Promise<Float64Array> {
  const total = new Float64Array((span.endUnixMs - span.startUnixMs) / MTU_MS);
  for (const { load, pv, resources } of HOMES) {
    const site = { load, pv, resources, ...(isRuled && { balancesFromUnixMs: span.startUnixMs }) };
    const meter = new ReplayMeter(site, { startUnixMs: span.startUnixMs, importWh: 0n, exportWh: 0n });
    let beforeWh = 0;
    for (let unit = 0; unit < total.length; unit += 1) {
      const { importWh, exportWh } = await meter.read(span.startUnixMs + (unit + 1) * MTU_MS);
      const netWh = Number(importWh - exportWh);
      total[unit] = (total[unit] ?? 0) + (netWh - beforeWh) / WH_PER_KWH;
      beforeWh = netWh;
    }
  }
  return total;
}

/** The planner's own linear program over the whole span with the truth as its outlook. */
export async function foreseenKwh(span: Span): Promise<Float64Array> {
  const units = Array.from(
    { length: (span.endUnixMs - span.startUnixMs) / MTU_MS },
    (_, unit) => span.startUnixMs + unit * MTU_MS,
  );
  const kwh = (watt: bigint) => (Number(watt) * STEP_HOURS) / WH_PER_KWH;
  const nets = HOMES.map(({ load, pv }) => units.map((unit) => kwh(load.powerWAt(unit) - pv.powerWAt(unit))));
  const sum = (part: (netKwh: number) => number) =>
    units.map((_, unit) => nets.reduce((total, net) => total + part(net[unit] ?? 0), 0));
  const net = sum((each) => each);
  const battery = poolOfHomes();
  const { importKwh, exportKwh } = planBalance(await loadSolver(), {
    outlook: {
      deficitKwh: net.map((each) => Math.max(0, each)),
      surplusKwh: net.map((each) => Math.max(0, -each)),
      memberSurplusKwh: sum((each) => Math.max(0, -each)),
      importWeight: units.map(() => 1),
      day: units.map((unit) => Math.floor((unit - span.startUnixMs) / DAY_MS)),
    },
    stepHours: STEP_HOURS,
    battery,
    storedKwh: battery.energyKwhMax,
    weights: { exportWeight: 0.05, peakWeight: 3 / STEP_HOURS, rampWeight: 0, storedWorth: 0.5 },
  });
  return importKwh.map((each, unit) => each - (exportKwh[unit] ?? 0));
}

/** All batteries as one, as they are modelled: a tenth is their owner's, losses are taken on the way in. */
function poolOfHomes() {
  const batteries = HOMES.flatMap(({ resources }) => resources.filter((spec) => spec.kind === "battery"));
  const sum = (pick: (battery: (typeof batteries)[number]) => bigint) =>
    batteries.reduce((total, battery) => total + Number(pick(battery)) / WH_PER_KWH, 0);
  return {
    energyKwhMax: sum(({ energyWhMax }) => (energyWhMax * 9n) / 10n),
    powerKwMax: sum(({ powerWMax }) => powerWMax),
    chargeEfficiency: Number(batteries[0]?.efficiencyPerMille ?? 1_000n) / 1_000,
    dischargeEfficiency: 1,
  };
}

/** At the feeder: the share of what the roofs made that did not leave it, and the mean of the days' highest imports. */
export function judged(netKwh: Float64Array, span: Span): { selfConsumption: number; meanPeakKw: number } {
  const generatedWattMs = HOMES.reduce(
    (total, { pv }) => total + pv.energyWattMs(span.startUnixMs, span.endUnixMs),
    0n,
  );
  const generatedKwh = Number(generatedWattMs) / HOUR_MS / WH_PER_KWH;
  const sentKwh = netKwh.reduce((total, kwh) => total + Math.max(0, -kwh), 0);
  const dayLength = DAY_MS / MTU_MS;
  const peaks = Array.from({ length: netKwh.length / dayLength }, (_, day) =>
    Math.max(...netKwh.subarray(day * dayLength, (day + 1) * dayLength)),
  );
  const meanPeakKw = peaks.reduce((total, peak) => total + peak, 0) / peaks.length / STEP_HOURS;
  return { selfConsumption: 1 - sentKwh / generatedKwh, meanPeakKw };
}
