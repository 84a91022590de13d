import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreConfig } from "@gridpact/broker";
import { type Latencies, signStock } from "../../src/generator/index.ts";
import { loadDeviceIds } from "../../src/host/index.ts";
import { median, pairedRatio, rounded } from "../../src/measure/index.ts";
import { HostUnderLoad, type MeasuredRound } from "./host-under-load.ts";
import { type IngestCase, type IngestSize, POWER_W, START_UNIX_MS, STEP_MS } from "./ingest-size.ts";

/** What is compared: the product with its native engine, and the whole way in JavaScript. */
export const INGEST_HOSTS = ["native", "twin"] as const;

export type IngestHost = (typeof INGEST_HOSTS)[number];

/** One host with one size of envelope, as docs/performance.md has it. */
export type IngestRow = {
  host: IngestHost;
  /** Readings in an envelope. */
  readings: number;
  rounds: number;
  /** Medians over the rounds, of the host's whole process tree. */
  cpuUsPerReading: number;
  verifiedReadingsPerSecondPerCore: number;
  ackedEnvelopesPerSecond: number;
  envelopesPerSync: number;
  pubackMs: Latencies;
  /** Of each round, in their order: hosts are compared round by round. */
  cpuUsPerReadingByRound: number[];
  /** The generator's own CPU, which no figure of the host contains. */
  generatorCpuUsPerReading: number;
  /** Medians of a round after each of these, at 80 % of what that one acknowledged in a second, by the clock. */
  at80Percent: { envelopesPerSecond: number; cpuUsPerReading: number; pubackMs: Latencies };
};

/** What `--json` writes, after each case anew. */
export type IngestReport = {
  store: StoreConfig["kind"];
  devices: number;
  rows: IngestRow[];
  /** CPU per reading of the twin to that of the native host in the same round, medians, by readings in an envelope. */
  twinToNative: Record<string, number>;
  /** SHA-256 of the envelopes, by readings in an envelope. */
  stocks: Record<string, string>;
};

export type IngestOptions = {
  size: IngestSize;
  hosts: readonly IngestHost[];
  store: StoreConfig;
  /** Told of each step. */
  progress: (text: string) => void;
  /** Told of all rows so far, after each case. */
  onRows?: (report: IngestReport) => void;
};

const LOAD_SHARE = 0.8;

/** As fast as it goes, and right after it at `LOAD_SHARE` of that pace: a machine may be slower a minute later. */
type PlayedRound = { flatOut: MeasuredRound; paced: MeasuredRound };

/**
 * Loads all hosts round by round, one after the other, with the same signed bytes.
 * @throws AssertionError when readings do not add up, ProcessFailedError or HostError when a process fails
 */
