import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate } from "./allocate.ts";
import type { RankedVirtualNode } from "./rank-virtual-nodes.ts";

const MTU_MS = 900_000;

function ranked(vnId: string, reliableW: number, isEligible = true): RankedVirtualNode {
  return {
    vnId,
    isEligible,
    reliableW,
    marginPerMille: 0,
    reliabilityPerMille: 1_000,
    priceMicroPerWh: 1n,
    calledMilliWhPerW: 0,
    reboundPerMille: 0,
    reasons: [],
  };
}

describe("the allocation of a request", () => {
  it("asks one node when it can carry all", () => {
    expect(allocate([500n, 600n], [ranked("a", 4_000), ranked("b", 4_000)], MTU_MS)).toEqual([
      { vnId: "a", orderedWh: [500n, 600n] },
    ]);
  });

  it("asks the next node for what exceeds the reliable power of the first", () => {
    expect(allocate([500n, 1_500n], [ranked("a", 4_000), ranked("b", 4_000)], MTU_MS)).toEqual([
      { vnId: "a", orderedWh: [500n, 1_000n] },
      { vnId: "b", orderedWh: [0n, 500n] },
    ]);
  });

  it("asks the best node for what nobody can carry, as estimates err", () => {
    expect(allocate([3_000n], [ranked("a", 4_000), ranked("b", 4_000)], MTU_MS)).toEqual([
      { vnId: "a", orderedWh: [2_000n] },
      { vnId: "b", orderedWh: [1_000n] },
    ]);
  });

  it("asks nobody when nobody is eligible", () => {
    expect(allocate([1n], [ranked("a", 4_000, false)], MTU_MS)).toEqual([]);
  });

  it("gives out exactly what is needed whenever anybody is eligible", () => {
    const needs = fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 8 });
    const powers = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(needs, powers, (neededWh, powersW) => {
        const allocations = allocate(
          neededWh,
          powersW.map((power, index) => ranked(`vn-${index}`, power)),
          MTU_MS,
        );
        const given = neededWh.map((_, index) =>
          allocations.reduce((total, each) => total + (each.orderedWh[index] ?? 0n), 0n),
        );
        expect(given).toEqual(neededWh);
      }),
    );
  });
});
