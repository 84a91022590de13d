import { describe, expect, it } from "vitest";
import { sampleMember } from "../../test/cluster-samples.ts";
import { DEFAULT_CLUSTER_GUIDELINES, planClusters } from "./cluster-plan.ts";

const NOW = Date.UTC(2016, 5, 1);
const guidelines = { ...DEFAULT_CLUSTER_GUIDELINES, membersMin: 2, membersMax: 3 };

/** Two nodes of a feeder: the members of one miss together in even events, those of the other in odd ones. */
function unlucky(eventCount: number, feeder = "f1") {
  const fails = (remainder: number) => (event: number) => (event % 2 === remainder ? 0 : 100);
  return [
    { vnId: "north", members: ["a", "b"].map((id) => sampleMember(id, { eventCount, delivered: fails(0) })) },
    { vnId: "south", members: ["c", "d"].map((id) => sampleMember(id, { eventCount, feeder, delivered: fails(1) })) },
  ];
}

describe("the plan of clusters", () => {
  it("is none while no node has said anything", () => {
    expect(planClusters([], guidelines, NOW)).toBeUndefined();
  });

  it("forms clusters within feeder, contract, members and capacity", () => {
    const members = [
      ...["a", "b", "c", "d"].map((id) => sampleMember(id)),
      sampleMember("e", { feeder: "f2" }),
      sampleMember("f", { contractType: "other" }),
      sampleMember("huge", { capacityW: 10_000_000 }),
    ];
    const { initial } = planClusters([{ vnId: "north", members }], guidelines, NOW) ?? {};
    expect(initial?.clusters.flatMap(({ prosumerIds }) => prosumerIds).sort()).toEqual(["a", "b", "c", "d"]);
    expect(initial?.clusters.every(({ prosumerIds }) => prosumerIds.length >= 2 && prosumerIds.length <= 3)).toBe(true);
    expect(initial?.unplacedIds).toEqual(["e", "f", "huge"]);
  });

  it("puts members apart that miss together, and says what it is worth", () => {
    const plan = planClusters(unlucky(12), guidelines, NOW);
    expect(plan?.moves.length).toBeGreaterThan(0);
    expect(plan?.movedErrorPerMille).toBeLessThan(plan?.expectedErrorPerMille ?? 0);
    expect(plan?.reasons[0]).toMatch(/moves lower what nodes are expected to miss from \d+/);
  });

  it.each([
    ["there were too few events", unlucky(7), guidelines, "7 events are known, 8 are needed"],
    ["nobody else is on the feeder", unlucky(12, "f2"), guidelines, "no move within the guidelines"],
    ["members have just come", unlucky(12), { ...guidelines, dwellMs: NOW + 1 }, "no move within the guidelines"],
    ["it would gain too little", unlucky(12), { ...guidelines, gainPerMilleMin: 999 }, "no move within the guidelines"],
  ])("moves nobody where %s", (_, nodes, rules, words) => {
    const plan = planClusters(nodes, rules, NOW);
    expect(plan?.moves).toEqual([]);
    expect(plan?.reasons[0]).toContain(words);
  });

  it("is the same for the same summaries, and names them by their hash", () => {
    expect(planClusters(unlucky(12), guidelines, NOW)).toEqual(planClusters(unlucky(12), guidelines, NOW));
    const other = planClusters(unlucky(11), guidelines, NOW);
    expect(other?.inputsHashHex).not.toBe(planClusters(unlucky(12), guidelines, NOW)?.inputsHashHex);
  });
});
