import { join } from "node:path";
import { sleep, wallClock } from "@gridpact/host";
import type { Engine } from "@gridpact/native";
import { POWER_W, START_UNIX_MS, STEP_MS } from "../bench/ingest/ingest-size.ts";
import { type Latencies, Publisher, signStock } from "../src/generator/index.ts";
import { countedByNode, HostProcess, loadDeviceIds, whenStoreHasAll } from "../src/host/index.ts";
import { median, residentBytes, rounded } from "../src/measure/index.ts";
import { FaultyStore, type StoreFault } from "./faulty-store.ts";

/** A fault has to last long enough for a backlog: at least some hundred envelopes of it. */
export type OutageOptions = {
  faults: readonly StoreFault[];
  devices: number;
  /** Readings in an envelope, and envelopes a second of all devices together. */
  readings: number;
  envelopesPerSecond: number;
  /** Of each fault, and of the calm before it. */
  seconds: number;
  engine?: Engine["kind"];
};

/** The InfluxDB behind the faults. */
export type StoreBehind = {
  url: string;
  token: string;
  org: string;
  bucket: string;
  countReadings(): Promise<number>;
};

export type OutagePlace = { directory: string; progress: (text: string) => void };

/** What one kind of fault did, and how the store came back from it. */
export type FaultReport = {
  fault: StoreFault;
  pubackMs: Latencies;
  /** To the median p99 of all calm rounds. */
  pubackP99Ratio: number;
  /** Readings that the store lacked when the fault ended. */
  backlogReadings: number;
  /** From the end of the fault to the first write after it, and from there until the store had everything. */
  noticedSeconds: number;
  drainSeconds: number;
  /** Readings stored a second meanwhile, while ingest went on, to readings sent a second. */
  drainRatio: number;
  /** Most that was resident in the second half of the fault, over the most in the first half. */
  residentGrowthMegabytes: number;
};

/** `sentReadings` are those acknowledged, over all rounds; stored MUST be as many. */
export type OutageReport = {
  engine: Engine["kind"];
  readingsPerSecond: number;
  calmPubackMs: Latencies[];
  faults: FaultReport[];
  sentReadings: number;
  /** Counted by a query at the end. */
  storedReadings: number;
};

/** Between two looks at lag and memory: some looks in the shortest drain, and next to no cost. */
const LOOK_PERIOD_MS = 100;

const BYTES_PER_MEGABYTE = 1_000_000;

/** A round without a fault, one with it, and one in which the store catches up. */
const ROUNDS_PER_FAULT = 3;

/**
 * Breaks the store of one virtual node in each way in turn, while devices send at a steady rate all along, and lets it
 * catch up after each.
 * @throws HostError, ProcessFailedError
 */
export async function runOutage(options: OutageOptions, behind: StoreBehind, place: OutagePlace) {
  const faulty = await FaultyStore.start({ behind: behind.url, clock: wallClock() });
  const parts: { close(): Promise<void> }[] = [faulty];
  try {
    const { host, publisher } = await startParts(options, { ...behind, url: faulty.url }, place, parts);
    return await new Outage(options, { faulty, host, publisher, place }).run(behind);
  } finally {
    for (const part of parts) await part.close();
  }
}

async function startParts(
  { devices, readings, envelopesPerSecond, seconds, faults, engine }: OutageOptions,
  { url, token, org, bucket }: StoreBehind,
  { directory, progress }: OutagePlace,
  parts: { close(): Promise<void> }[],
): Promise<{ host: HostProcess; publisher: Publisher }> {
  const stock = join(directory, "stock");
  const target = join(directory, "target.json");
  const rounds = faults.length * ROUNDS_PER_FAULT;
  const envelopesPerDevice = rounds * envelopesOfRound({ devices, envelopesPerSecond, seconds });
  progress(`signing ${devices * envelopesPerDevice} envelopes`);
  const times = { startUnixMs: START_UNIX_MS, stepMs: STEP_MS, powerW: POWER_W };
  signStock(stock, { devices: loadDeviceIds(devices), envelopesPerDevice, readings, ...times });
  const store = { kind: "influx", url, token, org, bucket } as const;
  const dataDirectory = join(directory, "data");
  const host = await HostProcess.start(
    { dataDirectory, store, devices, targetPath: target, ...(engine && { engine }) },
    { directory, onProgress: progress },
  );
  parts.unshift(host);
  const publisher = await Publisher.open("outage", { stock, target });
  parts.unshift(publisher);
  return { host, publisher };
}

/** Of each device. */
function envelopesOfRound(options: Pick<OutageOptions, "devices" | "envelopesPerSecond" | "seconds">): number {
  return Math.max(1, Math.round((options.envelopesPerSecond * options.seconds) / options.devices));
}

