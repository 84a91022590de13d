import { SeededRandom, type VirtualClock } from "@gridpact/host";
import { clientOf, type Report3, type Role, SqliteDocumentStore, Vtn3 } from "@gridpact/openadr";
import type { Client31 } from "../src/vn-link31.ts";

/** A 3.1 VTN in this process, and clients that see of it what the wire would show them. */
export function openVtn31(clock: VirtualClock) {
  const listeners: ((report: Report3) => void)[] = [];
  const vtn = new Vtn3({
    store: new SqliteDocumentStore(":memory:"),
    clock,
    random: new SeededRandom("vtn"),
    onChange: ({ kind, operation, object }) => {
      if (kind !== "reports" || operation !== "CREATE") return;
      for (const listener of listeners) listener(object as Report3);
    },
  });
  return { vtn, listen: (listener: (report: Report3) => void) => listeners.push(listener) };
}

/** Everything goes through JSON, as on the wire. */
export function clientAt(vtn: Vtn3, clientId: string, role: Role = "ven"): Client31 {
  const client = clientOf({ clientId, role });
  const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
  return {
    all: async (kind, query = {}) => {
      const matches = (object: object) =>
        Object.entries(query).every(([name, value]) => (object as Record<string, unknown>)[name] === value);
      return throughJson(vtn.search(client, kind, { matches }));
    },
    create: async (kind, object) => throughJson(vtn.create(client, kind, throughJson(object))),
  };
}
