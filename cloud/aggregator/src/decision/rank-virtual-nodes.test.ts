import { describe, expect, it } from "vitest";
import { enrolVirtualNode, type VirtualNode } from "../registry/index.ts";
import { rankVirtualNodes } from "./rank-virtual-nodes.ts";

const NOW = 1_000_000;
const OPTIONS = { nowUnixMs: NOW, aliveMsMax: 60_000, strategy: "cost" } as const;
const NEED = { peakW: 10_000, priceMicroPerWhMax: 100n };

type Traits = { price?: bigint; reduceWMax?: number; reliability?: number; silentMs?: number | null };

function node(vnId: string, { price = 60n, reduceWMax = 20_000, reliability = 1_000, silentMs = 0 }: Traits = {}) {
  const profile = { vnId, feidCount: 10, importW: 5_000, reduceWMax, reboundPerMille: 500 };
  const heartbeat = silentMs === null ? null : { atUnixMs: NOW - silentMs, profile };
  const enrolled = enrolVirtualNode({ vnId, mspId: "VnMSP", priceMicroPerWh: price }, 0);
  return { ...enrolled, heartbeat, reliabilityPerMille: reliability } satisfies VirtualNode;
}

function order(nodes: VirtualNode[]) {
  return rankVirtualNodes(nodes, NEED, OPTIONS).map(({ vnId }) => vnId);
}

describe("the ranking of virtual nodes", () => {
  it("prefers the cheapest of those that can carry the whole request", () => {
    expect(order([node("dear", { price: 90n }), node("cheap", { price: 50n })])).toEqual(["cheap", "dear"]);
  });

  it("puts a node that cannot carry the request behind all that can, however cheap", () => {
    expect(order([node("small", { price: 1n, reduceWMax: 9_999 }), node("large")])).toEqual(["large", "small"]);
  });

  it("counts only the power that the node can be relied on for", () => {
    const doubtful = node("doubtful", { reduceWMax: 12_000, reliability: 800, price: 10n });
    expect(order([doubtful, node("sound")])).toEqual(["sound", "doubtful"]);
  });

  it("takes the more reliable one at equal price, then the larger, then the id", () => {
    expect(order([node("b", { reliability: 900 }), node("a", { reliability: 950 })])).toEqual(["a", "b"]);
    expect(order([node("b", { reduceWMax: 30_000 }), node("a")])).toEqual(["b", "a"]);
    expect(order([node("b"), node("a")])).toEqual(["a", "b"]);
  });

  it("does not ask nodes that are silent, unheard of, too dear or empty, and says so", () => {
    const nodes = [
      node("silent", { silentMs: 60_001 }),
      node("unheard", { silentMs: null }),
      node("dear", { price: 101n }),
      node("empty", { reduceWMax: 0 }),
    ];
    const ranking = rankVirtualNodes(nodes, NEED, OPTIONS);
    expect(ranking.every(({ isEligible }) => !isEligible)).toBe(true);
    const reasons = Object.fromEntries(ranking.map(({ vnId, reasons: [first] }) => [vnId, first]));
    expect(reasons).toEqual({
      silent: "silent for 60 s",
      unheard: "not heard of since enrolment",
      dear: "wants more than the € 0.10/kWh that the programme pays",
      empty: "has nothing to reduce",
    });
  });

  it("still asks a node at the bounds of silence and price", () => {
    const [ranked] = rankVirtualNodes([node("edge", { silentMs: 60_000, price: 100n })], NEED, OPTIONS);
    expect(ranked?.isEligible).toBe(true);
  });
});
