import { describe, expect, it } from "vitest";
import type { Event3 } from "../oadr3/index.ts";
import { change3FromFlags, event3FromFlags, signalsOf } from "./event3-from-flags.ts";

const FLAGS = { signals: [{ signal: "SIMPLE", level: 2 }], start: "2050-01-01T00:00:00Z", duration: "PT1H" } as const;
const start = "2050-01-01T00:00:00.000Z";

function event(terms: Partial<Event3> = {}): Event3 {
  const made = "2026-01-01T00:00:00Z";
  const metadata = { id: "E", createdDateTime: made, modificationDateTime: made, objectType: "EVENT" } as const;
  return { ...metadata, programID: "P", targets: ["V"], ...event3FromFlags(FLAGS), ...terms };
}

describe("a 3.1 event from flags", () => {
  it("has one interval for one level", () => {
    expect(event3FromFlags({ ...FLAGS, priority: 0, eventName: "N" })).toEqual({
      intervalPeriod: { start, duration: "PT1H" },
      intervals: [{ id: 0, payloads: [{ type: "SIMPLE", values: [2] }] }],
      priority: 0,
      eventName: "N",
    });
  });

  it("has equal steps for several levels, and a signal of one level in each", () => {
    const signals = [
      { signal: "PRICE", level: [0.1, 0.2, 0.3, 0.4] },
      { signal: "SIMPLE", level: 1 },
    ];
    const made = event3FromFlags({ ...FLAGS, signals });
    expect(made.intervalPeriod).toEqual({ start, duration: "PT900S" });
    expect(made.intervals?.map(({ payloads }) => payloads.map(({ values }) => values[0]))).toEqual([
      [0.1, 1],
      [0.2, 1],
      [0.3, 1],
      [0.4, 1],
    ]);
  });

  it.each(["PT0S", "P9999Y"])("has no end for %s", (duration) => {
    expect(event3FromFlags({ ...FLAGS, duration }).intervalPeriod).toEqual({ start, duration: "P9999Y" });
  });

  it.each([
    ["a date", { start: "soon" }],
    ["ISO 8601", { duration: "an hour" }],
    ["ISO 8601", { duration: "-PT1H" }],
    ["SIMPLE level", { signals: [{ signal: "SIMPLE", level: 4 }] }],
    ["no 7 steps", { signals: [{ signal: "PRICE", level: [1, 2, 3, 4, 5, 6, 7] }] }],
    ["no 2 steps", { duration: "P1M", signals: [{ signal: "PRICE", level: [1, 2] }] }],
    ["no 2 steps", { duration: "P9999Y", signals: [{ signal: "PRICE", level: [1, 2] }] }],
    [
      "same number of steps",
      {
        signals: [
          { signal: "PRICE", level: [1, 2, 3] },
          { signal: "GHG", level: [1, 2] },
        ],
      },
    ],
  ])("is refused without %s", (message, change) => {
    expect(() => event3FromFlags({ ...FLAGS, ...change })).toThrow(message);
  });
});

describe("a changed 3.1 event", () => {
  it("keeps what the flags do not name, and nothing that the VTN decides", () => {
    const { programID, targets, intervals } = event();
    const changed = change3FromFlags(event(), { start: "2050-01-02T00:00:00Z" });
    const intervalPeriod = { start: "2050-01-02T00:00:00.000Z", duration: "PT1H" };
    expect(changed).toEqual({ programID, targets, intervals, intervalPeriod });
    expect(change3FromFlags(event(), { priority: 3 })).toMatchObject({ priority: 3, intervals });
  });

  it("shares its time among another number of steps", () => {
    const two = change3FromFlags(event(), { signals: [{ signal: "PRICE", level: [1, 2] }] });
    expect(two).toMatchObject({ intervalPeriod: { duration: "PT1800S" }, intervals: [{ id: 0 }, { id: 1 }] });
    const one = change3FromFlags(event(two), { signals: [{ signal: "PRICE", level: 1 }] });
    expect(one.intervalPeriod?.duration).toBe("PT3600S");
    expect(change3FromFlags(event(two), { duration: "PT2H" })).toMatchObject({
      intervalPeriod: { duration: "PT3600S" },
    });
  });

  it.each([
    ["repeats", { duration: "P1D" }],
    ["has own periods", { intervals: [{ id: 0, intervalPeriod: { duration: "PT5M" }, payloads: [] }] }],
    ["has no intervals", { intervals: [] }],
  ])("that %s has to be stated anew", (_case, terms) => {
    expect(() => change3FromFlags(event(terms), { duration: "PT2H" })).toThrow(
      "state start, duration and signals anew",
    );
    expect(change3FromFlags(event(terms), { priority: 1 })).toMatchObject({ ...terms, priority: 1 });
    const { intervalPeriod, intervals } = event();
    const anew = change3FromFlags(event(terms), FLAGS);
    expect(anew).toEqual({ programID: "P", targets: ["V"], intervalPeriod, intervals });
  });

  it("tells its signals, each once", () => {
    const signals = [
      { signal: "PRICE", level: [1, 2] },
      { signal: "GHG", level: 1 },
    ];
    expect(signalsOf(event3FromFlags({ ...FLAGS, signals }))).toEqual(["PRICE", "GHG"]);
  });
});
