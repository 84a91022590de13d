import { describe, expect, it } from "vitest";
import { clientOf, type Kind, type RequestOf, Vtn3 } from "../src/oadr3/index.ts";
import {
  cancelEvent3,
  change3FromFlags,
  createEvent3,
  event3FromFlags,
  modifyEvent3,
  type Operator3,
} from "../src/run/index.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { HandClock, seededRandom } from "./laboratory.ts";

const bl = clientOf({ clientId: "bl", role: "bl" });
const house = clientOf({ clientId: "house", role: "ven" });

/** An operator and a VEN of one VTN, without a network. */
function start() {
  const store = new SqliteDocumentStore(":memory:");
  const vtn = new Vtn3({ store, clock: new HandClock(), random: seededRandom("vtn") });
  const operator: Operator3 = {
    all: async (kind, query = {}) =>
      vtn.search(bl, kind, {
        matches: (object) => Object.entries(query).every(([name, value]) => (object as never)[name] === value),
      }),
    create: async <K extends Kind>(kind: K, request: RequestOf[K]) => vtn.create(bl, kind, request),
    read: async (kind, id) => vtn.read(bl, kind, id),
    update: async <K extends Kind>(kind: K, id: string, request: RequestOf[K]) => vtn.update(bl, kind, id, request),
    delete: async (kind, id) => vtn.delete(bl, kind, id),
  };
  return { vtn, operator };
}

const terms = event3FromFlags({
  signals: [{ signal: "SIMPLE", level: 1 }],
  start: "2050-01-01T00:00:00Z",
  duration: "PT1H",
});

describe("the operator of a 3.1 VTN", () => {
  it("grants a VEN its own target once, beside what it has, and uses one program", async () => {
    const { vtn, operator } = start();
    const attributes = [{ type: "PLACE", values: ["roof"] }];
    const grant = { objectType: "BL_VEN_REQUEST", clientID: "house", targets: ["east"] } as const;
    const { id } = vtn.create(bl, "vens", { ...grant, venName: "house", attributes });
    const event = await createEvent3(operator, { vens: ["house"], terms });
    const granted = vtn.read(bl, "vens", id);
    expect(granted).toMatchObject({ targets: ["east", id], attributes, venName: "house", clientID: "house" });
    const next = await createEvent3(operator, { vens: [id], terms });
    expect(vtn.read(bl, "vens", id)).toBe(granted);
    expect(next.programID).toBe(event.programID);
    expect(vtn.search(house, "events", {}).map(({ targets }) => targets)).toEqual([[id], [id]]);
    expect(vtn.search(clientOf({ clientId: "stranger", role: "ven" }), "events", {})).toEqual([]);
  });

  it("changes an event and calls it off", async () => {
    const { vtn, operator } = start();
    const { id: venId } = vtn.create(house, "vens", { objectType: "VEN_VEN_REQUEST", venName: "house" });
    const { id } = await createEvent3(operator, { vens: [venId], programName: "P", terms });
    const changed = await modifyEvent3(operator, id, (current) => change3FromFlags(current, { priority: 0 }));
    expect(changed).toMatchObject({ id, priority: 0, targets: [venId], ...terms });
    await cancelEvent3(operator, id);
    expect(vtn.search(bl, "events", {})).toEqual([]);
  });

  it("makes nothing for a VEN that the VTN does not know", async () => {
    const { vtn, operator } = start();
    await expect(createEvent3(operator, { vens: ["nobody"], terms })).rejects.toThrow("no such object");
    expect(vtn.search(bl, "programs", {})).toEqual([]);
  });
});
