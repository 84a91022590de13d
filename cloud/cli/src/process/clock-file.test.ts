import { VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { clockOf, lastSeenUnixMs, noteLastSeen, readClockSetting, startClock } from "./clock-file.ts";

const MACHINE_UNIX_MS = Date.UTC(2030, 5, 1);
const DAY_UNIX_MS = Date.UTC(2016, 0, 28, 8);

const data = temporaryData({ beforeEach, afterEach });

// The clocks under test read the machine's, which stands still here until it is moved.
beforeEach(() => vi.useFakeTimers({ now: MACHINE_UNIX_MS, toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

describe("the clock of a data directory", () => {
  it("is the machine's own until a run starts one", () => {
    expect(readClockSetting(data())).toBeUndefined();
    expect(clockOf(data()).nowUnixMs()).toBe(MACHINE_UNIX_MS);
  });

  it("starts where the run wants it and runs as much faster, the same for everyone who reads the file", () => {
    const machine = new VirtualClock(MACHINE_UNIX_MS);
    startClock(data(), { startUnixMs: DAY_UNIX_MS, speed: 300 }, machine);
    expect(readClockSetting(data())).toEqual({
      realStartUnixMs: MACHINE_UNIX_MS,
      startUnixMs: DAY_UNIX_MS,
      speed: 300,
    });
    const [one, other] = [clockOf(data()), clockOf(data())];
    expect(one.nowUnixMs()).toBe(DAY_UNIX_MS);
    vi.setSystemTime(MACHINE_UNIX_MS + 3_000);
    expect([one.nowUnixMs(), other.nowUnixMs()]).toEqual([DAY_UNIX_MS + 900_000, DAY_UNIX_MS + 900_000]);
  });

  it("goes by the machine's clock unless another one is named, and by the newest run", () => {
    startClock(data(), { startUnixMs: 0, speed: 1 }, new VirtualClock(0));
    startClock(data(), { startUnixMs: DAY_UNIX_MS, speed: 60 });
    expect(readClockSetting(data())).toMatchObject({ realStartUnixMs: MACHINE_UNIX_MS, speed: 60 });
  });
});

describe("the time that was seen last", () => {
  it("is unknown before the first run, then the newest that was noted", () => {
    expect(lastSeenUnixMs(data())).toBeUndefined();
    noteLastSeen(data(), new VirtualClock(DAY_UNIX_MS));
    noteLastSeen(data(), new VirtualClock(DAY_UNIX_MS + 1));
    expect(lastSeenUnixMs(data())).toBe(DAY_UNIX_MS + 1);
  });
});
