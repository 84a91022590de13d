import { describe, expect, it } from "vitest";
import { clockShiftHours } from "./clock-shift.ts";
import { daySeries } from "./series-history.ts";

const HOUR_MS = 3_600_000;

/** A breakfast, a supper and a sleepy weekend; from `stepDay` on everything happens `hours` later. */
function household({ days, stepDay, hours }: { days: number; stepDay: number; hours: number }, mtuMs = HOUR_MS) {
  const perDay = (24 * HOUR_MS) / mtuMs;
  const values = Array.from({ length: days * perDay }, (_, unit) => {
    const day = Math.floor(unit / perDay);
    const hour = Math.floor(((unit % perDay) * 24) / perDay);
    const own = (hour - (day >= stepDay ? hours : 0) + 24) % 24;
    return 300 + (own === 7 ? 900 : 0) + (own >= 18 && own <= 20 ? 1200 : 0) + (day % 7 === 6 ? 100 : 0);
  });
  return daySeries({ kind: "load", startUnixMs: 0, mtuMs, values }, 1);
}

describe("clockShiftHours", () => {
  it.each([-2, 1, 3])("sees a clock that was moved by %i hours a week ago", (hours) => {
    expect(clockShiftHours(household({ days: 60, stepDay: 53, hours }))).toBe(hours);
  });

  it("sees it in quarter hours as well", () => {
    expect(clockShiftHours(household({ days: 60, stepDay: 53, hours: 1 }, HOUR_MS / 4))).toBe(1);
  });

  it.each([
    ["a steady household", household({ days: 60, stepDay: 60, hours: 2 })],
    ["a household that moved months ago", household({ days: 120, stepDay: 50, hours: 2 })],
    ["less than five weeks", household({ days: 34, stepDay: 27, hours: 2 })],
    ["units of six hours", household({ days: 60, stepDay: 53, hours: 2 }, 6 * HOUR_MS)],
    ["a constant", daySeries({ kind: "load", startUnixMs: 0, mtuMs: HOUR_MS, values: new Array(1440).fill(5) }, 1)],
    ["gaps only", daySeries({ kind: "load", startUnixMs: 0, mtuMs: HOUR_MS, values: new Array(1440).fill(null) }, 1)],
  ])("sees none in %s", (_, series) => {
    expect(clockShiftHours(series)).toBe(0);
  });

  it("does not take another shape of the day for a shift", () => {
    const [evenings, worktimes] = [
      [18, 24],
      [9, 17],
    ].map(([from = 0, to = 0]) => Array.from({ length: 24 }, (_, hour) => (hour >= from && hour < to ? 1000 : 100)));
    const values = Array.from({ length: 60 * 24 }, (_, unit) =>
      unit < 53 * 24 ? (evenings?.[unit % 24] ?? 0) : (worktimes?.[unit % 24] ?? 0),
    );
    expect(clockShiftHours(daySeries({ kind: "load", startUnixMs: 0, mtuMs: HOUR_MS, values }, 1))).toBe(0);
  });
});
