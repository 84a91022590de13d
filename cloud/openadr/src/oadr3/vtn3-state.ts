import type { DocumentStore } from "../storage/index.ts";
import type { Change } from "./change.ts";
import type { Event3, Kind, ObjectOf, Program, Report3, Resource3, Subscription, Ven3 } from "./model.ts";
import { ObjectTable } from "./object-table.ts";

const CHANGE = "oadr3-change";
const SECRET = "oadr3-secret";

/** Everything a 3.1 VTN remembers. Groups are what access decisions look objects up by. */
export class Vtn3State {
  readonly tables: { readonly [K in Kind]: ObjectTable<ObjectOf[K]> };
  readonly #store: DocumentStore;
  #nextChange: number;

  constructor(store: DocumentStore) {
    this.#store = store;
    this.tables = {
      programs: new ObjectTable<Program>(store, "oadr3-program", ({ programName }) => programName),
      events: new ObjectTable<Event3>(store, "oadr3-event", ({ programID }) => programID),
      reports: new ObjectTable<Report3>(store, "oadr3-report", ({ clientID }) => clientID),
      subscriptions: new ObjectTable<Subscription>(store, "oadr3-subscription", ({ clientID }) => clientID),
      vens: new ObjectTable<Ven3>(store, "oadr3-ven", ({ clientID }) => clientID),
      resources: new ObjectTable<Resource3>(store, "oadr3-resource", ({ venID }) => venID),
    };
    this.#nextChange = (this.changes().at(-1)?.sequence ?? 0) + 1;
  }

  /** The key that signs tokens; made on first use and kept, so that tokens outlive a restart. */
  tokenKey(make: () => Uint8Array): Uint8Array {
    const known = this.#store.get<string>(SECRET, "token-key");
    if (known !== undefined) return Buffer.from(known, "hex");
    const made = make();
    this.#store.transaction(() => this.#store.put(SECRET, "token-key", Buffer.from(made).toString("hex")));
    return made;
  }

  /** Changes whose notifications are not all out, oldest first. */
  changes(): readonly Change[] {
    return this.#store.list<Change>(CHANGE);
  }

  /** Records a change in the transaction that makes it: the notification exists exactly when the change does. */
  addChange(change: Omit<Change, "sequence">): Change {
    const recorded = { ...change, sequence: this.#nextChange };
    this.#nextChange += 1;
    this.#store.put(CHANGE, keyOfChange(recorded), recorded);
    return recorded;
  }

  deleteChange(change: Change): void {
    this.#store.transaction(() => this.#store.delete(CHANGE, keyOfChange(change)));
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work);
  }
}

/** Keys sort as text; sixteen digits outlast any VTN. */
function keyOfChange({ sequence }: Change): string {
  return String(sequence).padStart(16, "0");
}
