import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep, wallClock } from "@gridpact/host";
import { Publisher, type Round, type RoundResult } from "../../src/generator/index.ts";
import { HostProcess, loadDeviceIds } from "../../src/host/index.ts";
import { treeCpuSeconds } from "../../src/measure/index.ts";
import { Influxd } from "./influxd.ts";
import { freePort, PeerProcess } from "./peer-process.ts";
import type { PeerPrograms } from "./peer-programs.ts";
import { mosquittoConfig, TELEGRAF_SETTINGS, telegrafConfig, telegrafSchema } from "./telegraf-files.ts";

/** Ours first: ratios are of the first to the second. */
export const STACK_NAMES = ["gridpact", "telegraf"] as const;

export type StackName = (typeof STACK_NAMES)[number];

/** One round of one stack: until InfluxDB has taken every reading. */
export type StoredRound = RoundResult & {
  /** From the first envelope to the last stored reading. */
  storedSeconds: number;
  storedReadings: number;
  /** By process, with all its descendants. */
  cpuSeconds: Record<string, number>;
};

type Closing = { close(): Promise<void> };

/** Programs between devices and an InfluxDB of their own. */
export class Stack {
  readonly name: StackName;
  readonly influxd: Influxd;
  readonly #publisher: Publisher;
  readonly #pids: Record<string, number>;
  /** In the order in which they are closed. */
  readonly #parts: Closing[];

  constructor(name: StackName, parts: { influxd: Influxd; publisher: Publisher; others: Record<string, Part> }) {
    this.name = name;
    this.influxd = parts.influxd;
    this.#publisher = parts.publisher;
    const processes = { ...parts.others, influxd: parts.influxd, generator: parts.publisher };
    this.#pids = Object.fromEntries(Object.entries(processes).map(([process, part]) => [process, part.pid()]));
    this.#parts = [parts.publisher, ...Object.values(parts.others), parts.influxd];
  }

  /**
   * Publishes, and waits until InfluxDB has as many points more as readings were sent, or takes no more: then
   * `storedReadings` says how many are missing.
   */
  async measure(round: Round, readingsOfEnvelope: number): Promise<StoredRound> {
    const pointsBefore = await this.influxd.pointsTaken();
    const cpuBefore = this.#cpu();
    const clock = wallClock();
    const startedAtUnixMs = clock.nowUnixMs();
    const result = await this.#publisher.publish(round);
    const storedReadings = await this.#whenStored(pointsBefore, result.sent * readingsOfEnvelope);
    const storedSeconds = (clock.nowUnixMs() - startedAtUnixMs) / 1_000;
    const cpuAfter = this.#cpu();
    const used = Object.entries(cpuAfter).map(([process, seconds]) => [process, seconds - (cpuBefore[process] ?? 0)]);
    return { ...result, storedSeconds, storedReadings, cpuSeconds: Object.fromEntries(used) };
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.close();
  }

  async #whenStored(before: number, wanted: number): Promise<number> {
    const clock = wallClock();
    for (let last = -1, lastChangeUnixMs = clock.nowUnixMs(); ; ) {
      const stored = (await this.influxd.pointsTaken()) - before;
      if (stored >= wanted) return stored;
      if (stored !== last) lastChangeUnixMs = clock.nowUnixMs();
      else if (clock.nowUnixMs() - lastChangeUnixMs > STANDSTILL_MS) return stored;
      last = stored;
      await sleep(clock, LOOK_PERIOD_MS);
    }
  }

  #cpu(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#pids).map(([process, pid]) => [process, treeCpuSeconds(pid)]));
  }
}

type Part = Closing & { pid(): number };

/** Long against every flush interval and every retry of a busy InfluxDB. */
const STANDSTILL_MS = 20_000;

/** A look costs InfluxDB some ms of CPU, the same in both stacks. */
const LOOK_PERIOD_MS = 100;

/** `directory` is the stack's own, and keeps the output of all of its programs. */
export type StackOptions = {
  devices: number;
  stockPath: string;
  directory: string;
  programs: PeerPrograms;
};

/**
 * Resolves when devices are connected and nothing has been sent.
 * @throws PeerError, HostError, ProcessFailedError, with where the output is
 */
export async function startStack(name: StackName, options: StackOptions): Promise<Stack> {
  mkdirSync(options.directory, { recursive: true });
  const influxd = await Influxd.start(options.programs.influxd, options.directory);
  return name === "gridpact" ? startGridpact(influxd, options) : startTelegraf(influxd, options);
}

async function startGridpact(influxd: Influxd, { directory, devices, stockPath }: StackOptions): Promise<Stack> {
  const { url, token, org, bucket } = influxd;
  const targetPath = join(directory, "target.json");
  const store = { kind: "influx", url, token, org, bucket } as const;
  const host = await HostProcess.start(
    { dataDirectory: join(directory, "data"), store, devices, targetPath },
    { directory },
  );
  const publisher = await Publisher.open("gridpact", { stock: stockPath, target: targetPath });
  return new Stack("gridpact", { influxd, publisher, others: { host } });
}

/** Plain TCP and no identity, which costs mosquitto less than the mutual TLS that Gridpact has. */
async function startTelegraf(influxd: Influxd, options: StackOptions): Promise<Stack> {
  const { directory, devices, stockPath, programs } = options;
  const at = (file: string) => join(directory, file);
  const port = await freePort();
  writeFileSync(at("mosquitto.conf"), mosquittoConfig(port));
  writeFileSync(at("reading.proto"), telegrafSchema());
  writeFileSync(at("telegraf.conf"), telegrafConfig(port, directory, influxd));
  const address = `127.0.0.1:${port}`;
  writeFileSync(at("target.json"), JSON.stringify({ address, devices: loadDeviceIds(devices).map(asMember) }));
  const mosquitto = new PeerProcess("mosquitto", {
    program: programs.mosquitto,
    args: ["-c", at("mosquitto.conf")],
    logPath: at("mosquitto.log"),
  });
  const publisher = await openWhenUp(mosquitto, { stock: stockPath, target: at("target.json") });
  const telegraf = new PeerProcess("telegraf", {
    program: programs.telegraf,
    args: ["--config", at("telegraf.conf")],
    logPath: at("telegraf.log"),
    settings: TELEGRAF_SETTINGS,
  });
  return new Stack("telegraf", { influxd, publisher, others: { mosquitto, telegraf } });
}

function asMember(deviceId: string) {
  return { deviceId, certificatePem: "" };
}

/** mosquitto says nowhere that it listens; that its devices come in says it. */
async function openWhenUp(mosquitto: PeerProcess, files: { stock: string; target: string }): Promise<Publisher> {
  let publisher: Publisher | undefined;
  await mosquitto.until(async () => {
    publisher = await Publisher.open("telegraf", files).catch(() => undefined);
    return publisher !== undefined;
  });
  return publisher as Publisher;
}
