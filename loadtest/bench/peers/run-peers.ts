import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signStock } from "../../src/generator/index.ts";
import { loadDeviceIds } from "../../src/host/index.ts";
import { median, pairedRatio, rounded } from "../../src/measure/index.ts";
import { POWER_W, START_UNIX_MS, STEP_MS } from "../ingest/ingest-size.ts";
import type { PeerPrograms } from "./peer-programs.ts";
import { STACK_NAMES, type Stack, type StackName, type StoredRound, startStack } from "./stack.ts";

/** See `IngestSize`; one number of envelopes, as both stacks store in the end. */
export type PeersSize = {
  devices: number;
  inFlight: number;
  rounds: number;
  /** Envelopes of each device in a round, by readings in an envelope. */
  cases: { readings: number; envelopes: number }[];
};

export const TINY: PeersSize = { devices: 2, inFlight: 5, rounds: 1, cases: [{ readings: 10, envelopes: 20 }] };

/** A round of the slower stack takes some ten seconds, so that flush intervals do not show. */
export const LARGE: PeersSize = {
  devices: 50,
  inFlight: 50,
  rounds: 5,
  cases: [
    { readings: 1, envelopes: 2_000 },
    { readings: 10, envelopes: 600 },
  ],
};

/** A stack with one size of envelope; a peer may store less than it was sent, and then shows it here. */
export type PeerRow = {
  stack: StackName;
  readings: number;
  rounds: number;
  /** Medians over the rounds. Without the generator. */
  cpuUsPerStoredReading: number;
  storedReadingsPerSecond: number;
  /** Of each round, in their order: stacks are compared round by round. */
  byRound: { cpuUsPerStoredReading: number; storedReadingsPerSecond: number }[];
  /** The same CPU by process, and the generator's beside it. */
  cpuUsByProcess: Record<string, number>;
  sentReadings: number;
  /** Counted by a query at the end, over all rounds. */
  storedReadings: number;
};

/** What `--json` writes, after each case anew. */
export type PeersReport = {
  devices: number;
  rows: PeerRow[];
  /** Gridpact to the peer in the same round, medians, by readings in an envelope: less CPU is better, more stored/s. */
  ratios: Record<string, { cpuPerStoredReading: number; storedPerSecond: number }>;
};

export type PeersOptions = {
  size: PeersSize;
  programs: PeerPrograms;
  progress: (text: string) => void;
  onRows?: (report: PeersReport) => void;
};

/**
 * Sends the same signed envelopes through both stacks, round by round.
 * @throws AssertionError when Gridpact did not store every reading exactly once
 */
export async function runPeers(options: PeersOptions): Promise<PeersReport> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-peers-"));
  const report: PeersReport = { devices: options.size.devices, rows: [], ratios: {} };
  try {
    for (const each of options.size.cases) {
      const rows = await runCase(each, options, join(directory, `${each.readings}`));
      report.rows.push(...rows);
      Object.assign(report.ratios, ratioOf(each.readings, rows));
      options.onRows?.(report);
    }
    return report;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runCase(
  { readings, envelopes }: PeersSize["cases"][number],
  { size, programs, progress }: PeersOptions,
  directory: string,
): Promise<PeerRow[]> {
  const stockPath = `${directory}-stock`;
  const { devices, inFlight, rounds } = size;
  progress(`N=${readings}: signing ${devices * envelopes * (rounds + 1)} envelopes`);
  signStock(stockPath, {
    devices: loadDeviceIds(devices),
    envelopesPerDevice: envelopes * (rounds + 1),
    readings,
    startUnixMs: START_UNIX_MS,
    stepMs: STEP_MS,
    powerW: POWER_W,
  });
  const stacks: Stack[] = [];
  try {
    for (const name of STACK_NAMES) {
      stacks.push(await startStack(name, { devices, stockPath, programs, directory: join(directory, name) }));
    }
    const played = new Map<Stack, StoredRound[]>(stacks.map((stack) => [stack, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const stack of stacks) {
        const stored = await stack.measure({ envelopes, inFlight }, readings);
        progress(describe(stack.name, { readings, round, stored }));
        played.get(stack)?.push(stored);
      }
    }
    const rows: PeerRow[] = [];
    for (const stack of stacks) rows.push(await rowOf(stack, readings, played.get(stack) ?? []));
    return rows;
  } finally {
    for (const stack of stacks) await stack.close();
    rmSync(stockPath);
  }
}

function describe(name: StackName, at: { readings: number; round: number; stored: StoredRound }): string {
  const label = `N=${at.readings} ${name} ${at.round === 0 ? "warm-up" : `round ${at.round}`}`;
  const perSecond = rounded(storedPerSecond(at.stored));
  return `${label}: ${rounded(cpuUs(at.stored))} us of CPU a stored reading, ${perSecond} stored/s`;
}

/** Of all programs between devices and disk. */
function cpuUs({ cpuSeconds, storedReadings }: StoredRound): number {
  const seconds = Object.entries(cpuSeconds).filter(([process]) => process !== "generator");
  return (seconds.reduce((sum, [, each]) => sum + each, 0) * 1e6) / storedReadings;
}

function storedPerSecond({ storedReadings, storedSeconds }: StoredRound): number {
  return storedReadings / storedSeconds;
}

/** The first round warms up what compiles while it runs. */
async function rowOf(stack: Stack, readings: number, played: readonly StoredRound[]): Promise<PeerRow> {
  const rounds = played.slice(1);
  const middle = (figure: (round: StoredRound) => number) => rounded(median(rounds.map(figure)));
  const sentReadings = played.reduce((sum, { sent }) => sum + sent * readings, 0);
  const storedReadings = await stack.influxd.countReadings();
  if (stack.name === "gridpact") assert.equal(storedReadings, sentReadings, "every reading is stored exactly once");
  const processes = Object.keys(played[0]?.cpuSeconds ?? {});
  const byProcess = processes.map((process) => [
    process,
    middle(({ cpuSeconds, storedReadings: stored }) => ((cpuSeconds[process] ?? 0) * 1e6) / stored),
  ]);
  return {
    stack: stack.name,
    readings,
    rounds: rounds.length,
    cpuUsPerStoredReading: middle(cpuUs),
    storedReadingsPerSecond: middle(storedPerSecond),
    byRound: rounds.map((round) => ({
      cpuUsPerStoredReading: rounded(cpuUs(round)),
      storedReadingsPerSecond: rounded(storedPerSecond(round)),
    })),
    cpuUsByProcess: Object.fromEntries(byProcess),
    sentReadings,
    storedReadings,
  };
}

function ratioOf(readings: number, rows: readonly PeerRow[]): PeersReport["ratios"] {
  const [ours, theirs] = STACK_NAMES.map((name) => rows.find(({ stack }) => stack === name)?.byRound);
  if (ours === undefined || theirs === undefined) return {};
  const ratio = (figure: keyof PeerRow["byRound"][number]) =>
    rounded(
      pairedRatio(
        ours.map((round) => round[figure]),
        theirs.map((round) => round[figure]),
      ),
    );
  return {
    [readings]: {
      cpuPerStoredReading: ratio("cpuUsPerStoredReading"),
      storedPerSecond: ratio("storedReadingsPerSecond"),
    },
  };
}
