import { type Clock, SeededRandom } from "@gridpact/host";
import { type Fate, PERFECT_NETWORK, SimulatedNetwork } from "../src/simulate/network.ts";

export const DELAY_MS = 10;

/** A network that does to each message, in their order, what the test says; when that is told, all goes well. */
export class ScriptedNetwork extends SimulatedNetwork {
  readonly #script: Partial<Fate>[];

  constructor(clock: Clock, ...script: Partial<Fate>[]) {
    super(new SeededRandom("unused"), clock, PERFECT_NETWORK);
    this.#script = script;
  }

  override fate(): Fate {
    return { isDropped: false, isDuplicated: false, delayMs: DELAY_MS, ...this.#script.shift() };
  }
}

/** Where a promise stands; one that is open is asked again later. */
export function watch<T>(promise: Promise<T>): { state: "open" | "resolved" | "rejected"; outcome?: unknown } {
  const watched: ReturnType<typeof watch> = { state: "open" };
  promise.then(
    (outcome) => Object.assign(watched, { state: "resolved", outcome }),
    (outcome) => Object.assign(watched, { state: "rejected", outcome }),
  );
  return watched;
}
