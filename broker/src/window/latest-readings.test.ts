import { describe, expect, it } from "vitest";
import { openEngineLog } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { catchUp, endOf } from "../view/index.ts";
import { LatestReadings } from "./latest-readings.ts";

describe("LatestReadings", () => {
  it("has each device's newest reading, live and after a restart", async () => {
    const devices = [new MeteringDevice("meter-1", 1), new MeteringDevice("meter-2", 2)] as const;
    const log = await openEngineLog(devices);
    const live = await LatestReadings.open(log.disk);
    for (const [index, device] of devices.entries()) {
      const outcome = await log.submit(device, device.envelope(boundary(index), boundary(index + 1)));
      live.apply(outcome, endOf(outcome) as bigint);
      if (index === 0) await live.checkpoint();
    }
    const newest = { measuredAtUnixMs: boundary(1), powerW: 1_000, importWh: 1_500n, exportWh: 0n, seq: 1n };
    expect(live.find("meter-1")).toMatchObject(newest);
    expect(live.find("meter-2")).toMatchObject({ measuredAtUnixMs: boundary(2) });
    expect(live.find("meter-3")).toBeUndefined();
    const restarted = await LatestReadings.open(log.disk);
    expect(restarted.cursor()).toBe(1n);
    await catchUp(log.engine, [restarted]);
    expect(restarted.find("meter-1")).toEqual(live.find("meter-1"));
    expect(restarted.find("meter-2")).toEqual(live.find("meter-2"));
  });

  it("is not taken back by readings that come late", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const view = await LatestReadings.open(log.disk);
    const first = await log.submit(device, device.envelope(boundary(0)));
    const second = await log.submit(device, device.envelope(boundary(1)));
    view.apply(second, 2n);
    view.apply(first, 2n);
    expect(view.find("meter-1")?.measuredAtUnixMs).toBe(boundary(1));
  });
});
