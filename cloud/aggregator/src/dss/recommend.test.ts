import { describe, expect, it } from "vitest";
import { sampleInputs, sampleNode } from "../../test/what-if-samples.ts";
import { recommend } from "./recommend.ts";
import type { WhatIfInputs } from "./what-if-inputs.ts";

/** A cheap node that often fails, a dear one that never did; both could carry the request by their own account. */
const CHEAP_AND_DEAR = [
  sampleNode("cheap", { price: 20n, reduceWMax: 40_000, past: [100, 1_000, 0, 200, 900, 0, 300, 100] }),
  sampleNode("dear", { price: 90n, past: [1_000, 990, 1_000, 980, 1_000, 1_000, 990, 1_000] }),
];
const FEW = { draws: 64 } satisfies Partial<WhatIfInputs>;

function evaluationOf(inputs: WhatIfInputs, strategy: string) {
  return recommend(inputs).evaluations.find((each) => each.strategy === strategy);
}

describe("recommend", () => {
  it("tries every strategy with the same luck", () => {
    const { evaluations } = recommend(sampleInputs([sampleNode("only")], FEW));
    expect(evaluations.map(({ strategy }) => strategy)).toEqual(["cost", "reliability", "fairness", "emission"]);
    const [first, ...others] = evaluations.map(({ strategy: _, ...rest }) => rest);
    for (const other of others) expect(other).toEqual(first);
  });

  it("does not recommend the cheap way when it fails much more often, and says why", () => {
    const { recommended, reasons } = recommend(sampleInputs(CHEAP_AND_DEAR, FEW));
    expect(recommended).not.toBe("cost");
    expect(reasons.some((reason) => reason.startsWith("cost would deliver with"))).toBe(true);
    expect(reasons[0]).toMatch(/probability of \d+\.\d %/);
  });

  it("keeps to what the operator wants where others gain nothing", () => {
    const inputs = sampleInputs([sampleNode("a"), sampleNode("b")], FEW);
    for (const wanted of ["cost", "reliability", "fairness", "emission"] as const) {
      expect(recommend({ ...inputs, wanted }).recommended).toBe(wanted);
    }
  });

  it("knows that the reliable way succeeds more often and costs more", () => {
    const inputs = sampleInputs(CHEAP_AND_DEAR, FEW);
    const [cost, reliability] = [evaluationOf(inputs, "cost"), evaluationOf(inputs, "reliability")];
    expect(reliability?.successPerMille).toBeGreaterThan(cost?.successPerMille ?? 1_000);
    expect(reliability?.costMicro.mean).toBeGreaterThan(cost?.costMicro.mean ?? 0n);
    expect(cost?.deliveredWh.p10).toBeLessThanOrEqual(cost?.deliveredWh.p50 ?? 0n);
    expect(cost?.deliveredWh.p50).toBeLessThanOrEqual(cost?.deliveredWh.p90 ?? 0n);
  });

  it("evens out the calls when fairness is wanted", () => {
    const past = [1_000, 1_000, 1_000, 1_000];
    const often = sampleNode("often", { price: 20n, past });
    // Ten times as large, so the same calls were a tenth of its share.
    const seldom = sampleNode("seldom", { price: 90n, past, reduceWMax: 40_000 });
    const inputs = sampleInputs([often, seldom], { ...FEW, wanted: "fairness" });
    const { recommended } = recommend(inputs);
    expect(recommended).toBe("fairness");
    const [fair, cost] = [evaluationOf(inputs, "fairness"), evaluationOf(inputs, "cost")];
    expect(fair?.callSpreadMilliWhPerW).toBeLessThan(cost?.callSpreadMilliWhPerW ?? 0);
  });

  it("prefers energy that is not caught up on when emission is wanted", () => {
    const sheds = sampleNode("sheds", { price: 90n, rebound: 0 });
    const shifts = sampleNode("shifts", { price: 20n, rebound: 1_000 });
    const outlook = {
      carbonGramPerKwh: [400, 400, 400, 400],
      priceMicroPerWh: [0n, 0n, 0n, 0n],
      carbonAfterGramPerKwh: 390,
      priceAfterMicroPerWh: 0n,
    };
    const inputs = sampleInputs([sheds, shifts], { ...FEW, wanted: "emission", outlook });
    const [emission, cost] = [evaluationOf(inputs, "emission"), evaluationOf(inputs, "cost")];
    expect(recommend(inputs).recommended).toBe("emission");
    expect(emission?.avoidedCarbonGram?.mean).toBeGreaterThan(cost?.avoidedCarbonGram?.mean ?? 0);
  });

  it("says what an event avoids and is worth where price and carbon are forecast, and nothing of it where not", () => {
    const outlook = {
      carbonGramPerKwh: [400, 400, 400, 400],
      priceMicroPerWh: [120n, 120n, 120n, 120n],
      carbonAfterGramPerKwh: 900,
      priceAfterMicroPerWh: 60n,
    };
    const nodes = [sampleNode("shifts", { rebound: 1_000 })];
    const words = recommend(sampleInputs(nodes, { ...FEW, outlook })).reasons.join("\n");
    // What is caught up on is dirtier than what was left out.
    expect(words).toMatch(/causes about \d+ g of CO2/);
    expect(words).toMatch(/worth about € \d+\.\d\d by the forecast of the price, \d+\.\d % of what it costs/);
    expect(recommend(sampleInputs(nodes, FEW)).reasons.join()).not.toContain("CO2");
  });

  it("has an answer when there is no node at all", () => {
    const { recommended, evaluations } = recommend(sampleInputs([], FEW));
    expect(recommended).toBe("cost");
    expect(evaluations[0]).toMatchObject({ successPerMille: 0, callSpreadMilliWhPerW: 0 });
  });
});
