import { BulkEvent, enrolMany } from "../bulk-event.ts";
import { Market } from "../market.ts";
import type { CpuMs, ScenarioWorld } from "../world.ts";
import { measured } from "./measured-world.ts";

/** As `npm run bench:ledger` prints it. */
export type SettlementBenchResult = {
  ledger: string;
  feids: number;
  /** Set up, accepted, settled with evidence checked, and paid; without enrolment and metering. */
  seconds: number;
  settledFeidsPerSecond: number;
  transactions: number;
  transactionsPerSecond: number;
  latencyMsP50: number;
  latencyMsP95: number;
  mvccConflicts: number;
  /** Of all processes: client, contracts, peers, orderers. */
  cpuMsPerSettlement: number;
  /** What each step took, by the clock and of the processors, by who used them. */
  stageSeconds: Record<Stage, number>;
  stageCpuMs: Record<Stage, CpuMs>;
  /** Of the last block: so that no work can be left out. */
  headHashHex: string;
};

type Stage = "setUp" | "offer" | "accept" | "settle" | "pay";

/**
 * One event of one virtual node with so many devices, from the aggregator's request to the last prosumer's money.
 * Devices are enrolled before. In between they sign consents and readings, off the clock, as each has a processor.
 * @throws Error when anybody was paid wrongly
 */
export async function benchSettlement(
  plain: ScenarioWorld,
  { feids: count, name }: { feids: number; name: string },
): Promise<SettlementBenchResult> {
  const market = await openMarket(plain, name);
  const feids = await enrolMany(market.market, name, count);
  const { world, measurements } = market;
  measurements.latenciesMs.length = 0;
  measurements.conflicts = 0;
  const event = new BulkEvent(market.market, name, feids);
  const stageSeconds = {} as Record<Stage, number>;
  const stageCpuMs = {} as Record<Stage, CpuMs>;
  const time = async (stage: Stage, act: () => Promise<unknown>) => {
    const cpuBeforeMs = world.cpuMs();
    stageSeconds[stage] = await secondsOf(act);
    stageCpuMs[stage] = difference(world.cpuMs(), cpuBeforeMs);
  };
  await time("setUp", () => event.setUpSc1());
  await time("offer", () => event.offer());
  const consents = event.signConsents();
  await time("accept", () => event.accept(consents));
  await event.meter();
  await time("settle", () => event.settle());
  await time("pay", () => event.complete());
  const wrong = await event.misPaid(0n);
  if (wrong > 0) throw new Error(`${wrong} of ${count} devices were paid wrongly`);
  const seconds = sumOf(Object.values(stageSeconds));
  const { latenciesMs, conflicts } = measurements;
  return {
    ledger: world.name,
    feids: count,
    seconds: rounded(seconds),
    settledFeidsPerSecond: rounded(count / seconds),
    transactions: latenciesMs.length,
    transactionsPerSecond: rounded(latenciesMs.length / seconds),
    latencyMsP50: quantile(latenciesMs, 0.5),
    latencyMsP95: quantile(latenciesMs, 0.95),
    mvccConflicts: conflicts,
    cpuMsPerSettlement: rounded(sumOf(Object.values(stageCpuMs).flatMap((each) => Object.values(each))) / count),
    stageSeconds,
    stageCpuMs,
    headHashHex: Buffer.from((await market.market.auditor.chainInfo()).currentBlockHash).toString("hex"),
  };
}

async function openMarket(plain: ScenarioWorld, name: string) {
  const { world, measurements } = measured(plain);
  const market = new Market(world, `vn-${name}`);
  await market.open();
  return { world, measurements, market };
}

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await act();
  return rounded((performance.now() - startedAtMs) / 1_000);
}

function difference(after: CpuMs, before: CpuMs): CpuMs {
  const entries = Object.entries(after) as [keyof CpuMs, number][];
  return Object.fromEntries(entries.map(([who, ms]) => [who, Math.round(ms - (before[who] ?? 0))]));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return rounded(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
