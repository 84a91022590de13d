import type { Client } from "./clients.ts";
import type { AnyObject, Event3, Kind, ObjectOf, Program } from "./model.ts";
import type { Vtn3State } from "./vtn3-state.ts";

/**
 * Object privacy [OADR3.1 Definition, Object Privacy]: BL sees everything. A VEN sees programs and events without
 * targets or with a target it was granted, and of their targets only those; of the other objects it sees its own.
 */

/** The targets granted to a client through its ven objects and their resources. */
export function grantedTargets(state: Vtn3State, clientId: string): ReadonlySet<string> {
  const vens = state.tables.vens.inGroup(clientId);
  const resources = vens.flatMap(({ id }) => state.tables.resources.inGroup(id));
  return new Set([...vens, ...resources].flatMap(({ targets }) => targets ?? []));
}

/** Decides and shows for one client; made anew for each request, as grants change. */
export class View {
  readonly #client: Client;
  readonly #granted: ReadonlySet<string>;
  readonly #requested: readonly string[] | undefined;

  /** `requested` are the targets of the query: they narrow what a VEN was granted, and filter for BL. */
  constructor(state: Vtn3State, client: Client, requested?: readonly string[]) {
    this.#client = client;
    this.#requested = requested;
    this.#granted = client.role === "bl" ? new Set() : grantedTargets(state, client.clientId);
  }

  /** The object as the client may see it; undefined when it may not. */
  show<K extends Kind>(kind: K, object: ObjectOf[K]): ObjectOf[K] | undefined {
    if (this.#client.role === "bl") return this.#matchesFilter(object) ? object : undefined;
    if (kind === "programs" || kind === "events") return this.#showTargeted(object as Program | Event3) as ObjectOf[K];
    const isOwn = "clientID" in object && object.clientID === this.#client.clientId;
    return isOwn && this.#matchesFilter(object) ? object : undefined;
  }

  #showTargeted(object: Program | Event3): Program | Event3 | undefined {
    const { targets } = object;
    const isOpen = targets === undefined || targets === null || targets.length === 0;
    if (isOpen) return this.#requested === undefined ? object : undefined;
    const requested = this.#requested;
    const shown = targets.filter(
      (target) => this.#granted.has(target) && (requested === undefined || requested.includes(target)),
    );
    return shown.length === 0 ? undefined : { ...object, targets: shown };
  }

  #matchesFilter(object: AnyObject): boolean {
    const requested = this.#requested;
    if (requested === undefined) return true;
    const targets = "targets" in object ? (object.targets ?? []) : [];
    return requested.some((target) => targets.includes(target));
  }
}
