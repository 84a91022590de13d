import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreConfig } from "@gridpact/broker";
import { type Latencies, signStock } from "../../src/generator/index.ts";
import { loadDeviceIds } from "../../src/host/index.ts";
import { median, rounded } from "../../src/measure/index.ts";
import { HostUnderLoad, type MeasuredRound } from "./host-under-load.ts";
import { type IngestCase, type IngestSize, POWER_W, START_UNIX_MS, STEP_MS } from "./ingest-size.ts";

/** What is compared: the product with its native engine, and the whole way in JavaScript. */
export const INGEST_HOSTS = ["native", "twin"] as const;

export type IngestHost = (typeof INGEST_HOSTS)[number];

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
  /** The generator's own CPU, which no figure of the host contains. */
  generatorCpuUsPerReading: number;
  /** At 80 % of `ackedEnvelopesPerSecond`, by the clock. */
  at80Percent: { envelopesPerSecond: number; cpuUsPerReading: number; pubackMs: Latencies };
};

export type IngestReport = {
  store: StoreConfig["kind"];
  devices: number;
  rows: IngestRow[];
  /** CPU per reading of the twin, divided by that of the native host, by readings in an envelope. */
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
  progress(`N=${readings}: signing ${size.devices * perRound * (size.rounds + 2)} envelopes`);
  const sha256 = signStock(stockPath, {
    devices: loadDeviceIds(size.devices),
    // Each round, a warm-up before them, and the round at 80 % after them.
    envelopesPerDevice: perRound * (size.rounds + 2),
    readings,
    startUnixMs: START_UNIX_MS,
    stepMs: STEP_MS,
    powerW: POWER_W,
  });
  const loaded: HostUnderLoad[] = [];
  try {
    for (const host of options.hosts) loaded.push(await startHost(host, ingestCase, options, directory));
    const rounds = await playRounds(loaded, ingestCase, options);
    const rows: IngestRow[] = [];
    for (const each of loaded) rows.push(await rowOf(each, ingestCase, rounds.get(each) ?? [], progress));
    return { rows, sha256 };
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
): Promise<Map<HostUnderLoad, MeasuredRound[]>> {
  const rounds = new Map(hosts.map((host) => [host, [] as MeasuredRound[]]));
  for (let round = 0; round <= size.rounds; round++) {
    for (const host of hosts) {
      const envelopes = envelopesOf(host.options.engine, ingestCase);
      const measured = await host.measure({ envelopes, inFlight: size.inFlight });
      const label = `N=${ingestCase.readings} ${host.options.name} ${round === 0 ? "warm-up" : `round ${round}`}`;
      progress(`${label}: ${rounded(cpuUsPerReading(host, measured))} us of CPU a reading`);
      if (round > 0) rounds.get(host)?.push(measured);
    }
  }
  return rounds;
}

function cpuUsPerReading({ options }: HostUnderLoad, { hostCpuSeconds, sent }: MeasuredRound): number {
  return (hostCpuSeconds * 1e6) / (sent * options.readings);
}

async function rowOf(
  host: HostUnderLoad,
  ingestCase: IngestCase,
  rounds: readonly MeasuredRound[],
  progress: (text: string) => void,
): Promise<IngestRow> {
  const { readings, engine } = host.options;
  const middle = (figure: (round: MeasuredRound) => number) => rounded(median(rounds.map(figure)));
  const ackedEnvelopesPerSecond = middle(({ acked, seconds }) => acked / seconds);
  const perSecond = ackedEnvelopesPerSecond * LOAD_SHARE;
  const paced = await host.measure({ envelopes: envelopesOf(engine, ingestCase), perSecond });
  progress(`N=${readings} ${engine} at 80 %: PUBACK p99 ${paced.pubackMs.p99} ms`);
  return {
    host: engine,
    readings,
    rounds: rounds.length,
    cpuUsPerReading: middle((round) => cpuUsPerReading(host, round)),
    verifiedReadingsPerSecondPerCore: middle((round) => 1e6 / cpuUsPerReading(host, round)),
    ackedEnvelopesPerSecond,
    envelopesPerSync: middle(({ sent, batches }) => sent / batches),
    pubackMs: middleLatencies(rounds),
    generatorCpuUsPerReading: middle(({ generatorCpuSeconds, sent }) => (generatorCpuSeconds * 1e6) / sent / readings),
    at80Percent: {
      envelopesPerSecond: rounded(perSecond),
      cpuUsPerReading: rounded(cpuUsPerReading(host, paced)),
      pubackMs: paced.pubackMs,
    },
  };
}

function middleLatencies(rounds: readonly MeasuredRound[]): Latencies {
  const middle = (name: keyof Latencies) => rounded(median(rounds.map(({ pubackMs }) => pubackMs[name])));
  return { p50: middle("p50"), p90: middle("p90"), p99: middle("p99"), max: middle("max") };
}

function ratioOf(readings: number, rows: readonly IngestRow[]): Record<string, number> {
  const cpu = (host: IngestHost) => rows.find((row) => row.host === host)?.cpuUsPerReading;
  const [twin, native] = [cpu("twin"), cpu("native")];
  return twin === undefined || native === undefined ? {} : { [readings]: rounded(twin / native) };
}
