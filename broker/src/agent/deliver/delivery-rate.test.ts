import { describe, expect, it } from "vitest";
import type { Assignment } from "../document/index.ts";
import { deliveryPerMille, expectedWh, updatedRates } from "./delivery-rate.ts";

function sample(orderedWh: bigint, netReductionWh: bigint, plannedWh = orderedWh) {
  return { deviceId: "a", orderedWh, plannedWh, netReductionWh };
}

describe("the delivery rate of a device", () => {
  it("is the share of its order that it delivers, from nothing to all", () => {
    expect(deliveryPerMille(sample(200n, 150n))).toBe(750);
    expect(deliveryPerMille(sample(200n, 300n))).toBe(1_000);
    expect(deliveryPerMille(sample(200n, -50n))).toBe(0);
    expect(deliveryPerMille(sample(0n, -50n))).toBe(1_000);
  });

  it("is kept while it falls short by more than the tolerance, and forgotten when it does not", () => {
    expect(updatedRates({}, [sample(1_000n, 899n)], 100)).toEqual({ a: 899 });
    expect(updatedRates({}, [sample(1_000n, 900n)], 100)).toEqual({});
    expect(updatedRates({ a: 500 }, [sample(1_000n, 1_000n)], 100)).toEqual({});
  });

  it("is a share of what was first agreed to, whatever an amendment has made of the order", () => {
    expect(updatedRates({}, [sample(600n, 300n, 1_000n)], 100)).toEqual({ a: 300 });
    expect(updatedRates({}, [sample(1_600n, 1_000n, 1_000n)], 100)).toEqual({ a: 1_000 });
    expect(updatedRates({ a: 500 }, [sample(600n, 590n, 1_000n)], 100)).toEqual({});
  });

  it("is the same object when nothing has changed, so that nothing is written", () => {
    const rates = { a: 500, b: 0 };
    expect(updatedRates(rates, [sample(1_000n, 500n)], 100)).toBe(rates);
    expect(updatedRates(rates, [], 100)).toBe(rates);
  });
});

describe("the energy expected of an assignment", () => {
  const assignment = {
    deviceId: "a",
    status: "accepted",
    firstInterval: 1,
    orderedWh: [100n, 200n],
    amendment: null,
  } as unknown as Assignment;

  it("is its order, scaled by its rate, from its first interval on", () => {
    expect([0, 1, 2, 3].map((interval) => expectedWh(assignment, interval, {}))).toEqual([0n, 100n, 200n, 0n]);
    expect(expectedWh(assignment, 2, { a: 250 })).toBe(50n);
  });

  it("is never more than the order in force, nor than its share of the first one", () => {
    const amended = { ...assignment, amendment: { amendmentNo: 1, orderedWh: [60n, 300n], penaltyCapMicro: 0n } };
    expect([1, 2].map((interval) => expectedWh(amended, interval, {}))).toEqual([60n, 300n]);
    expect([1, 2].map((interval) => expectedWh(amended, interval, { a: 500 }))).toEqual([50n, 100n]);
    expect([1, 2].map((interval) => expectedWh(amended, interval, { a: 900 }))).toEqual([60n, 180n]);
  });

  it("is nothing once it has lapsed, and all while its consent is open", () => {
    expect(expectedWh({ ...assignment, status: "lapsed" }, 1, {})).toBe(0n);
    expect(expectedWh({ ...assignment, status: "offered" }, 1, {})).toBe(100n);
  });
});
