import { describe, expect, it } from "vitest";
import { enrolVirtualNode, type VirtualNode } from "../registry/index.ts";
import { calledMilliWhPerW, compareBy, type Strategy, type StrategyTraits } from "./strategy.ts";

const EVEN: StrategyTraits = {
  priceMicroPerWh: 60n,
  reliabilityPerMille: 900,
  marginPerMille: 1_000,
  calledMilliWhPerW: 100,
  reboundPerMille: 500,
};

describe("the order of a strategy", () => {
  it.each<[Strategy, Partial<StrategyTraits>]>([
    ["cost", { priceMicroPerWh: 59n }],
    ["reliability", { reliabilityPerMille: 901 }],
    ["fairness", { calledMilliWhPerW: 99 }],
    ["emission", { reboundPerMille: 499 }],
  ])("of %s asks the better node first, whatever its other traits", (strategy, better) => {
    const worst = {
      priceMicroPerWh: 99n,
      reliabilityPerMille: 1,
      marginPerMille: 1,
      calledMilliWhPerW: 999,
      reboundPerMille: 999,
    };
    expect(compareBy(strategy, { ...worst, ...better }, EVEN)).toBeLessThan(0);
    expect(compareBy(strategy, EVEN, { ...worst, ...better })).toBeGreaterThan(0);
  });

  it("looks at the next trait where the first is equal, and is undecided when all are", () => {
    expect(compareBy("fairness", { ...EVEN, priceMicroPerWh: 59n }, EVEN)).toBeLessThan(0);
    expect(compareBy("cost", { ...EVEN, reboundPerMille: 1 }, EVEN)).toBe(0);
  });
});

describe("the share of calls", () => {
  const node = enrolVirtualNode({ vnId: "district", mspId: "VnMSP", priceMicroPerWh: 60n }, 0);
  const profile = { vnId: "district", feidCount: 10, importW: 5_000, reduceWMax: 2_000, reboundPerMille: 500 };

  it("is the energy asked for over the size of the node", () => {
    const outcomes = [500n, 1_500n].map((orderedWh, index) => ({ eventId: `e${index}`, orderedWh, deliveredWh: 0n }));
    const called: VirtualNode = { ...node, outcomes, heartbeat: { atUnixMs: 0, profile } };
    expect(calledMilliWhPerW(called)).toBe(1_000);
  });

  it("is zero for a node that was never asked, and defined for one that was never heard of", () => {
    expect(calledMilliWhPerW({ ...node, heartbeat: { atUnixMs: 0, profile } })).toBe(0);
    expect(calledMilliWhPerW(node)).toBe(0);
  });
});
