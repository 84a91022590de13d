import { newProsumer, type ProsumerState } from "@gridpact/flexibility";
import type { Disk } from "@gridpact/host";
import type { Resource } from "@gridpact/proto";
import { DEVICES_MAX } from "../../enrolment/index.ts";
import { usualReboundPerMille } from "./usual-rebound.ts";

const DIRECTORY = "prosumers";
const SUFFIX = ".json";

/** States kept, one for each device that can be enrolled; at some kilobytes each they fit in memory. */
export const PROSUMERS_MAX = DEVICES_MAX;

/**
 * The agent states of a node's prosumers, one file each, all in memory for reading. A change is visible only once it is
 * durable. At the bound a further prosumer is treated as new each time: it is served, but not remembered.
 */
export class ProsumerBook {
  readonly #disk: Disk;
  readonly #states: Map<string, ProsumerState>;
  readonly #countMax: number;
  #forgotten = 0;

  private constructor(disk: Disk, states: Map<string, ProsumerState>, countMax: number) {
    this.#disk = disk;
    this.#states = states;
    this.#countMax = countMax;
  }

  /** Reads every state. One of another format is left out: it is learned again from readings and events. */
  static async open(disk: Disk, countMax: number = PROSUMERS_MAX): Promise<ProsumerBook> {
    const states = new Map<string, ProsumerState>();
    for (const name of await disk.list(DIRECTORY)) {
      const bytes = await disk.read(`${DIRECTORY}/${name}`);
      const state = bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as ProsumerState);
      if (state?.formatVersion === 1) states.set(name.slice(0, -SUFFIX.length), state);
    }
    return new ProsumerBook(disk, states, countMax);
  }

  /** In order of ids. */
  list(): ProsumerState[] {
    return [...this.#states.keys()].sort().map((id) => this.#states.get(id) as ProsumerState);
  }

  find(deviceId: string): ProsumerState | undefined {
    return this.#states.get(deviceId);
  }

  /** What is known of a device; a new state for one of which nothing is known. */
  stateOf(deviceId: string, resources: readonly Resource[] = []): ProsumerState {
    return this.#states.get(deviceId) ?? newProsumer(deviceId, usualReboundPerMille(resources));
  }

  /** Changes that could not be kept since the start, as there are as many states as there may be. */
  forgotten(): number {
    return this.#forgotten;
  }

  /** Keeps a changed state; one that is kept already changes nothing. */
  async save(state: ProsumerState): Promise<void> {
    const { prosumerId } = state;
    const known = this.#states.get(prosumerId);
    if (known === state) return;
    if (known === undefined && this.#states.size >= this.#countMax) {
      this.#forgotten += 1;
      return;
    }
    await this.#disk.replace(`${DIRECTORY}/${prosumerId}${SUFFIX}`, Buffer.from(JSON.stringify(state)));
    this.#states.set(prosumerId, state);
  }
}
