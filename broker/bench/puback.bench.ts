/**
 * Acknowledged envelopes a second through the whole way: TLS, packet guard, Aedes, ingest, engine, synced log, and the
 * embedded store behind it. `node broker/bench/puback.bench.ts` runs the tiny size, `--large` the one whose numbers
 * mean something.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeDisk, SeededRandom, silentLog, sleep, wallClock } from "@gridpact/host";
import { type Engine, openEngine } from "@gridpact/native";
import { deviceTopic } from "@gridpact/proto";
import { readVirtualNodeConfig, runVirtualNode } from "../src/index.ts";
import { MeteringDevice, MTU_MS, START_UNIX_MS } from "../test/metering-device.ts";
import { TestOutbox } from "../test/test-outbox.ts";
import type { Stock } from "./publisher.ts";

/** Envelopes of one reading each; `inFlight` is how many a device has unacknowledged at a time. */
export type BenchSize = { devices: number; envelopesPerDevice: number; inFlight: number };

export const TINY: BenchSize = { devices: 2, envelopesPerDevice: 25, inFlight: 5 };
const LARGE: BenchSize = { devices: 50, envelopesPerDevice: 2_000, inFlight: 50 };

export type BenchRow = {
  engine: Engine["kind"];
  acknowledged: number;
  acknowledgedPerSecond: number;
  /** CPU of the virtual node's process, all threads. */
  cpuUsPerEnvelope: number;
  /** Envelopes that shared one sync. */
  envelopesPerBatch: number;
  /** Readings in the store at the end. */
  stored: number;
};

/** Measures one engine; the native one MUST be built for `native`. */
export async function benchPuback(kind: Engine["kind"], size: BenchSize): Promise<BenchRow> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-bench-"));
  try {
    return await measure(kind, size, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(kind: Engine["kind"], size: BenchSize, directory: string): Promise<BenchRow> {
  const engine = await openEngine({ kind, directoryPath: join(directory, "wal"), mtuMs: MTU_MS });
  const config = readVirtualNodeConfig({
    GRIDPACT_VN_ID: "bench",
    GRIDPACT_VN_DATA: directory,
    GRIDPACT_VN_MQTT_PORT: "0",
    GRIDPACT_VN_ENROLMENT_PORT: "0",
    GRIDPACT_VN_HEALTH_PORT: "0",
    // The bound of one device's rate is not what is measured.
    GRIDPACT_VN_PACKETS_PER_SECOND: "1000000",
    GRIDPACT_VN_PACKETS_BURST: "1000000",
  });
  const modules = { clock: wallClock(), random: new SeededRandom("bench"), disk: nodeDisk(directory), engine };
  const running = await runVirtualNode(config, {
    ...modules,
    outbox: new TestOutbox(),
    log: silentLog,
    onFatal: (error) => {
      throw error;
    },
  });
  const devices = Array.from({ length: size.devices }, (_, index) => new MeteringDevice(`meter-${index}`, index + 1));
  const stock: Stock = { port: running.ports.mqtt, caPem: running.caPem, inFlight: size.inFlight, devices: [] };
  for (const device of devices) stock.devices.push(await stockOf(device, size, running));
  const { seconds, cpuUs } = await publishAll(stock);
  const acknowledged = size.devices * size.envelopesPerDevice;
  while ((running.node.counts().store?.lagRecords ?? 0n) > 0n) await sleep(modules.clock, 10);
  const { ingest, store } = running.node.counts();
  await running.close();
  await engine.close();
  return {
    engine: engine.kind,
    acknowledged: ingest.accepted,
    acknowledgedPerSecond: Math.round(acknowledged / seconds),
    cpuUsPerEnvelope: Math.round(cpuUs / acknowledged),
    envelopesPerBatch: Math.round(ingest.received / ingest.batches),
    stored: store?.readings ?? 0,
  };
}

async function stockOf(
  device: MeteringDevice,
  { envelopesPerDevice }: BenchSize,
  { node }: Awaited<ReturnType<typeof runVirtualNode>>,
): Promise<Stock["devices"][number]> {
  const token = await node.issueToken({ deviceId: device.deviceId, feeder: "feeder-1" });
  const outcome = await node.enrol(device.enrolmentRequest(token));
  if (!outcome.isEnrolled) throw new Error(outcome.reason);
  return {
    deviceId: device.deviceId,
    certificatePem: outcome.certificatePem,
    keyPem: device.key.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    topic: deviceTopic(device.deviceId, "reading"),
    envelopes: Array.from({ length: envelopesPerDevice }, (_, index) => device.envelope(START_UNIX_MS + index * 1_000)),
  };
}

/** From the first envelope to the last acknowledgement. */
async function publishAll(stock: Stock): Promise<{ seconds: number; cpuUs: number }> {
  const publisher = fork(fileURLToPath(new URL("publisher.ts", import.meta.url)), { serialization: "advanced" });
  publisher.send(stock);
  await once(publisher, "message");
  const startedAtMs = performance.now();
  const cpu = process.cpuUsage();
  publisher.send("go");
  await once(publisher, "message");
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  publisher.kill();
  return { seconds, cpuUs: used.user + used.system };
}

if (import.meta.filename === process.argv[1]) {
  const size = process.argv.includes("--large") ? LARGE : TINY;
  for (const kind of ["native", "twin"] as const) {
    process.stdout.write(`${JSON.stringify(await benchPuback(kind, size))}\n`);
  }
}
