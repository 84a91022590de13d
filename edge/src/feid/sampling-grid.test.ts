import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOUNDARIES_AT_ONCE_MAX, boundaries, dueInstants, isBoundary, nextInstant } from "./sampling-grid.ts";

const grid = { readingPeriodMs: 60, mtuMs: 900 };

describe("nextInstant", () => {
  it("is the next period or the next boundary, whichever is first", () => {
    expect([0, 59, 60, 840, 899].map((at) => nextInstant(grid, at))).toEqual([60, 60, 120, 900, 900]);
    expect(nextInstant({ readingPeriodMs: 700, mtuMs: 900 }, 701)).toBe(900);
  });
});

describe("dueInstants", () => {
  it("is just the next instant when nothing is late", () => {
    expect(dueInstants(grid, { lastUnixMs: 60, nowUnixMs: 120 })).toEqual({ instants: [120], missed: 0 });
    expect(dueInstants(grid, { lastUnixMs: 840, nowUnixMs: 900 })).toEqual({ instants: [900], missed: 0 });
  });

  it("is nothing before the next instant, and nothing when the clock ran backwards", () => {
    expect(dueInstants(grid, { lastUnixMs: 60, nowUnixMs: 119 })).toEqual({ instants: [], missed: 0 });
    expect(dueInstants(grid, { lastUnixMs: 60, nowUnixMs: 60 }).instants).toEqual([]);
  });

  it("has every missed boundary and the newest instant, and counts the others as missed", () => {
    expect(dueInstants(grid, { lastUnixMs: 0, nowUnixMs: 2_000 })).toEqual({
      instants: [900, 1_800, 1_980],
      missed: 30,
    });
  });

  it("goes back as far as its bound and no further", () => {
    const dueAfter = (count: number) =>
      dueInstants({ readingPeriodMs: 900, mtuMs: 900 }, { lastUnixMs: 0, nowUnixMs: count * 900 });
    const atBound = dueAfter(BOUNDARIES_AT_ONCE_MAX);
    expect([atBound.instants[0], atBound.missed]).toEqual([900, 0]);
    const beyond = dueAfter(BOUNDARIES_AT_ONCE_MAX + 1);
    expect([beyond.instants[0], beyond.instants.length, beyond.missed]).toEqual([1_800, BOUNDARIES_AT_ONCE_MAX, 1]);
  });

  it("meets the same boundaries whenever it is asked", () => {
    const asks = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 });
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 1_000 }), (nows, readingPeriodMs) => {
        const odd = { readingPeriodMs, mtuMs: 900 };
        let lastUnixMs = 0;
        const met: number[] = [];
        for (const nowUnixMs of [...nows].sort((a, b) => a - b)) {
          const { instants, missed } = dueInstants(odd, { lastUnixMs, nowUnixMs });
          expect(missed).toBeGreaterThanOrEqual(0);
          met.push(...instants);
          lastUnixMs = met.at(-1) ?? 0;
        }
        expect(met).toEqual([...new Set(met)].sort((a, b) => a - b));
        const untilUnixMs = Math.max(...nows) + 1;
        expect(met.filter((at) => isBoundary(odd, at))).toEqual(boundaries({ mtuMs: 900, fromUnixMs: 1, untilUnixMs }));
      }),
    );
  });
});

describe("boundaries", () => {
  it("counts its start in and its end out", () => {
    expect(boundaries({ mtuMs: 900, fromUnixMs: 900, untilUnixMs: 2_700 })).toEqual([900, 1_800]);
  });
});
