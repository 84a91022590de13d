import { describe, expect, it } from "vitest";
import { checkIntervals, DEFAULT_MTU_MS, EVENT_INTERVALS_MAX, eventIntervals, intervalBoundaries } from "./interval.ts";
import { InvalidTermsError } from "./settlement-error.ts";

const event = (units: number) => ({ startUnixMs: 0, endUnixMs: units * DEFAULT_MTU_MS });

describe("eventIntervals", () => {
  it("cuts an event into half-open market time units", () => {
    expect(eventIntervals({ startUnixMs: 600, endUnixMs: 900 }, 100)).toEqual([
      { startUnixMs: 600, endUnixMs: 700 },
      { startUnixMs: 700, endUnixMs: 800 },
      { startUnixMs: 800, endUnixMs: 900 },
    ]);
  });

  it("accepts the longest event and rejects one unit more", () => {
    expect(eventIntervals(event(EVENT_INTERVALS_MAX))).toHaveLength(EVENT_INTERVALS_MAX);
    expect(() => eventIntervals(event(EVENT_INTERVALS_MAX + 1))).toThrow(InvalidTermsError);
  });

  it.each([
    ["an empty event", event(0), DEFAULT_MTU_MS],
    ["an event that ends before it starts", { startUnixMs: DEFAULT_MTU_MS, endUnixMs: 0 }, DEFAULT_MTU_MS],
    ["a start off the grid", { startUnixMs: 1, endUnixMs: DEFAULT_MTU_MS }, DEFAULT_MTU_MS],
    ["an end off the grid", { startUnixMs: 0, endUnixMs: DEFAULT_MTU_MS + 1 }, DEFAULT_MTU_MS],
    ["a unit of zero", event(1), 0],
    ["a fractional unit", event(1), 0.5],
  ])("rejects %s", (_, bounds, mtuMs) => {
    expect(() => eventIntervals(bounds, mtuMs)).toThrow(InvalidTermsError);
  });
});

describe("intervalBoundaries", () => {
  it("names one instant more than there are intervals", () => {
    expect(intervalBoundaries(eventIntervals({ startUnixMs: 600, endUnixMs: 900 }, 100))).toEqual([600, 700, 800, 900]);
  });
});

describe("checkIntervals", () => {
  it("accepts intervals that join", () => {
    expect(() => checkIntervals(eventIntervals(event(4)))).not.toThrow();
  });

  it.each([
    ["no interval", []],
    [
      "a gap",
      [
        { startUnixMs: 0, endUnixMs: 1 },
        { startUnixMs: 2, endUnixMs: 3 },
      ],
    ],
    [
      "an overlap",
      [
        { startUnixMs: 0, endUnixMs: 2 },
        { startUnixMs: 1, endUnixMs: 3 },
      ],
    ],
    ["an empty interval", [{ startUnixMs: 1, endUnixMs: 1 }]],
    ["a fractional bound", [{ startUnixMs: 0, endUnixMs: 1.5 }]],
  ])("rejects %s", (_, intervals) => {
    expect(() => checkIntervals(intervals)).toThrow(InvalidTermsError);
  });
});
