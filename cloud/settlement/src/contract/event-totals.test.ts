import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventIntervals } from "../interval.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import { type EventContracts, totalEvent, type VirtualNodeContribution } from "./event-totals.ts";

const MTU_MS = 900_000;
const intervals = eventIntervals({ startUnixMs: 0, endUnixMs: 2 * MTU_MS });

type Split = [orderedWh: bigint, originalWh: bigint, rearrangedWh: bigint];

function node(
  contractId: string,
  splits: Split[],
  { role = "primary", from = 0 }: { role?: VirtualNodeContribution["role"]; from?: number } = {},
): VirtualNodeContribution {
  const settled = splits.map(([orderedWh, originalWh, rearrangedWh], index) => {
    const { startUnixMs = 0, endUnixMs = 0 } = intervals[from + index] ?? {};
    const deficientWh = orderedWh - originalWh - rearrangedWh;
    const energy = { orderedWh, originalWh, rearrangedWh, deficientWh };
    return { startUnixMs, endUnixMs, ...energy, deficiencyWh: deficientWh, penalisedWh: deficientWh };
  });
  return { contractId, role, intervals: settled };
}

function total(virtualNodes: VirtualNodeContribution[], overrides: Partial<EventContracts> = {}) {
  return totalEvent({ intervals, orderedWh: [100n, 100n], virtualNodes, ...overrides });
}

describe("totalEvent", () => {
  it("adds up primaries and attributes replacements and fallback nodes as re-arranged", () => {
    const totals = total([
      node("one", [
        [60n, 60n, 0n],
        [60n, 30n, 10n],
      ]),
      node("two", [
        [40n, 40n, 0n],
        [40n, 20n, 0n],
      ]),
      node("three", [[40n, 15n, 5n]], { role: "fallback", from: 1 }),
    ]);
    expect(totals).toMatchObject({
      orderedWh: 200n,
      originalWh: 150n,
      rearrangedWh: 30n,
      deficientWh: 20n,
      deliveredWh: 180n,
      outcome: "partial",
    });
    expect(totals.intervals[1]).toEqual({
      startUnixMs: MTU_MS,
      endUnixMs: 2 * MTU_MS,
      orderedWh: 100n,
      originalWh: 50n,
      rearrangedWh: 30n,
      deficientWh: 20n,
    });
  });

  it("is a success when everything was delivered by anybody, a failure when nothing was", () => {
    const fallback = node(
      "two",
      [
        [100n, 100n, 0n],
        [100n, 80n, 0n],
      ],
      { role: "fallback" },
    );
    expect(
      total([
        node("one", [
          [100n, 0n, 0n],
          [100n, 20n, 0n],
        ]),
        fallback,
      ]).outcome,
    ).toBe("success");
    expect(total([]).outcome).toBe("failure");
  });

  it("rejects a contract listed twice, an interval not requested and an order of another length", () => {
    const one = node("one", [[1n, 1n, 0n]]);
    expect(() => total([one, one])).toThrow(InvalidTermsError);
    expect(() => total([node("two", [[1n, 1n, 0n]], { from: 5 })])).toThrow(InvalidTermsError);
    expect(() => total([one], { orderedWh: [1n] })).toThrow(InvalidTermsError);
    expect(() => total([one], { orderedWh: [1n, -1n] })).toThrow(InvalidTermsError);
  });

  it("attributes every requested Wh once and ignores the order of nodes", () => {
    const anySplit = fc
      .tuple(...Array.from({ length: 3 }, () => fc.bigInt({ min: 0n, max: 60n })))
      .map(([a = 0n, b = 0n, c = 0n]): Split => [a + b + c, a, b]);
    const anyNode = fc.record({
      splits: fc.array(anySplit, { minLength: 1, maxLength: 2 }),
      role: fc.constantFrom("primary" as const, "fallback" as const),
    });
    fc.assert(
      fc.property(fc.array(anyNode, { maxLength: 6 }), (nodes) => {
        const contributions = nodes.map(({ splits, role }, index) => node(`node ${index}`, splits, { role }));
        const totals = total(contributions);
        expect(totals.originalWh + totals.rearrangedWh + totals.deficientWh).toBe(200n);
        expect(totals.deficientWh >= 0n).toBe(true);
        expect(total([...contributions].reverse())).toEqual(totals);
      }),
    );
  });
});
