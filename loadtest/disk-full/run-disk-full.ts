import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep, wallClock } from "@gridpact/host";
import type { Engine } from "@gridpact/native";
import { POWER_W, START_UNIX_MS, STEP_MS } from "../bench/ingest/ingest-size.ts";
import { accountForLog, type LogAccount } from "../fleet/log-account.ts";
import { Publisher, type RoundResult, signStock } from "../src/generator/index.ts";
import { countedByNode, HostProcess, loadDeviceIds, recordsOf, WAL_DIRECTORY } from "../src/host/index.ts";

/** Together far more than the disk has room for, or it never runs full and the run does not end. */
export type DiskFullOptions = {
  devices: number;
  /** Of each device, one reading each. */
  envelopes: number;
  engine?: Engine["kind"];
};

/** `smallDisk` is the root of a file system that nothing else writes to; `directory` lies on another. */
export type DiskFullPlace = { smallDisk: string; directory: string; progress: (text: string) => void };

/** `main.ts` holds it against what a full disk promises, and exits by that. */
export type DiskFullReport = LogAccount & {
  engine: Engine["kind"];
  sent: number;
  acked: number;
  /** Acknowledged when the disk was full, and some looks later: a full disk acknowledges nothing. */
  acceptedAtFull: number;
  acceptedWhileFull: number;
  /** What `/ready` answered before, while the disk was full, and after room was made. */
  readiness: [before: number, full: number, after: number];
  /** From the moment at which there was room again to the last acknowledgement. */
  resumedSeconds: number;
};

/** Room left beside the ballast: some thousand records. */
const FREE_BYTES = 1 << 20;

const LOOK_PERIOD_MS = 50;

/** Looks at a full disk: a second, in which a virtual node with room acknowledges thousands. */
const LOOKS_WHILE_FULL = 20;

const UNAVAILABLE = 503;

/**
 * Fills a virtual node's disk while devices send, looks at what it says, makes room again, and holds the log against
 * what was acknowledged.
 * @throws HostError, ProcessFailedError
 */
export async function runDiskFull(options: DiskFullOptions, place: DiskFullPlace): Promise<DiskFullReport> {
  const { devices, envelopes, engine } = options;
  const stock = join(place.directory, "stock");
  const target = join(place.directory, "target.json");
  const times = { startUnixMs: START_UNIX_MS, stepMs: STEP_MS, powerW: POWER_W };
  signStock(stock, { devices: loadDeviceIds(devices), envelopesPerDevice: envelopes, readings: 1, ...times });
  const dataDirectory = join(place.smallDisk, "data");
  const host = await HostProcess.start(
    { dataDirectory, store: { kind: "none" }, devices, targetPath: target, ...(engine && { engine }) },
    { directory: place.directory },
  );
  const publisher = await Publisher.open("disk-full", { stock, target });
  const watched = await watchAndClose({ host, publisher }, options, place);
  const sentByDevice = Object.fromEntries(loadDeviceIds(devices).map((deviceId) => [deviceId, envelopes]));
  const account = await accountForLog(recordsOf(join(dataDirectory, WAL_DIRECTORY)), sentByDevice);
  return { ...watched, ...account, engine: host.engine() };
}

type Parts = { host: HostProcess; publisher: Publisher };

type Watched = Omit<DiskFullReport, keyof LogAccount | "engine">;

async function watchAndClose(parts: Parts, options: DiskFullOptions, place: DiskFullPlace): Promise<Watched> {
  try {
    return await fillAndWatch(parts, options, place);
  } finally {
    await parts.publisher.close();
    await parts.host.close();
  }
}

async function fillAndWatch(
  { host, publisher }: Parts,
  { envelopes }: DiskFullOptions,
  { smallDisk, progress }: DiskFullPlace,
): Promise<Watched> {
  const { health } = host.ports();
  const clock = wallClock();
  const accepted = async () => (await countedByNode(health)).accepted;
  const before = await ready(health);
  const ballast = join(smallDisk, "ballast");
  writeFileSync(ballast, Buffer.alloc(Math.max(0, freeBytes(smallDisk) - FREE_BYTES), 1));
  const publishing: Promise<RoundResult> = publisher.publish({ envelopes, inFlight: 20 });
  while ((await ready(health)) !== UNAVAILABLE) await sleep(clock, LOOK_PERIOD_MS);
  const acceptedAtFull = await accepted();
  progress(`full after ${acceptedAtFull} envelopes`);
  let full = UNAVAILABLE;
  for (let look = 0; look < LOOKS_WHILE_FULL; look++) {
    await sleep(clock, LOOK_PERIOD_MS);
    full = Math.min(full, await ready(health));
  }
  const acceptedWhileFull = await accepted();
  rmSync(ballast);
  const roomAtUnixMs = clock.nowUnixMs();
  const { sent, acked } = await publishing;
  const resumedSeconds = (clock.nowUnixMs() - roomAtUnixMs) / 1_000;
  progress(`all ${acked} acknowledged ${resumedSeconds} s after there was room`);
  return {
    sent,
    acked,
    acceptedAtFull,
    acceptedWhileFull,
    readiness: [before, full, await ready(health)],
    resumedSeconds,
  };
}

async function ready(healthPort: number): Promise<number> {
  return (await fetch(`http://127.0.0.1:${healthPort}/ready`)).status;
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
