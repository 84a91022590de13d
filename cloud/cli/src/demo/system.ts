import { mkdirSync, writeFileSync } from "node:fs";
import { type Clock, sleep, wallClock } from "@gridpact/host";
import { CliError } from "../cli-error.ts";
import { takeEndedFleet } from "../parts/ended-fleet.ts";
import type { FleetStatus } from "../parts/fleet-status.ts";
import type { OpenAdrProfile } from "../parts/openadr-state.ts";
import { Child } from "../process/child.ts";
import type { DataDirectory } from "../process/data-directory.ts";
import { awaitRunFile, clearRunFile, clearRunFiles, readRunFile } from "../process/run-file.ts";
import { VN_IDS } from "../wiring/market.ts";

/** How often a state is looked at again, by the machine's clock. */
const LOOK_AGAIN_AFTER_MS = 100;

/** A whole fleet starts, back-fills and is anchored within this on a slow machine without the native module. */
const READY_MS_MAX = 180_000;

export type SystemOptions = {
  data: DataDirectory;
  operatorPort: number;
  /** The profile of OpenADR that requests travel by. */
  profile: OpenAdrProfile;
  influxdbUrl?: string;
  /** By which parts are waited for; the machine's own when left out. */
  wall?: Clock;
};

/** All parts of the demonstration as processes of their own. */
export class System {
  readonly #options: SystemOptions;
  readonly #children: Child[] = [];
  readonly #wall: Clock;
  #failure: CliError | undefined;

  constructor(options: SystemOptions) {
    this.#options = options;
    this.#wall = options.wall ?? wallClock();
    mkdirSync(options.data.at("logs"), { recursive: true });
    clearRunFiles(options.data);
  }

  /** Starts ledger, DSO, aggregator and virtual nodes, each when the one before can be reached. */
  async startServers(): Promise<void> {
    const { operatorPort, influxdbUrl, profile } = this.#options;
    const openadr = ["--openadr", profile];
    this.#spawn("ledger", ["ledger"]);
    await this.#announced("ledger");
    this.#spawn("dso", ["dso", ...openadr]);
    await this.#announced("dso");
    this.#spawn("aggregator", ["aggregator", "--dso", ...openadr, "--operator-port", String(operatorPort)]);
    await this.#announced("aggregator");
    const store = influxdbUrl === undefined ? [] : ["--influxdb", influxdbUrl];
    for (const vnId of VN_IDS) this.#spawn(`vn-${vnId}`, ["vn", vnId, ...openadr, ...store]);
    for (const vnId of VN_IDS) await this.#announced(`vn-${vnId}`);
  }

  /** Starts the FEIDs, or starts them again, with the story's event at the given time. */
  async startFeids(eventStartUnixMs: number | undefined): Promise<void> {
    const { data } = this.#options;
    if (eventStartUnixMs !== undefined) {
      writeFileSync(data.at("story.json"), JSON.stringify({ startUnixMs: eventStartUnixMs }));
    }
    this.#spawn("feids", ["feids"]);
    await this.#announced("feids");
  }

  /** Ends the FEIDs; what they had counted by then, undefined when they had to be killed. */
  async stopFeids(): Promise<FleetStatus | undefined> {
    const index = this.#children.findIndex(({ name }) => name === "feids");
    if (index >= 0) await this.#children.splice(index, 1)[0]?.stop();
    clearRunFile(this.#options.data, "feids");
    return takeEndedFleet(this.#options.data);
  }

  /** Asks again and again until the answer is not undefined. */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const lastUnixMs = this.#wall.nowUnixMs() + READY_MS_MAX;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const found = await look();
      if (found !== undefined) return found;
      if (this.#wall.nowUnixMs() > lastUnixMs) throw new CliError("STORY_LATE", `${what} did not come about in time`);
      await sleep(this.#wall, LOOK_AGAIN_AFTER_MS);
    }
  }

  async fleetStatus(): Promise<FleetStatus> {
    const port = await this.portOf("feids", "status");
    try {
      return (await (await fetch(`http://127.0.0.1:${port}/status`)).json()) as FleetStatus;
    } catch (cause) {
      if (this.#failure !== undefined) throw this.#failure;
      const log = this.#options.data.at("logs", "feids.log");
      throw new CliError("PROCESS_ENDED", `the devices do not answer any more; their log is ${log}`, cause);
    }
  }

  async portOf(part: string, name: string): Promise<number> {
    return (await awaitRunFile(this.#options.data, part)).ports[name] ?? 0;
  }

  /** Ends all parts: devices first, the ledger last, so that nobody loses whom it talks to. */
  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).reverse()) await child.stop();
  }

  #spawn(name: string, args: readonly string[]): void {
    const { data } = this.#options;
    const child = new Child({ name, args: [...args, "--data", data.root], data }, (error) => {
      this.#failure ??= error;
    });
    this.#children.push(child);
  }

  async #announced(part: string): Promise<void> {
    await this.until(part, async () => readRunFile(this.#options.data, part));
  }
}
