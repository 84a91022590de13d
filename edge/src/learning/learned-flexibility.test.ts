import { describe, expect, it } from "vitest";
import { declaredFlexibility, type LearnedFlexibility, learnFrom, type UnitOutcome } from "./learned-flexibility.ts";

const DECLARED_WH = 1_000n;
const EIGHT = Date.UTC(2016, 0, 28, 8);
const NINE = Date.UTC(2016, 0, 28, 9);

function unit(orderedWh: bigint, deliveredWh: bigint, startUnixMs = EIGHT): UnitOutcome {
  return { startUnixMs, orderedWh, deliveredWh };
}

/** The estimate for one hour after the same outcome again and again. */
function after(times: number, outcome: UnitOutcome, from: LearnedFlexibility): LearnedFlexibility {
  return Array.from({ length: times }).reduce<LearnedFlexibility>((b) => learnFrom(b, [outcome], DECLARED_WH), from);
}

describe("learnFrom", () => {
  const fresh = declaredFlexibility(DECLARED_WH);

  it("believes the owner until an event says otherwise", () => {
    expect(learnFrom(fresh, [], DECLARED_WH)).toEqual(fresh);
    expect(learnFrom(fresh, [unit(500n, 500n)], DECLARED_WH)).toEqual(fresh);
  });

  it("goes half the way to what was delivered after a missed order", () => {
    expect(learnFrom(fresh, [unit(800n, 200n)], DECLARED_WH)[8]).toBe(600n);
  });

  it("draws a weaker lesson for the other hours", () => {
    const learned = learnFrom(fresh, [unit(800n, 200n)], DECLARED_WH);
    expect(learned[9]).toBe(900n);
    expect(learned[23]).toBe(900n);
  });

  it("comes to what the device really delivers when it misses again and again", () => {
    expect(after(40, unit(800n, 200n), fresh)[8]).toBe(200n);
  });

  it("does not rise because less was asked for: an order kept below the estimate moves it slowly", () => {
    const low = after(40, unit(800n, 200n), fresh);
    expect(learnFrom(low, [unit(200n, 200n)], DECLARED_WH)[8]).toBe(240n);
  });

  it("comes back to the declared value after a repair, and not beyond", () => {
    const low = after(40, unit(800n, 0n), fresh);
    expect(after(200, unit(100n, 100n), low)[8]).toBe(DECLARED_WH);
  });

  it("believes what was delivered beyond the estimate", () => {
    const low = after(40, unit(800n, 0n), fresh);
    expect(learnFrom(low, [unit(700n, 700n, NINE)], DECLARED_WH)[9]).toBeGreaterThanOrEqual(700n);
  });

  it("takes a few percent short as kept, and more as missed", () => {
    expect(learnFrom(fresh, [unit(1_000n, 950n)], DECLARED_WH)[8]).toBe(1_000n);
    expect(learnFrom(fresh, [unit(1_000n, 949n)], DECLARED_WH)[8]).toBe(975n);
  });

  it("learns nothing from an interval in which nothing was ordered", () => {
    expect(learnFrom(fresh, [unit(0n, 0n)], DECLARED_WH)).toEqual(fresh);
  });

  it("refuses an estimate that is not one for each hour", () => {
    expect(() => learnFrom([1n], [], DECLARED_WH)).toThrow("one value for each hour");
  });
});
