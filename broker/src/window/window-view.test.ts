import { describe, expect, it } from "vitest";
import { openEngineLog } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { catchUp, endOf } from "../view/index.ts";
import { WINDOWS_MAX, WindowView } from "./window-view.ts";

const first = () => new MeteringDevice("meter-1", 1, 250n);
const second = () => new MeteringDevice("meter-2", 2, 100n);

describe("WindowView", () => {
  it("sums energy for each feeder and for the whole node", async () => {
    const [house, shop] = [first(), second()];
    const log = await openEngineLog([house, shop]);
    await log.submit(house, house.envelope(boundary(0), boundary(1), boundary(2)));
    await log.submit(shop, shop.envelope(boundary(0), boundary(1)));
    const windows = await WindowView.open(log.disk);
    await catchUp(log.engine, [windows]);
    expect(windows.sum(boundary(0), "feeder-1")).toMatchObject({ importWh: 250n, exportWh: 0n });
    expect(windows.sum(boundary(0), "feeder-2")).toMatchObject({ importWh: 100n });
    expect(windows.sum(boundary(0))).toMatchObject({ startUnixMs: boundary(0), importWh: 350n, readingCount: 2 });
    expect(windows.sum(boundary(2))).toBeUndefined();
    expect(windows.sum(boundary(0), "feeder-3")).toBeUndefined();
    expect(windows.newest()).toMatchObject({ startUnixMs: boundary(1), importWh: 250n });
    expect(windows.feeders()).toEqual(["feeder-1", "feeder-2"]);
    expect(windows.between(boundary(0), boundary(1)).map(({ importWh }) => importWh)).toEqual([350n]);
  });

  it("is the same after a restart, from checkpoint and log, as it was live", async () => {
    const house = first();
    const log = await openEngineLog([house]);
    const live = await WindowView.open(log.disk);
    for (let index = 0; index < 6; index++) {
      const outcome = await log.submit(house, house.envelope(boundary(2 * index), boundary(2 * index + 1)));
      live.apply(outcome, endOf(outcome) as bigint);
      if (index === 3) await live.checkpoint();
    }
    expect(live.checkpointCursor()).toBe(4n);
    const restarted = await WindowView.open(log.disk);
    expect(restarted.cursor()).toBe(4n);
    await catchUp(log.engine, [restarted]);
    const rebuilt = await WindowView.open((await openEngineLog([])).disk);
    await catchUp(log.engine, [rebuilt]);
    const all = [boundary(-1), boundary(20)] as const;
    expect(restarted.between(...all)).toEqual(live.between(...all));
    expect(rebuilt.between(...all)).toEqual(live.between(...all));
    expect(live.between(...all).length).toBe(12);
  });

  it("keeps the newest windows at its bound, and no more", async () => {
    const house = first();
    const log = await openEngineLog([house]);
    const windows = await WindowView.open(log.disk);
    const day = (index: number) => Array.from({ length: 96 }, (_, quarter) => boundary(index * 96 + quarter + 1));
    const days = WINDOWS_MAX / 96;
    for (let index = 0; index < days; index++) await log.submit(house, house.envelope(...day(index)));
    await catchUp(log.engine, [windows]);
    expect(windows.between(0, boundary(2 * WINDOWS_MAX)).length).toBe(WINDOWS_MAX);
    const outcome = await log.submit(house, house.envelope(boundary(WINDOWS_MAX + 1)));
    windows.apply(outcome, endOf(outcome) as bigint);
    expect(windows.between(0, boundary(2 * WINDOWS_MAX)).length).toBe(WINDOWS_MAX);
    expect(windows.sum(boundary(0))).toBeUndefined();
    expect(windows.sum(boundary(WINDOWS_MAX))).toBeDefined();
  });
});
