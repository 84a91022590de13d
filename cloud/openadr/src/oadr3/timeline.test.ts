import { describe, expect, it } from "vitest";
import type { Event3 } from "./model.ts";
import { endOfDuration, intervalAt, MAX_TIMELINE_INTERVALS, startOf, timelineOf } from "./timeline.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const quiet = { nowUnixMs: NOON, random: { bytes: (count: number) => new Uint8Array(count) } };

function event(more: Partial<Event3>): Event3 {
  return {
    id: "E",
    createdDateTime: "2026-11-22T00:00:00Z",
    modificationDateTime: "2026-11-22T00:00:00Z",
    objectType: "EVENT",
    programID: "P",
    ...more,
  };
}

const step = (id: number, intervalPeriod?: Event3["intervalPeriod"]) => ({
  id,
  ...(intervalPeriod === undefined ? {} : { intervalPeriod }),
  payloads: [{ type: "PRICE", values: [id] }],
});

const spans = (made: Event3, moment = quiet) =>
  timelineOf(made, moment).map(({ startUnixMs, endUnixMs }) => [
    (startUnixMs - NOON) / HOUR,
    (endUnixMs - NOON) / HOUR,
  ]);

describe("a timeline", () => {
  it("puts intervals one after the other from the event's start", () => {
    const intervalPeriod = { start: "2026-11-22T13:00:00Z", duration: "PT1H" };
    expect(spans(event({ intervalPeriod, intervals: [step(0), step(1)] }))).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it("lets an interval's own period override the event's", () => {
    const intervals = [step(0, { duration: "PT30M" }), step(1, { start: "2026-11-22T15:00:00Z" }), step(2)];
    expect(spans(event({ intervalPeriod: { duration: "PT1H" }, intervals }))).toEqual([
      [0, 0.5],
      [3, 4],
      [4, 5],
    ]);
  });

  it.each([undefined, "0001-01-01", "0001-01-01T00:00:00Z"])("starts now for %j", (start) => {
    expect(startOf(start === undefined ? {} : { start }, NOON)).toBe(NOON);
  });

  it("lasts for ever for P9999Y", () => {
    const intervals = [step(0, { duration: "P9999Y" })];
    expect(spans(event({ intervals }))).toEqual([[0, Number.POSITIVE_INFINITY]]);
  });

  it("repeats the intervals while the event lasts, and ends with it", () => {
    const intervalPeriod = { start: "2026-11-22T12:00:00Z", duration: "PT1H" };
    const made = event({ duration: "PT2H30M", intervalPeriod, intervals: [step(0)] });
    expect(spans(made)).toEqual([
      [0, 1],
      [1, 2],
      [2, 2.5],
    ]);
    const endless = event({ duration: "P9999Y", intervalPeriod: { duration: "PT1S" }, intervals: [step(0)] });
    expect(timelineOf(endless, quiet)).toHaveLength(MAX_TIMELINE_INTERVALS);
    expect(spans(event({ duration: "PT1H", intervalPeriod: { duration: "PT0S" }, intervals: [step(0)] }))).toEqual([]);
  });

  it("moves as a whole by a random offset in both directions", () => {
    const intervalPeriod = { start: "2026-11-22T12:00:00Z", duration: "PT1H", randomizeStart: "PT30M" };
    const made = event({ intervalPeriod, intervals: [step(0)] });
    expect(spans(made)).toEqual([[-0.5, 0.5]]);
    const middle = { ...quiet, random: { bytes: () => Uint8Array.of(0x80, 0, 0, 0) } };
    expect(spans(made, middle)).toEqual([[0, 1]]);
  });

  it("gives way to the event with the lower priority number, then to the later one", () => {
    const make = (id: string, more: Partial<Event3>) => {
      const made = event({ id, intervalPeriod: { duration: "PT1H" }, intervals: [step(0)], ...more });
      return { event: made, intervals: timelineOf(made, quiet) };
    };
    const [none, low, high] = [make("none", {}), make("low", { priority: 5 }), make("high", { priority: 0 })];
    const later = make("later", { priority: 0, createdDateTime: "2026-11-22T01:00:00Z" });
    expect(intervalAt([none, low], NOON)?.eventId).toBe("low");
    expect(intervalAt([none, low, high], NOON)?.eventId).toBe("high");
    expect(intervalAt([later, high, none], NOON)?.eventId).toBe("later");
    expect(intervalAt([high], NOON + HOUR)).toBeUndefined();
  });

  it("knows every form of duration", () => {
    const lengths = ["PT1H", "P1D", "P1W", "PT0.5S", "-PT1H", "P1M"].map((text) => endOfDuration(0, text));
    expect(lengths).toEqual([HOUR, 24 * HOUR, 168 * HOUR, 500, -HOUR, 31 * 24 * HOUR]);
    expect(["", "P", "PT", "1H"].map((text) => endOfDuration(0, text))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
