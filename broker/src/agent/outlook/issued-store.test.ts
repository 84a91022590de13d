import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { FORECASTS_KEPT_MAX, OUTLOOKS_KEPT_MAX, openForecasts, openOutlooks } from "./issued-store.ts";
import type { Outlook } from "./outlook.ts";

const outlook = (issuedAtUnixMs: number): Outlook => ({
  issuedAtUnixMs,
  dataUntilUnixMs: 0,
  modelVersion: "patterns",
  inputHashHex: "ab",
  deviceCount: 2,
  summedCount: 2,
  mase: null,
  flags: [],
  forecast: { startUnixMs: 0, mtuMs: 900_000, expectedW: [5], lowerW: [1], upperW: [9] },
});

describe("the store of outlooks", () => {
  it("knows the newest outlook again after a restart", async () => {
    const disk = new SimulatedDisk(new SeededRandom("outlooks"));
    const store = await openOutlooks(disk);
    expect(store.newest()).toBeUndefined();
    await store.add(outlook(9_000));
    await store.add(outlook(10_000));
    const reopened = await openOutlooks(disk);
    expect(reopened.newest()).toEqual(outlook(10_000));
    expect(reopened.issuedAt()).toEqual([9_000, 10_000]);
  });

  it("keeps as many as it may, and lets the oldest go for one more", async () => {
    const disk = new SimulatedDisk(new SeededRandom("outlooks"));
    const store = await openOutlooks(disk);
    for (let issued = 1; issued <= OUTLOOKS_KEPT_MAX; issued += 1) await store.add(outlook(issued));
    expect(await disk.list("outlooks")).toHaveLength(OUTLOOKS_KEPT_MAX);
    await store.add(outlook(OUTLOOKS_KEPT_MAX + 1));
    expect(await disk.list("outlooks")).toHaveLength(OUTLOOKS_KEPT_MAX);
    expect(store.issuedAt()[0]).toBe(2);
  });

  it("refuses an outlook that is not newer", async () => {
    const store = await openOutlooks(new SimulatedDisk(new SeededRandom("outlooks")));
    await store.add(outlook(5));
    await expect(store.add(outlook(5))).rejects.toThrow("one after the other");
  });

  it("keeps a week of forecasts of single prosumers, apart from the outlooks", async () => {
    const disk = new SimulatedDisk(new SeededRandom("outlooks"));
    const store = await openForecasts(disk);
    const issue = { dataUntilUnixMs: 0, modelVersion: "patterns", forecasts: [] };
    for (let issued = 1; issued <= FORECASTS_KEPT_MAX + 1; issued += 1)
      await store.add({ ...issue, issuedAtUnixMs: issued });
    expect(store.issuedAt()).toHaveLength(FORECASTS_KEPT_MAX);
    expect((await openForecasts(disk)).newest()?.issuedAtUnixMs).toBe(FORECASTS_KEPT_MAX + 1);
    expect((await openOutlooks(disk)).newest()).toBeUndefined();
  });
});
