import { join } from "node:path";
import { nodeDisk, SeededRandom, sleep, wallClock } from "@gridpact/host";
import { MTU_MS, WAL_DIRECTORY } from "@gridpact/loadtest";
import { type Engine, type LoggedEnvelope, openTwinEngine } from "@gridpact/native";
import type { LogCounts } from "./acked-envelopes.ts";
import { HostError, HostProcess } from "./host-process.ts";
import { type KillPoint, killPoint, LOAD_MS_MAX } from "./kill-point.ts";
import { LoadFleet } from "./load-fleet.ts";
import type { SyncHonesty } from "./volatile-disk.ts";

export type CrashOptions = {
  kills: number;
  seed: string;
  /** Honest devices; a forger comes in addition. */
  devices: number;
  engine?: Engine["kind"];
  volatileLog?: SyncHonesty;
};

export type CrashReport = LogCounts & {
  kills: number;
  /** Envelopes that were sent again after a kill. */
  resent: number;
  seed: string;
  engine: Engine["kind"];
  /** The host did something else than to run until it was killed; the counts are of the log as it was then. */
  hostFailure?: string;
};

/** Whether the host kept its promises. */
export function isSound(report: CrashReport): boolean {
  const { lost, storedTwice, misjudged, hostFailure } = report;
  return lost === 0 && storedTwice === 0 && misjudged === 0 && hostFailure === undefined;
}

/** Kills a loaded host again and again, then holds its log against what it had acknowledged. */
export async function runCrashes(
  options: CrashOptions,
  modules: { directory: string; write: (line: string) => void },
): Promise<CrashReport> {
  const run = new CrashRun(options, modules);
  const hostFailure = await run.play();
  return { ...(await run.count()), ...(hostFailure !== undefined && { hostFailure }) };
}

const clock = wallClock();

/** After the last kill everything that is unacknowledged has to be acknowledged within this. */
const DRAIN_MS_MAX = 10_000;

class CrashRun {
  readonly #options: CrashOptions;
  readonly #write: (line: string) => void;
  readonly #directory: string;
  readonly #hostDirectory: string;
  readonly #random: SeededRandom;
  #fleet: LoadFleet | undefined;
  #host: HostProcess | undefined;
  #engine: Engine["kind"] = "twin";
  #kills = 0;

  constructor(options: CrashOptions, modules: { directory: string; write: (line: string) => void }) {
    this.#options = options;
    this.#write = modules.write;
    this.#directory = modules.directory;
    this.#hostDirectory = join(modules.directory, "vn");
    this.#random = new SeededRandom(options.seed);
  }

  /** Plays all lives of the host; returns how it failed, if it did. */
  async play(): Promise<string | undefined> {
    const points = this.#random.fork("kill-points");
    try {
      while (this.#kills < this.#options.kills) {
        // The first life has to come so far that the devices are enrolled.
        await this.#liveAndDie(killPoint(points, { isFirst: this.#fleet === undefined }));
      }
      await this.#liveToTheEnd();
      return undefined;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return error.message;
    } finally {
      if (this.#host?.end() === undefined) await this.#host?.kill();
      await this.#fleet?.disconnect();
    }
  }

  /** The log is read by the twin, whoever wrote it: a native engine cannot cover up for itself. */
  async count(): Promise<CrashReport> {
    const disk = nodeDisk(this.#hostDirectory);
    const engine = await openTwinEngine({ mtuMs: MTU_MS, disk, directory: WAL_DIRECTORY });
    const nothing = { acked: 0, lost: 0, storedTwice: 0, rejected: 0, misjudged: 0 };
    const counts = (await this.#fleet?.acked.reconcile(allRecords(engine))) ?? nothing;
    await engine.close();
    const resent = this.#fleet?.resentCount() ?? 0;
    return { kills: this.#kills, ...counts, resent, seed: this.#options.seed, engine: this.#engine };
  }

  async #liveAndDie(point: KillPoint): Promise<void> {
    const startedAtUnixMs = clock.nowUnixMs();
    const host = this.#start();
    const ackedBefore = this.#ackedCount();
    if (point.phase === "recovery") await host.opening();
    else await this.#load(host, ackedBefore + point.acks);
    await sleep(clock, point.delayMs);
    await host.kill();
    await this.#fleet?.disconnect();
    this.#kills += 1;
    const acked = this.#ackedCount();
    this.#write(
      `kill ${this.#kills}/${this.#options.kills} in ${point.phase}: ${acked - ackedBefore} acked in this life, ` +
        `${acked} in all, ${this.#fleet?.unackedCount()} in flight, ${clock.nowUnixMs() - startedAtUnixMs} ms\n`,
    );
  }

  /** Nobody kills this one: what was in flight at the last kill is acknowledged, and the host ends in good order. */
  async #liveToTheEnd(): Promise<void> {
    const host = this.#start();
    this.#fleet?.drain();
    const { ports } = await host.listening();
    await this.#fleet?.connect(ports.mqtt);
    await this.#until(host, DRAIN_MS_MAX, () => this.#fleet?.unackedCount() === 0);
    const unacked = this.#fleet?.unackedCount() ?? 0;
    if (unacked > 0) throw new HostError(`${unacked} envelopes were not acknowledged within ${DRAIN_MS_MAX} ms`);
    await host.close();
  }

  #start(): HostProcess {
    const { engine, volatileLog } = this.#options;
    this.#host = new HostProcess(
      { dataDirectory: this.#hostDirectory, ...(engine && { engine }), ...(volatileLog && { volatileLog }) },
      this.#directory,
    );
    return this.#host;
  }

  async #load(host: HostProcess, ackedMin: number): Promise<void> {
    const listening = await host.listening();
    this.#engine = listening.engine;
    this.#fleet ??= await LoadFleet.enrol(
      {
        devices: this.#options.devices,
        random: this.#random,
        hostDirectory: this.#hostDirectory,
        directory: join(this.#directory, "devices"),
      },
      listening,
    );
    await this.#fleet.connect(listening.ports.mqtt);
    await this.#until(host, LOAD_MS_MAX, () => this.#ackedCount() >= ackedMin);
  }

  /** Waits until the condition holds, the time is over, or the host is gone. */
  async #until(host: HostProcess, delayMsMax: number, isReached: () => boolean): Promise<void> {
    let cancel = () => {};
    const over = new Promise<void>((resolve) => {
      const timer = clock.after(delayMsMax, resolve);
      cancel = () => timer.cancel();
    });
    await Promise.race([this.#fleet?.until(isReached), over, host.ended()]);
    cancel();
    this.#fleet?.stopWaiting();
  }

  #ackedCount(): number {
    return this.#fleet?.acked.count() ?? 0;
  }
}

/** Records read at a time; some hundred bytes each. */
const READ_RECORDS_MAX = 4_096;

/** Every record of a log, in order. */
export async function* allRecords(engine: Engine): AsyncIterable<LoggedEnvelope> {
  for (let walSeq = 0n; ; ) {
    const records = await engine.readLog(walSeq, READ_RECORDS_MAX);
    if (records.length === 0) return;
    yield* records;
    walSeq += BigInt(records.length);
  }
}
