import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { drRequest } from "../test/agent-bench.ts";
import type { EventDocument } from "./event-document.ts";
import { EventStore } from "./event-store.ts";

function event(requestId: string): EventDocument {
  return {
    request: drRequest(100n, { requestId }),
    phase: "planned",
    reason: "",
    candidates: [],
    nominatedWh: [10n ** 20n],
    assignments: [],
    amending: null,
    round: 0,
    deliveringPerMille: { a: 0 },
    reports: [{ intervalIndex: 0, deliveredWh: 1n, shortfallWh: 0n }],
    plannedAtUnixMs: 1,
    plannedAtHeight: 2,
  };
}

describe("EventStore", () => {
  it("finds after a power cut what it saved, in order of ids", async () => {
    const disk = new SimulatedDisk(new SeededRandom("events"));
    const store = await EventStore.open(disk);
    await store.save(event("b"));
    await store.save(event("a"));
    disk.crash();
    expect((await EventStore.open(disk)).list()).toEqual([event("a"), event("b")]);
  });

  it("shows no change that the disk refused", async () => {
    const disk = new SimulatedDisk(new SeededRandom("events"));
    const store = await EventStore.open(disk);
    disk.setFault("ENOSPC");
    await expect(store.save(event("a"))).rejects.toThrow("ENOSPC");
    expect(store.has("a")).toBe(false);
  });

  it("refuses to open over a damaged document", async () => {
    const disk = new SimulatedDisk(new SeededRandom("events"));
    await disk.replace("events/a.json", Buffer.from("{"));
    await expect(EventStore.open(disk)).rejects.toThrow(SyntaxError);
  });
});