export async function runIngest(options: IngestOptions): Promise<IngestReport> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-ingest-"));
  const { devices } = options.size;
  const report: IngestReport = { store: options.store.kind, devices, rows: [], twinToNative: {}, stocks: {} };
  try {
    for (const each of options.size.cases) {
      const { rows, sha256 } = await runCase(each, options, join(directory, `${each.readings}`));
      report.rows.push(...rows);
      report.stocks[each.readings] = sha256;
      Object.assign(report.twinToNative, ratioOf(each.readings, rows));
      options.onRows?.(report);
    }
    return report;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runCase(
  ingestCase: IngestCase,
  options: IngestOptions,
  directory: string,
): Promise<{ rows: IngestRow[]; sha256: string }> {
  const { size, progress } = options;
  const { readings } = ingestCase;
  mkdirSync(directory);
  const stockPath = join(directory, "stock");
  const perRound = Math.max(...options.hosts.map((host) => envelopesOf(host, ingestCase)));
  // Each round has two parts.
  const perDevice = perRound * (size.rounds + 1) * 2;
  progress(`N=${readings}: signing ${size.devices * perDevice} envelopes`);
  const sha256 = signStock(stockPath, {
    devices: loadDeviceIds(size.devices),
    envelopesPerDevice: perDevice,
    readings,
    startUnixMs: START_UNIX_MS,
    stepMs: STEP_MS,
    powerW: POWER_W,
  });
  const loaded: HostUnderLoad[] = [];
  try {
    for (const host of options.hosts) loaded.push(await startHost(host, ingestCase, options, directory));
    const rounds = await playRounds(loaded, ingestCase, options);
    return { rows: loaded.map((each) => rowOf(each, rounds.get(each) ?? [])), sha256 };
  } finally {
    for (const each of loaded) await each.close();
    rmSync(stockPath);
  }
}

function envelopesOf(host: IngestHost, { envelopes }: IngestCase): number {
  return host === "native" ? envelopes.native : envelopes.slow;
}

async function startHost(
  name: IngestHost,
  { readings }: IngestCase,
  { size, store }: IngestOptions,
  directory: string,
): Promise<HostUnderLoad> {
  const own = join(directory, name);
  mkdirSync(own);
  const { devices } = size;
  const stockPath = join(directory, "stock");
  return HostUnderLoad.start({ name, engine: name, store, devices, readings, stockPath, directory: own });
}

/** A warm-up of all, then round by round one host after the other, so that a busy machine disturbs all alike. */
async function playRounds(
  hosts: readonly HostUnderLoad[],
  ingestCase: IngestCase,
  { size, progress }: IngestOptions,
): Promise<Map<HostUnderLoad, PlayedRound[]>> {
  const rounds = new Map(hosts.map((host) => [host, [] as PlayedRound[]]));
  for (let round = 0; round <= size.rounds; round++) {
    for (const host of hosts) {
      const played = await playRound(host, ingestCase, size);
      const label = `N=${ingestCase.readings} ${host.options.name} ${round === 0 ? "warm-up" : `round ${round}`}`;
      const cpuUs = rounded(cpuUsPerReading(host, played.flatOut));
      progress(`${label}: ${cpuUs} us of CPU a reading, PUBACK p99 at 80 % ${played.paced.pubackMs.p99} ms`);
      if (round > 0) rounds.get(host)?.push(played);
    }
  }
  return rounds;
}

async function playRound(host: HostUnderLoad, ingestCase: IngestCase, size: IngestSize): Promise<PlayedRound> {
  const envelopes = envelopesOf(host.options.engine, ingestCase);
  const flatOut = await host.measure({ envelopes, inFlight: size.inFlight });
  const perSecond = LOAD_SHARE * ackedPerSecond(flatOut);
  return { flatOut, paced: await host.measure({ envelopes, perSecond }) };
}

function ackedPerSecond({ acked, seconds }: MeasuredRound): number {
  return acked / seconds;
}

function cpuUsPerReading({ options }: HostUnderLoad, { hostCpuSeconds, sent }: MeasuredRound): number {
  return (hostCpuSeconds * 1e6) / (sent * options.readings);
}

function rowOf(host: HostUnderLoad, played: readonly PlayedRound[]): IngestRow {
  const { readings, engine } = host.options;
  const [rounds, paced] = [played.map(({ flatOut }) => flatOut), played.map((each) => each.paced)];
  const middle = (figure: (round: MeasuredRound) => number) => rounded(median(rounds.map(figure)));
  return {
    host: engine,
    readings,
    rounds: rounds.length,
    cpuUsPerReading: middle((round) => cpuUsPerReading(host, round)),
    verifiedReadingsPerSecondPerCore: middle((round) => 1e6 / cpuUsPerReading(host, round)),
    ackedEnvelopesPerSecond: middle(ackedPerSecond),
    envelopesPerSync: middle(({ sent, batches }) => sent / batches),
    pubackMs: middleLatencies(rounds),
    cpuUsPerReadingByRound: rounds.map((round) => rounded(cpuUsPerReading(host, round))),
    generatorCpuUsPerReading: middle(({ generatorCpuSeconds, sent }) => (generatorCpuSeconds * 1e6) / sent / readings),
    at80Percent: {
      envelopesPerSecond: rounded(median(paced.map(ackedPerSecond))),
      cpuUsPerReading: rounded(median(paced.map((round) => cpuUsPerReading(host, round)))),
      pubackMs: middleLatencies(paced),
    },
  };
}

function middleLatencies(rounds: readonly MeasuredRound[]): Latencies {
  const middle = (name: keyof Latencies) => rounded(median(rounds.map(({ pubackMs }) => pubackMs[name])));
  return { p50: middle("p50"), p90: middle("p90"), p99: middle("p99"), max: middle("max") };
}

function ratioOf(readings: number, rows: readonly IngestRow[]): Record<string, number> {
  const cpu = (host: IngestHost) => rows.find((row) => row.host === host)?.cpuUsPerReadingByRound;
  const [twin, native] = [cpu("twin"), cpu("native")];
  return twin === undefined || native === undefined ? {} : { [readings]: rounded(pairedRatio(twin, native)) };
}