type OutageParts = { faulty: FaultyStore; host: HostProcess; publisher: Publisher; place: OutagePlace };

class Outage {
  readonly #options: OutageOptions;
  readonly #parts: OutageParts;
  #sentReadings = 0;

  constructor(options: OutageOptions, parts: OutageParts) {
    this.#options = options;
    this.#parts = parts;
  }

  async run(behind: StoreBehind): Promise<OutageReport> {
    const { faults, readings, envelopesPerSecond } = this.#options;
    const calmPubackMs: Latencies[] = [];
    const reports: Omit<FaultReport, "pubackP99Ratio">[] = [];
    for (const fault of faults) {
      calmPubackMs.push(await this.#send());
      reports.push(await this.#suffer(fault));
    }
    await whenStoreHasAll(this.#health());
    const calmP99Ms = median(calmPubackMs.map(({ p99 }) => p99));
    return {
      engine: this.#parts.host.engine(),
      readingsPerSecond: envelopesPerSecond * readings,
      calmPubackMs,
      faults: reports.map((report) => ({ ...report, pubackP99Ratio: rounded(report.pubackMs.p99 / calmP99Ms) })),
      sentReadings: this.#sentReadings,
      storedReadings: await behind.countReadings(),
    };
  }

  async #suffer(fault: StoreFault): Promise<Omit<FaultReport, "pubackP99Ratio">> {
    const { faulty, place } = this.#parts;
    faulty.break(fault);
    const resident = this.#watchMemory();
    const pubackMs = await this.#send();
    const residentGrowthMegabytes = await resident();
    place.progress(`${fault}: PUBACK p99 ${pubackMs.p99} ms`);
    faulty.break(undefined);
    const [drained] = await Promise.all([this.#drain(), this.#send()]);
    place.progress(`${fault}: ${drained.backlogReadings} readings caught up with in ${drained.drainSeconds} s`);
    return { fault, pubackMs, residentGrowthMegabytes, ...drained };
  }

  /** One round of all devices; resolves when all of it is acknowledged. */
  async #send(): Promise<Latencies> {
    const { envelopesPerSecond: perSecond, readings } = this.#options;
    const envelopes = envelopesOfRound(this.#options);
    const { acked, pubackMs } = await this.#parts.publisher.publish({ envelopes, perSecond });
    this.#sentReadings += acked * readings;
    return pubackMs;
  }

  /** Follows the store until it lacks nothing. */
  async #drain(): Promise<Pick<FaultReport, "backlogReadings" | "noticedSeconds" | "drainSeconds" | "drainRatio">> {
    const { faulty } = this.#parts;
    const clock = wallClock();
    const { readings, envelopesPerSecond } = this.#options;
    const endedAtUnixMs = clock.nowUnixMs();
    const writesBefore = faulty.writes();
    const backlogReadings = (await countedByNode(this.#health())).storeLag * readings;
    while (faulty.writes() === writesBefore) await sleep(clock, LOOK_PERIOD_MS);
    const noticedAtUnixMs = clock.nowUnixMs();
    const storedBefore = (await countedByNode(this.#health())).storedReadings;
    // Ingest goes on, so something is always on its way: what one write takes is no lag.
    while ((await countedByNode(this.#health())).storeLag > envelopesPerSecond) await sleep(clock, LOOK_PERIOD_MS);
    const stored = (await countedByNode(this.#health())).storedReadings - storedBefore;
    const drainSeconds = (clock.nowUnixMs() - noticedAtUnixMs) / 1_000;
    return {
      backlogReadings,
      noticedSeconds: rounded((noticedAtUnixMs - endedAtUnixMs) / 1_000),
      drainSeconds: rounded(drainSeconds),
      drainRatio: rounded(stored / drainSeconds / (envelopesPerSecond * readings)),
    };
  }

  /** Looks at the host's memory until it is asked: MB of the second half over those of the first. */
  #watchMemory(): () => Promise<number> {
    const clock = wallClock();
    const seen: number[] = [];
    let isOver = false;
    const watch = async () => {
      while (!isOver) {
        seen.push(residentBytes(this.#parts.host.pid()).now);
        await sleep(clock, LOOK_PERIOD_MS);
      }
    };
    const watching = watch();
    return async () => {
      isOver = true;
      await watching;
      const middle = Math.ceil(seen.length / 2);
      const growth = Math.max(...seen.slice(middle), 0) - Math.max(...seen.slice(0, middle), 0);
      return rounded(growth / BYTES_PER_MEGABYTE);
    };
  }

  #health(): number {
    return this.#parts.host.ports().health;
  }
}
