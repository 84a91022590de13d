import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { CANDIDATES_MAX, type Candidate, checkCandidates, meritOrder, reliabilityPerMille } from "./candidate.ts";

function candidate(deviceId: string, costMicroPerWh: bigint, reliability = 1): Candidate {
  return { deviceId, busId: "B1", feederId: "F1", flexibilityWhMax: [10n], costMicroPerWh, reliability };
}

const ids = (candidates: Candidate[]) => meritOrder(candidates).map(({ deviceId }) => deviceId);

describe("meritOrder", () => {
  it("puts the cheapest first", () => {
    expect(ids([candidate("a", 3n), candidate("b", 1n), candidate("c", 2n)])).toEqual(["b", "c", "a"]);
  });

  it("counts what can be relied on: half the reliability costs twice as much", () => {
    expect(ids([candidate("a", 10n, 0.5), candidate("b", 19n), candidate("c", 21n)])).toEqual(["b", "a", "c"]);
  });

  it("takes the more reliable, then the lower id, on a tie", () => {
    expect(ids([candidate("c", 20n), candidate("b", 20n), candidate("a", 10n, 0.5)])).toEqual(["b", "c", "a"]);
  });

  it("leaves out what never delivers, even for free", () => {
    expect(ids([candidate("a", 0n, 0), candidate("b", 0n, 0.0004), candidate("c", 5n, 0.001)])).toEqual(["c"]);
  });

  it("does not depend on the order of the candidates", () => {
    const all = Array.from({ length: 12 }, (_, index) => candidate(`d${index}`, BigInt(index % 3), (index % 4) / 3));
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(ids(shuffled)).toEqual(ids(all));
      }),
    );
  });
});

describe("reliabilityPerMille", () => {
  it.each([
    [0, 0n],
    [0.57, 570n],
    [0.9996, 1000n],
    [1, 1000n],
  ])("of %d is %s", (reliability, perMille) => {
    expect(reliabilityPerMille(candidate("a", 1n, reliability))).toBe(perMille);
  });
});

describe("checkCandidates", () => {
  it("accepts as many devices as a virtual node may have and rejects one more", () => {
    const many = Array.from({ length: CANDIDATES_MAX + 1 }, (_, index) => candidate(`d${index}`, 1n));
    expect(() => checkCandidates(many.slice(1), 1)).not.toThrow();
    expect(() => checkCandidates(many, 1)).toThrow(InvalidInputError);
  });

  it.each([
    ["a device listed twice", [candidate("a", 1n), candidate("a", 2n)]],
    ["a negative cost", [candidate("a", -1n)]],
    ["a reliability above one", [candidate("a", 1n, 1.01)]],
    ["a negative reliability", [candidate("a", 1n, -0.01)]],
    ["a reliability that is no number", [candidate("a", 1n, Number.NaN)]],
    ["a negative flexibility", [{ ...candidate("a", 1n), flexibilityWhMax: [-1n] }]],
    ["a flexibility that does not cover every unit", [{ ...candidate("a", 1n), flexibilityWhMax: [] }]],
  ])("rejects %s", (_, candidates) => {
    expect(() => checkCandidates(candidates, 1)).toThrow(InvalidInputError);
  });
});
