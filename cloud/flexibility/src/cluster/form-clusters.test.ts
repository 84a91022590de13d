import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { type ClusterLimits, formClusters, type Prosumer } from "./form-clusters.ts";

const LIMITS: ClusterLimits = { membersMin: 2, membersMax: 4, capacityWMax: 20_000 };

function prosumer(index: number, changes: Partial<Prosumer> = {}): Prosumer {
  const peak = index % 3;
  const profile = Float64Array.from({ length: 6 }, (_, slot) => (slot === 2 * peak ? 0.8 : 0.04));
  return {
    prosumerId: `p${String(index).padStart(3, "0")}`,
    feeder: "F1",
    contractType: "flexible",
    capacityW: 3_000,
    profile,
    ...changes,
  };
}

const form = (prosumers: Prosumer[], limits = LIMITS) => formClusters(prosumers, { limits, seed: 4 });

describe("formClusters", () => {
  it("puts alike profiles into one node", () => {
    const { clusters, unplacedIds } = form(Array.from({ length: 12 }, (_, index) => prosumer(index)));
    expect(unplacedIds).toEqual([]);
    expect(clusters.map(({ prosumerIds }) => prosumerIds)).toEqual([
      ["p000", "p003", "p006", "p009"],
      ["p001", "p004", "p007", "p010"],
      ["p002", "p005", "p008", "p011"],
    ]);
  });

  it("never mixes feeders or types of contract", () => {
    const mixed = Array.from({ length: 12 }, (_, index) =>
      prosumer(index, { feeder: index % 2 === 0 ? "F1" : "F2", contractType: index < 6 ? "flexible" : "fixed" }),
    );
    const { clusters } = form(mixed);
    expect(clusters.map(({ feeder, contractType }) => `${feeder} ${contractType}`).sort()).toEqual([
      "F1 fixed",
      "F1 flexible",
      "F2 fixed",
      "F2 flexible",
    ]);
  });

  it("leaves out who is larger than a node, and groups that are too small for one", () => {
    const large = prosumer(0, { capacityW: 25_000 });
    const lonely = prosumer(1, { feeder: "F9" });
    expect(form([large, lonely, prosumer(2), prosumer(3)])).toMatchObject({
      clusters: [{ prosumerIds: ["p002", "p003"] }],
      unplacedIds: ["p000", "p001"],
    });
  });

  it("keeps every limit whatever comes, and loses nobody", () => {
    const any = fc.array(
      fc.record({ feeder: fc.constantFrom("F1", "F2"), capacityW: fc.integer({ min: 1, max: 12_000 }) }),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(any, (changes) => {
        const prosumers = changes.map((change, index) => prosumer(index, change));
        const { clusters, unplacedIds } = form(prosumers);
        const byId = new Map(prosumers.map((each) => [each.prosumerId, each]));
        expect([...clusters.flatMap(({ prosumerIds }) => prosumerIds), ...unplacedIds].sort()).toEqual([
          ...byId.keys(),
        ]);
        for (const { prosumerIds, feeder } of clusters) {
          const members = prosumerIds.map((id) => byId.get(id));
          expect(members.length).toBeGreaterThanOrEqual(LIMITS.membersMin);
          expect(members.length).toBeLessThanOrEqual(LIMITS.membersMax);
          expect(members.reduce((sum, each) => sum + (each?.capacityW ?? 0), 0)).toBeLessThanOrEqual(
            LIMITS.capacityWMax,
          );
          expect(members.every((each) => each?.feeder === feeder)).toBe(true);
        }
      }),
      { numRuns: 40, seed: 20_260_402 },
    );
  });

  it("rejects limits that no node can keep", () => {
    expect(() => form([], { ...LIMITS, membersMin: 0 })).toThrow(InvalidInputError);
    expect(() => form([], { ...LIMITS, membersMax: 1 })).toThrow(InvalidInputError);
    expect(() => form([], { ...LIMITS, capacityWMax: 0 })).toThrow(InvalidInputError);
  });
});
