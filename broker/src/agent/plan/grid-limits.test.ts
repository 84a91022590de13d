import { describe, expect, it } from "vitest";
import type { SupplyGrid } from "../dispatch/index.ts";
import { drRequest } from "../test/agent-bench.ts";
import { sampleCandidate } from "../test/choice-samples.ts";
import { gridLimits } from "./grid-limits.ts";

const grid: SupplyGrid = {
  nodes: [
    { nodeId: "source", parentIndex: -1, capacityW: null, resistanceMicroOhm: 0, reactanceMicroOhm: 0 },
    { nodeId: "street", parentIndex: 0, capacityW: 4_000, resistanceMicroOhm: 0, reactanceMicroOhm: 0 },
    { nodeId: "lane", parentIndex: 1, capacityW: 400, resistanceMicroOhm: 0, reactanceMicroOhm: 0 },
  ],
  nodeIndexOf: { a: 1, b: 2 },
  voltage: null,
};
const { intervals } = drRequest(1n);
const limitsWith = (forecastWh: bigint[]) => {
  const candidates = ["a", "b"].map((deviceId) => sampleCandidate(deviceId, { forecastWh }));
  return Object.fromEntries(
    gridLimits(grid, candidates, intervals).map(({ elementId, limitWh }) => [elementId, limitWh]),
  );
};

describe("what branches leave free", () => {
  it("is what flows now and the whole capacity the other way, of everything below", () => {
    expect(limitsWith([250n, 100n, 0n, 0n])).toEqual({
      street: [1_500n, 1_200n, 1_000n, 1_000n],
      lane: [350n, 200n, 100n, 100n],
    });
  });

  it("is nothing where it is full that way already", () => {
    expect(limitsWith([-250n, -250n, 0n, 0n])["lane"]).toEqual([0n, 0n, 100n, 100n]);
  });
});
