import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { estimateDelivery, type MatchingPolicy, matchByPolicy } from "./match-by-policy.ts";
import { clairvoyantValue } from "./match-clairvoyantly.ts";
import { matchGreedily } from "./match-greedily.ts";
import { checkWeights, evaluateNetwork, LAYER_SIZES, WEIGHT_COUNT } from "./policy-network.ts";
import { Shield } from "./shield.ts";
import type { Supplier, UnitRequest } from "./supplier.ts";
import { NEW_SUPPLIER, rememberEvent } from "./supplier-memory.ts";
import { TRAINED_POLICY } from "./trained-policy.ts";

/** A policy that has learned nothing: plain averages. */
const PLAIN: MatchingPolicy = { weights: new Float64Array(WEIGHT_COUNT), marginShare: 0, marginPerSpread: 0 };

function supplier(supplierId: string, other: Partial<Supplier> = {}): Supplier {
  const known = { memory: NEW_SUPPLIER, observedRate: null };
  return { supplierId, offerWh: 100, usualOfferWh: 100, costPerWh: 0.5, elementIds: ["f"], ...known, ...other };
}

function request(suppliers: Supplier[], other: Partial<UnitRequest> = {}): UnitRequest {
  return {
    requestedWh: 100,
    pricePerWh: 1,
    penaltyPerWh: 1,
    suppliers,
    elementWhMax: new Map(),
    progress: 0,
    ...other,
  };
}

describe("rememberEvent", () => {
  it("averages at first and follows changes later", () => {
    const once = rememberEvent(NEW_SUPPLIER, 0.5);
    expect(once).toMatchObject({ eventCount: 1, meanRate: 0.5, lastRate: 0.5 });
    expect(rememberEvent(once, 1).meanRate).toBeCloseTo(0.75);
    let memory = once;
    for (let event = 0; event < 20; event += 1) memory = rememberEvent(memory, 0.9);
    expect(memory.meanRate).toBeCloseTo(0.9, 2);
    expect(memory.deviation).toBeLessThan(0.05);
  });

  it("takes more than ordered for all of it, and less than nothing for nothing", () => {
    expect(rememberEvent(NEW_SUPPLIER, 1.3).lastRate).toBe(1);
    expect(rememberEvent(NEW_SUPPLIER, -0.2).lastRate).toBe(0);
  });
});

describe("the network", () => {
  it("is rectified sums, by hand", () => {
    const weights = new Float64Array(WEIGHT_COUNT);
    weights[0] = 2; // first unit of the first layer, first input
    const second = 16 * (LAYER_SIZES[0] + 1);
    weights[second] = 3;
    const last = second + 16 * 17;
    weights[last] = 0.5;
    weights[last + 16] = 0.25;
    expect(evaluateNetwork(weights, [1, 0, 0, 0, 0, 0, 0, 0, 0])).toEqual([3.25, 0]);
    expect(evaluateNetwork(weights, [-1, 0, 0, 0, 0, 0, 0, 0, 0])).toEqual([0.25, 0]);
  });

  it("refuses weights of another count or that are no numbers", () => {
    expect(() => checkWeights(PLAIN.weights)).not.toThrow();
    expect(() => checkWeights([1, 2])).toThrow(InvalidInputError);
    expect(() => checkWeights(new Float64Array(WEIGHT_COUNT).fill(Number.NaN))).toThrow(InvalidInputError);
    expect(() => checkWeights(TRAINED_POLICY.weights)).not.toThrow();
  });
});

