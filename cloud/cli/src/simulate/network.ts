import { type Clock, type SeededRandom, sleep } from "@gridpact/host";
import { type Incarnation, never } from "./incarnation.ts";

/** How bad the network is; chances in per mille of each message. */
export type NetworkFaults = {
  dropPerMille: number;
  duplicatePerMille: number;
  reorderPerMille: number;
  /** Largest delay of an ordinary message. */
  delayMsMax: number;
};

/** Nothing is lost, but messages may still overtake each other within the 20 ms. */
export const PERFECT_NETWORK: NetworkFaults = {
  dropPerMille: 0,
  duplicatePerMille: 0,
  reorderPerMille: 0,
  delayMsMax: 20,
};

/** A reordered message is late by up to this: later than several that were sent after it. */
const REORDER_DELAY_MS_MAX = 30_000;

/** A caller that hears nothing gives up after this. */
const TIMEOUT_MS = 5_000;

/** The other side did not answer; whether it acted is unknown. */
export class NetworkError extends Error {
  readonly code = "NETWORK_LOST";

  constructor() {
    super("no answer over the simulated network");
    this.name = "NetworkError";
  }
}

/** `delayMs` is at least 1: an answer in the same instant would not be one over a network. */
export type Fate = { isDropped: boolean; isDuplicated: boolean; delayMs: number };

/** Decides by seed what becomes of each message. */
export class SimulatedNetwork {
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  readonly #faults: NetworkFaults;

  constructor(random: SeededRandom, clock: Clock, faults: NetworkFaults) {
    this.#random = random;
    this.#clock = clock;
    this.#faults = faults;
  }

  fate(): Fate {
    const { dropPerMille, duplicatePerMille, reorderPerMille, delayMsMax } = this.#faults;
    const isLate = this.#random.chance(reorderPerMille);
    return {
      isDropped: this.#random.chance(dropPerMille),
      isDuplicated: this.#random.chance(duplicatePerMille),
      delayMs: 1 + this.#random.below(isLate ? REORDER_DELAY_MS_MAX : delayMsMax),
    };
  }

  /**
   * A request and its answer. Either may be lost, and the request may arrive twice. When the caller has died meanwhile
   * the promise stays open for ever, as its process is gone.
   * @throws NetworkError when no answer comes.
   */
  async call<T>(caller: Incarnation, act: () => Promise<T>): Promise<T> {
    const request = this.fate();
    await sleep(this.#clock, request.delayMs);
    if (request.isDropped) return this.#timeOut(caller);
    if (request.isDuplicated) await act().catch(() => undefined);
    const outcome = await act().then(
      (value) => ({ ok: true as const, value }),
      (error: unknown) => ({ ok: false as const, error }),
    );
    const answer = this.fate();
    await sleep(this.#clock, answer.delayMs);
    if (answer.isDropped) return this.#timeOut(caller);
    if (!caller.isAlive()) return never();
    if (!outcome.ok) throw outcome.error;
    return outcome.value;
  }

  async #timeOut(caller: Incarnation): Promise<never> {
    await sleep(this.#clock, TIMEOUT_MS);
    if (!caller.isAlive()) return never();
    throw new NetworkError();
  }
}
