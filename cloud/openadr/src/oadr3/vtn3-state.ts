import type { DocumentStore } from "../storage/index.ts";
import type { Change } from "./change.ts";
import {
  type Event3,
  type Kind,
  OBJECT_TYPES,
  type ObjectOf,
  type Program,
  type Report3,
  type Resource3,
  type Subscription,
  type Ven3,
} from "./model.ts";
import { ObjectTable } from "./object-table.ts";

const CHANGE = "oadr3-change";
const SECRET = "oadr3-secret";

/** Records that are done with wait for company, as each transaction costs a flush of the disk. */
const MAX_FINISHED = 64;

/** Everything a 3.1 VTN remembers. Groups are what access decisions look objects up by. */
export class Vtn3State {
  readonly tables: { readonly [K in Kind]: ObjectTable<ObjectOf[K]> };
  readonly #store: DocumentStore;
  readonly #pending = new Map<number, Change>();
  readonly #finished: Change[] = [];
  readonly #isEveryChangeTold: boolean;
  #nextChange: number;

  constructor(store: DocumentStore, { isEveryChangeTold }: { readonly isEveryChangeTold: boolean }) {
    this.#store = store;
    this.#isEveryChangeTold = isEveryChangeTold;
    this.tables = {
      programs: new ObjectTable<Program>(store, "oadr3-program", ({ programName }) => programName),
      events: new ObjectTable<Event3>(store, "oadr3-event", ({ programID }) => programID),
      reports: new ObjectTable<Report3>(store, "oadr3-report", ({ clientID }) => clientID),
      subscriptions: new ObjectTable<Subscription>(store, "oadr3-subscription", ({ clientID }) => clientID),
      vens: new ObjectTable<Ven3>(store, "oadr3-ven", ({ clientID }) => clientID),
      resources: new ObjectTable<Resource3>(store, "oadr3-resource", ({ venID }) => venID),
    };
    const unsent = store.list<Change>(CHANGE);
    for (const change of unsent) this.#pending.set(change.sequence, change);
    this.#nextChange = (unsent.at(-1)?.sequence ?? 0) + 1;
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
  changes(): IterableIterator<Change> {
    return this.#pending.values();
  }

  /**
   * Records a change in the transaction that makes it: the notification exists exactly when the change does. Where
   * nobody has subscribed there is nobody to tell, and nothing is written. MUST be followed by `applyChange` after the
   * commit.
   */
  storeChange(change: Omit<Change, "sequence">): Change {
    const recorded = { ...change, sequence: this.#nextChange };
    this.#nextChange += 1;
    if (this.#hasSubscribers) this.#store.put(CHANGE, keyOfChange(recorded), recorded);
    return recorded;
  }

  applyChange(change: Change): void {
    if (this.#hasSubscribers) this.#pending.set(change.sequence, change);
  }

  /**
   * Everybody has been told. The record goes with the next transaction: until then a crash only means telling twice.
   */
  finishChange(change: Change): void {
    this.#pending.delete(change.sequence);
    this.#finished.push(change);
    if (this.#finished.length >= MAX_FINISHED || this.#pending.size === 0) this.transaction(() => undefined);
  }

  /** All writes of `work` or none, together with the removal of records that are done with. */
  transaction<T>(work: () => T): T {
    const finished = this.#finished.splice(0);
    return this.#store.transaction(() => {
      for (const change of finished) this.#store.delete(CHANGE, keyOfChange(change));
      return work();
    });
  }

  /** Whether anybody wants to be told of reads, which are otherwise not worth a write to the disk. */
  hasReadSubscribers(kind: Kind): boolean {
    const wanted = OBJECT_TYPES[kind];
    return [...this.tables.subscriptions.values()].some(({ objectOperations }) =>
      objectOperations.some(({ objects, operations }) => operations.includes("READ") && objects.includes(wanted)),
    );
  }

  get #hasSubscribers(): boolean {
    return this.#isEveryChangeTold || this.tables.subscriptions.size > 0;
  }
}

/** Keys sort as text; sixteen digits outlast any VTN. */
function keyOfChange({ sequence }: Change): string {
  return String(sequence).padStart(16, "0");
}
