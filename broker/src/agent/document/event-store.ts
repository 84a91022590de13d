import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import type { Assignment, EventDocument } from "./event-document.ts";

const DIRECTORY = "events";
const SUFFIX = ".json";

/** Events kept, all in memory: a finished one takes some kilobytes, and a year of hourly events fits. */
export const EVENTS_MAX = 10_000;

/** Event documents on disk, one file for each request. A change is visible only once it is durable. */
export class EventStore {
  readonly #disk: Disk;
  readonly #events: Map<string, EventDocument>;

  private constructor(disk: Disk, events: Map<string, EventDocument>) {
    this.#disk = disk;
    this.#events = events;
  }

  /** Reads every document; damage is an error, never skipped, since each one stands for money. */
  static async open(disk: Disk): Promise<EventStore> {
    const events = new Map<string, EventDocument>();
    for (const name of await disk.list(DIRECTORY)) {
      const bytes = await disk.read(`${DIRECTORY}/${name}`);
      assert(bytes !== undefined, "a listed document can be read");
      const stored = readUnitJson(Buffer.from(bytes).toString()) as StoredEvent;
      events.set(name.slice(0, -SUFFIX.length), withoutGaps(stored));
    }
    return new EventStore(disk, events);
  }

  /** In order of request ids. */
  list(): EventDocument[] {
    return [...this.#events.keys()].sort().map((id) => this.#events.get(id) as EventDocument);
  }

  canAcceptWork(): boolean {
    return this.#events.size < EVENTS_MAX;
  }

  has(requestId: string): boolean {
    return this.#events.has(requestId);
  }

  async save(event: EventDocument): Promise<void> {
    const { requestId } = event.request;
    await this.#disk.replace(`${DIRECTORY}/${requestId}${SUFFIX}`, Buffer.from(writeUnitJson(event)));
    this.#events.set(requestId, event);
  }
}

/** As agents wrote it that knew of no amendments. */
type StoredEvent = Omit<EventDocument, "amending" | "assignments"> & {
  amending?: EventDocument["amending"];
  assignments: (Omit<Assignment, "amendment"> & { amendment?: Assignment["amendment"] })[];
};

function withoutGaps({ amending = null, assignments, ...event }: StoredEvent): EventDocument {
  return { ...event, amending, assignments: assignments.map((each) => ({ amendment: null, ...each })) };
}
