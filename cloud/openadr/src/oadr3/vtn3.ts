import type { Clock, RandomSource } from "../clock.ts";
import type { DocumentStore } from "../storage/index.ts";
import { View } from "./access.ts";
import type { Change } from "./change.ts";
import type { Client } from "./clients.ts";
import { type AnyObject, type Kind, OBJECT_TYPES, type ObjectOf, type RequestOf } from "./model.ts";
import { completeRequest, requireConsistent } from "./object-rules.ts";
import type { ObjectTable } from "./object-table.ts";
import { Oadr3Refusal } from "./problem.ts";
import { Vtn3State } from "./vtn3-state.ts";

/** All objects are in memory at about 1 kB each; beyond this a VTN needs another design, not another gigabyte. */
export const MAX_OBJECTS_PER_KIND = 200_000;

/** The most a page holds [OADR3.1 `limit`]; also what a page holds when none was asked for. */
export const MAX_PAGE = 50;

/** What to look for. All conditions have to hold; `skip` and `limit` count what the client may see. */
export interface Search<K extends Kind> {
  readonly skip?: number;
  readonly limit?: number;
  readonly targets?: readonly string[];
  /** What an object must have besides. */
  readonly matches?: (object: ObjectOf[K]) => boolean;
}

/** What a VTN lives on: all of it can be replaced, so that a simulation replays byte for byte. */
export interface Vtn3Modules {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Whether changes are recorded for the notifier although nobody subscribed here, as subscribers of a broker do. */
  readonly isEveryChangeTold?: boolean;
  /** Told of each change once it is durable. */
  readonly onChange?: (change: Change) => void;
}

/**
 * A 3.1 VTN without a network. Every method takes the client that asks; each change and the record of its notification
 * are one durable transaction. Throws `Oadr3Refusal` and then has done nothing.
 */
export class Vtn3 {
  readonly state: Vtn3State;
  readonly #modules: Vtn3Modules;
  #counter = 0;

  constructor(modules: Vtn3Modules) {
    this.#modules = modules;
    this.state = new Vtn3State(modules.store, { isEveryChangeTold: modules.isEveryChangeTold === true });
  }

  search<K extends Kind>(
    client: Client,
    kind: K,
    { skip = 0, limit = MAX_PAGE, targets, matches }: Search<K>,
  ): ObjectOf[K][] {
    const view = new View(this.state, client, targets);
    const page: ObjectOf[K][] = [];
    let toSkip = skip;
    for (const object of this.state.tables[kind].values()) {
      if (page.length >= limit) break;
      if (matches?.(object) === false) continue;
      const shown = view.show(kind, object);
      if (shown === undefined) continue;
      if (toSkip > 0) toSkip -= 1;
      else page.push(shown);
    }
    this.#noteReads(kind, page);
    return page;
  }

  /** Throws `Oadr3Refusal` (404) for an object that is absent or hidden. */
  read<K extends Kind>(client: Client, kind: K, id: string): ObjectOf[K] {
    const shown = this.peek(client, kind, id);
    this.#noteReads(kind, [shown]);
    return shown;
  }

  /** Reads for the VTN's own purposes, of which no subscriber is told. Throws like `read`. */
  peek<K extends Kind>(client: Client, kind: K, id: string): ObjectOf[K] {
    const object = this.state.tables[kind].get(id);
    const shown = object === undefined ? undefined : new View(this.state, client).show(kind, object);
    // A hidden object answers as an absent one, or its existence would be told.
    if (shown === undefined) throw new Oadr3Refusal(404, `no such object in ${kind}`);
    return shown;
  }

  create<K extends Kind>(client: Client, kind: K, request: RequestOf[K]): ObjectOf[K] {
    if (this.state.tables[kind].size >= MAX_OBJECTS_PER_KIND) throw new Oadr3Refusal(409, `too many ${kind}`);
    const now = this.#now();
    const object = {
      ...completeRequest(this.state, client, kind, request, undefined),
      id: this.#newId(kind),
      createdDateTime: now,
      modificationDateTime: now,
      objectType: OBJECT_TYPES[kind],
    } as unknown as ObjectOf[K];
    requireConsistent(this.state, client, kind, object);
    this.#change([{ kind, operation: "CREATE", object }]);
    return object;
  }

