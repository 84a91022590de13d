/**
 * Cost of one envelope and of one reading through each engine, in two sizes: `node native/bench/engine.bench.ts`
 * runs the tiny one, `--large` the one whose numbers mean something. The printed hash covers all outcomes, so that
 * the work cannot be skipped and both engines can be compared.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import { type BatchOutcome, type Engine, LINES_BYTES_MIN, type ReceivedEnvelope } from "../src/engine.ts";
import { openEngine } from "../src/open-engine.ts";
import { DAY_UNIX_MS, DeviceFixture } from "../test/device-fixture.ts";

/** `batches` of `envelopesPerBatch` each, over `devices` in turn. */
export type BenchSize = { devices: number; envelopesPerBatch: number; batches: number };

const READINGS_PER_ENVELOPE = [1, 10, 60] as const;
export const TINY: BenchSize = { devices: 4, envelopesPerBatch: 16, batches: 2 };
const LARGE: BenchSize = { devices: 200, envelopesPerBatch: 1_000, batches: 5 };

/** One engine with one size of envelope; equal `resultHash` says that both engines gave the same outcomes. */
export type BenchRow = {
  engine: string;
  readingsPerEnvelope: number;
  /** CPU of all threads; what a virtual node pays. */
  cpuUsPerEnvelope: number;
  /** With the wait for the disk. */
  wallUsPerEnvelope: number;
  resultHash: string;
};

/** Runs each engine that is there with 1, 10 and 60 readings an envelope. */
export async function benchEngines(size: BenchSize): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const readingsPerEnvelope of READINGS_PER_ENVELOPE) {
    const stream = signedStream(size, readingsPerEnvelope);
    for (const kind of ["native", "twin"] as const)
      rows.push(...(await benchEngine(kind, stream, readingsPerEnvelope)));
  }
  return rows;
}

type Stream = { devices: DeviceFixture[]; batches: ReceivedEnvelope[][] };

function signedStream({ devices: count, envelopesPerBatch, batches }: BenchSize, readings: number): Stream {
  const devices = Array.from({ length: count }, (_, index) => new DeviceFixture(`home-${index}`));
  const batch = () =>
    Array.from({ length: envelopesPerBatch }, (_, index) => (devices[index % count] as DeviceFixture).next(readings));
  return { devices, batches: Array.from({ length: batches }, batch) };
}

async function benchEngine(kind: Engine["kind"], stream: Stream, readingsPerEnvelope: number): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-bench-"));
  try {
    return [await measure(kind, stream, readingsPerEnvelope, directory)];
  } catch (error) {
    if ((error as { code?: string }).code === "NATIVE_ENGINE_MISSING") return [];
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  kind: Engine["kind"],
  stream: Stream,
  readingsPerEnvelope: number,
  directory: string,
): Promise<BenchRow> {
  const engine = await openEngine({ kind, directoryPath: join(directory, "wal"), mtuMs: 900_000 });
  engine.enrol(stream.devices.map((device) => device.enrolled()));
  const hash = createHash("sha256");
  // Each batch can be accepted only once, so one iteration is the whole stream and there is no warm-up.
  const bench = new Bench({ iterations: 1, time: 0, warmup: false });
  bench.add(kind, async () => {
    for (const batch of stream.batches) hashOutcome(hash, await engine.submit(batch, DAY_UNIX_MS + 1e9));
    await hashLines(hash, engine);
  });
  const cpuBefore = process.cpuUsage();
  const [task] = await bench.run();
  const cpu = process.cpuUsage(cpuBefore);
  await engine.close();
  const result = task?.result;
  if (result?.state !== "completed") throw new Error(`${kind}: the bench did not complete`);
  const envelopes = stream.batches.flat().length;
  return {
    engine: kind,
    readingsPerEnvelope,
    cpuUsPerEnvelope: (cpu.user + cpu.system) / envelopes,
    wallUsPerEnvelope: (result.latency.mean * 1_000) / envelopes,
    resultHash: hash.digest("hex").slice(0, 16),
  };
}

function hashOutcome(hash: ReturnType<typeof createHash>, outcome: BatchOutcome): void {
  hash.update(outcome.verdicts);
  for (const { leafHash } of outcome.envelopes) hash.update(leafHash);
}

/** As a store takes them. */
async function hashLines(hash: ReturnType<typeof createHash>, engine: Engine): Promise<void> {
  const into = new Uint8Array(LINES_BYTES_MIN);
  for (let from = 0n; ; ) {
    const { sizeBytes, nextWalSeq } = await engine.loggedLines(from, into);
    if (nextWalSeq === from) return;
    hash.update(into.subarray(0, sizeBytes));
    from = nextWalSeq;
  }
}

async function main(): Promise<void> {
  for (const row of await benchEngines(process.argv.includes("--large") ? LARGE : TINY)) {
    const { engine, readingsPerEnvelope, cpuUsPerEnvelope, wallUsPerEnvelope, resultHash } = row;
    const perReading = cpuUsPerEnvelope / readingsPerEnvelope;
    const cpu = `CPU ${cpuUsPerEnvelope.toFixed(1)} us/envelope, ${perReading.toFixed(2)} us/reading`;
    const wall = `wall ${wallUsPerEnvelope.toFixed(1)} us/envelope`;
    process.stdout.write(`${engine} N=${readingsPerEnvelope}: ${cpu}; ${wall}; hash ${resultHash}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