describe("matchByPolicy", () => {
  it("orders more from whoever delivers less, cheapest first", () => {
    const memory = { eventCount: 5, meanRate: 0.5, deviation: 0, lastRate: 0.5 };
    const orders = matchByPolicy(request([supplier("dear"), supplier("half", { costPerWh: 0.2, memory })]), PLAIN);
    expect([...orders]).toEqual([50, 100]);
  });

  it("believes what the running event shows more than the past", () => {
    const silent = supplier("silent", { observedRate: 0 });
    expect(estimateDelivery(silent, { pricePerWh: 1, progress: 0.5 }, PLAIN).rate).toBeLessThan(0.05);
  });

  it("orders a margin where deliveries spread", () => {
    const memory = { eventCount: 5, meanRate: 1, deviation: 0.2, lastRate: 1 };
    const policy = { ...PLAIN, marginShare: 0.02, marginPerSpread: 0.5 };
    const orders = matchByPolicy(request([supplier("a", { offerWh: 200, memory })]), policy);
    expect(orders[0]).toBeCloseTo(112);
  });

  it("falls back to the greedy rule when the network has no answer", () => {
    const broken = { ...PLAIN, weights: new Float64Array(WEIGHT_COUNT).fill(Number.NaN) };
    const asked = request([supplier("a"), supplier("b", { costPerWh: 0.1 })]);
    expect(matchByPolicy(asked, broken)).toEqual(matchGreedily(asked));
  });
});

describe("the shield", () => {
  it("grants nothing for what is no positive number", () => {
    const shield = new Shield(request([supplier("a")]));
    for (const wanted of [Number.NaN, -5, 0]) expect(shield.grant(0, wanted)).toBe(0);
    expect(shield.grant(3, 5)).toBe(0);
    expect(shield.grant(0, Number.POSITIVE_INFINITY)).toBe(100);
  });

  it("keeps every matcher within offers and limits, whatever the weights", () => {
    const number = fc.double({ min: 0, max: 100, noNaN: true });
    const anySupplier = fc.record({ offerWh: number, element: fc.constantFrom("f", "g"), observed: fc.option(number) });
    const weight = fc.double({ noNaN: false, min: -1e3, max: 1e3 });
    const anyCase = fc.tuple(fc.array(anySupplier, { maxLength: 6 }), number, fc.array(weight, { maxLength: 5 }));
    fc.assert(
      fc.property(anyCase, ([drawn, limit, odd]) => {
        const suppliers = drawn.map(({ offerWh, element, observed }, index) =>
          supplier(`s${index}`, { offerWh, elementIds: [element, "top"], observedRate: observed }),
        );
        const elementWhMax = new Map([
          ["f", limit],
          ["top", 1.5 * limit],
        ] as const);
        const asked = request(suppliers, { elementWhMax });
        const weights = new Float64Array(WEIGHT_COUNT).map((_, at) => odd[at % (odd.length + 1)] ?? 0.1);
        expectFeasible(asked, matchByPolicy(asked, { ...PLAIN, weights }));
        expectFeasible(asked, matchGreedily(asked));
      }),
    );
  });
});

function expectFeasible({ suppliers, elementWhMax }: UnitRequest, orders: Float64Array): void {
  for (const [at, { offerWh }] of suppliers.entries()) expect(orders[at]).toBeLessThanOrEqual(offerWh + 1e-9);
  for (const [id, limitWh] of elementWhMax) {
    const below = suppliers.map(({ elementIds }, at) => (elementIds.includes(id) ? (orders[at] ?? 0) : 0));
    expect(below.reduce((sum, wh) => sum + wh, 0)).toBeLessThanOrEqual(limitWh + 1e-6);
  }
}

describe("clairvoyantValue", () => {
  it("serves from the cheapest who really deliver", async () => {
    const asked = request([supplier("cheap", { costPerWh: 0.1 }), supplier("dear")]);
    const truth = [
      { rate: 0.4, availableWh: 1000 },
      { rate: 1, availableWh: 50 },
    ];
    // 40 Wh at 0.1, 50 Wh at 0.5, 10 Wh missing at 1.
    expect(await clairvoyantValue(asked, truth)).toBeCloseTo(90 - 10 - 4 - 25);
  });

  it("counts a limit by what has to be ordered through it", async () => {
    const asked = request([supplier("half")], { elementWhMax: new Map([["f", 60]]) });
    expect(await clairvoyantValue(asked, [{ rate: 0.5, availableWh: 1000 }])).toBeCloseTo(30 - 70 - 15);
  });
});
