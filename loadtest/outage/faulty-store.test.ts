import { VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FaultyStore, STORE_FAULTS } from "./faulty-store.ts";
import { startLineStore } from "./test/line-store.ts";

const LINES = "reading,device=a p=1i 1\nreading,device=a p=1i 2\nreading,device=b p=1i 1\nreading,device=b p=1i 2\n";

let behind: Awaited<ReturnType<typeof startLineStore>>;
let faulty: FaultyStore;
let clock: VirtualClock;

beforeEach(async () => {
  behind = await startLineStore();
  clock = new VirtualClock(0);
  faulty = await FaultyStore.start({ behind: behind.url, clock });
});

afterEach(async () => {
  await faulty.close();
  behind.close();
});

const write = (body = LINES) => fetch(`${faulty.url}/api/v2/write?org=o`, { method: "POST", body });

describe("a store with faults", () => {
  it("passes on what is written while it has none", async () => {
    expect((await write()).status).toBe(204);
    expect(await behind.countReadings()).toBe(4);
    expect(faulty.writes()).toBe(1);
  });

  it.each([
    ["busy", 429],
    ["failing", 503],
  ] as const)("takes nothing while it is %s: %i", async (fault, status) => {
    faulty.break(fault);
    expect((await write()).status).toBe(status);
    expect([await behind.countReadings(), faulty.writes()]).toEqual([0, 0]);
  });

  it("breaks the connection while it is away", async () => {
    faulty.break("away");
    await expect(write()).rejects.toThrow();
    expect(await behind.countReadings()).toBe(0);
  });

  it("takes half of the lines and says that it took none", async () => {
    faulty.break("half");
    expect((await write()).status).toBe(500);
    expect([await behind.countReadings(), faulty.writes()]).toEqual([3, 0]);
    faulty.break(undefined);
    expect((await write()).status).toBe(204);
    expect(await behind.countReadings()).toBe(4);
  });

  it("takes all five seconds later while it is slow", async () => {
    faulty.break("slow");
    const written = write();
    // Nothing fires before the request has come in and set its timer; after that the clock only has to be told.
    let answered: Response | undefined;
    void written.then((response) => {
      answered = response;
    });
    for (let at = 0; answered === undefined; at += 2_500) await clock.advanceTo(at);
    expect(clock.nowUnixMs()).toBeGreaterThanOrEqual(5_000);
    expect((await written).status).toBe(204);
    expect(await behind.countReadings()).toBe(4);
  });

  it.each(STORE_FAULTS)("answers other questions while it is %s", async (fault) => {
    faulty.break(fault);
    expect((await fetch(`${faulty.url}/health`)).status).toBe(204);
  });
});