  update<K extends Kind>(client: Client, kind: K, id: string, request: RequestOf[K]): ObjectOf[K] {
    const known = this.#requireOwn(client, kind, id);
    const object = {
      ...completeRequest(this.state, client, kind, request, known),
      id,
      createdDateTime: known.createdDateTime,
      modificationDateTime: this.#now(),
      objectType: OBJECT_TYPES[kind],
    } as unknown as ObjectOf[K];
    requireConsistent(this.state, client, kind, object);
    this.#change([{ kind, operation: "UPDATE", object }]);
    return object;
  }

  /** Deletes an object and what cannot be without it: a program's events, a ven's resources. */
  delete<K extends Kind>(client: Client, kind: K, id: string): ObjectOf[K] {
    const object = this.#requireOwn(client, kind, id);
    const events = kind === "programs" ? this.state.tables.events.inGroup(id) : [];
    const resources = kind === "vens" ? this.state.tables.resources.inGroup(id) : [];
    this.#change([
      ...events.map((event) => ({ kind: "events", operation: "DELETE", object: event }) as const),
      ...resources.map((resource) => ({ kind: "resources", operation: "DELETE", object: resource }) as const),
      { kind, operation: "DELETE", object },
    ]);
    return object;
  }

  #requireOwn<K extends Kind>(client: Client, kind: K, id: string): ObjectOf[K] {
    this.peek(client, kind, id);
    const object = this.state.tables[kind].get(id);
    if (object === undefined) throw new Oadr3Refusal(404, `no such object in ${kind}`);
    return object;
  }

  /** Tells that objects were read, as they are stored: who is told decides what is shown of them. */
  #noteReads<K extends Kind>(kind: K, shown: readonly ObjectOf[K][]): void {
    if (shown.length === 0 || !this.state.hasReadSubscribers(kind)) return;
    const objects = shown.flatMap(({ id }) => this.state.tables[kind].get(id) ?? []);
    const reads = objects.map((object) => ({ kind, operation: "READ", object }) as const);
    const recorded = this.state.transaction(() => reads.map((read) => this.state.storeChange(read)));
    for (const change of recorded) {
      this.state.applyChange(change);
      this.#modules.onChange?.(change);
    }
  }

  /** Memory follows the disk and never runs ahead of it: a failed transaction leaves both as they were. */
  #change(changes: readonly Omit<Change, "sequence">[]): void {
    const recorded = this.state.transaction(() => changes.map((change) => this.#store(change)));
    for (const change of recorded) {
      this.state.applyChange(change);
      const table = this.#table(change.kind);
      if (change.operation === "DELETE") table.applyDelete(change.object);
      else table.applyPut(change.object);
    }
    for (const change of recorded) this.#modules.onChange?.(change);
  }

  #store(change: Omit<Change, "sequence">): Change {
    const table = this.#table(change.kind);
    if (change.operation === "DELETE") table.storeDelete(change.object);
    else table.storePut(change.object);
    return this.state.storeChange(change);
  }

  /** A change carries the object of its own kind, which the compiler cannot follow through a union. */
  #table(kind: Kind): ObjectTable<AnyObject> {
    return this.state.tables[kind] as unknown as ObjectTable<AnyObject>;
  }

  #now(): string {
    return new Date(this.#modules.clock.nowUnixMs()).toISOString();
  }

  /**
   * Time, a counter and random digits: keys sort by age, so objects are loaded in the order they were made, and nobody
   * can guess the next one.
   */
  #newId(kind: Kind): string {
    this.#counter = (this.#counter + 1) % 0x10000;
    const time = this.#modules.clock.nowUnixMs().toString(16).padStart(12, "0");
    const count = this.#counter.toString(16).padStart(4, "0");
    return `${kind.slice(0, -1)}-${time}-${count}-${Buffer.from(this.#modules.random.bytes(6)).toString("hex")}`;
  }
}
