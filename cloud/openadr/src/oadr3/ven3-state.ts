import { createHash } from "node:crypto";
import type { RandomSource } from "../clock.ts";
import type { DocumentStore } from "../storage/index.ts";
import type { Event3 } from "./model.ts";
import { type TimelineInterval, timelineOf } from "./timeline.ts";

/** One event as a VEN follows it. */
export interface FollowedEvent {
  readonly event: Event3;
  /** What "now" means in it: when it was first seen. */
  readonly firstSeenUnixMs: number;
  /** Hexadecimal; decides its random offsets, which a change of anything else and a restart leave alone. */
  readonly seed: string;
  /** How many reports of each of its descriptors were sent. */
  readonly sentReports: readonly number[];
}

const IDENTITY = "ven3";
const EVENT = "ven3-event";

/** Everything a 3.1 VEN remembers, for one VTN. */
export class Ven3State {
  readonly #store: DocumentStore;

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  /** The ven object's id at the VTN. */
  get venId(): string | undefined {
    return this.#store.get<string>(IDENTITY, "venId");
  }

  setVenId(venId: string): void {
    this.#store.transaction(() => this.#store.put(IDENTITY, "venId", venId));
  }

  event(id: string): FollowedEvent | undefined {
    return this.#store.get<FollowedEvent>(EVENT, id);
  }

  events(): readonly FollowedEvent[] {
    return this.#store.list<FollowedEvent>(EVENT);
  }

  putEvent(followed: FollowedEvent): void {
    this.#store.put(EVENT, followed.event.id, followed);
  }

  deleteEvent(id: string): void {
    this.#store.delete(EVENT, id);
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work);
  }
}

/** The intervals of an event, the same ones whenever they are computed. */
export function followedTimeline({ event, firstSeenUnixMs, seed }: FollowedEvent): readonly TimelineInterval[] {
  return timelineOf(event, { nowUnixMs: firstSeenUnixMs, random: randomOf(seed) });
}

/** A stream of bytes that the seed determines. */
function randomOf(seed: string): RandomSource {
  let count = 0;
  return {
    bytes(length) {
      count += 1;
      return createHash("sha256").update(`${seed} ${count}`).digest().subarray(0, length);
    },
  };
}
