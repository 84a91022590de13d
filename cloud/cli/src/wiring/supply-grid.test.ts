import { loadFleet } from "@gridpact/edge";
import { describe, expect, it } from "vitest";
import { VN_IDS } from "./market.ts";
import { supplyGridOf } from "./supply-grid.ts";

describe("the grid of the demonstration's nodes", () => {
  it.each(VN_IDS)("has a place for every device of %s, below branches that come before it", (vnId) => {
    const { nodes, nodeIndexOf } = supplyGridOf(vnId);
    const own = loadFleet().filter((device) => device.vnId === vnId);
    expect(own.every(({ deviceId, bus }) => nodes[nodeIndexOf[deviceId] ?? -1]?.nodeId === bus)).toBe(true);
    expect(nodes.every(({ parentIndex }, index) => parentIndex < index)).toBe(true);
    expect(nodes.filter(({ parentIndex }) => parentIndex === -1)).toHaveLength(1);
  });

  it("has the district's transformer and lines with what they carry", () => {
    const { nodes, voltage } = supplyGridOf("district");
    expect(nodes).toHaveLength(44);
    // 400 kVA with 6 % of short-circuit voltage, 1.2 % of it resistive: 0.012 * 0.16 / 0.4 ohm.
    expect(nodes[1]).toMatchObject({ nodeId: "B15", parentIndex: 0, capacityW: 400_000, resistanceMicroOhm: 4_800 });
    expect(
      nodes.slice(2).every(({ resistanceMicroOhm, capacityW }) => resistanceMicroOhm > 0 && capacityW !== null),
    ).toBe(true);
    expect(voltage).toEqual({ nominalV: 400, sourcePerMille: 1_025, minPerMille: 900, maxPerMille: 1_100 });
  });
});
