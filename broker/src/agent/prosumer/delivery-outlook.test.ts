import { NEW_SUPPLIER, rememberEvent, type SupplierMemory, TRAINED_POLICY } from "@gridpact/flexibility";
import { describe, expect, it } from "vitest";
import { deliverySpreadPerMille, nextDeliveryPerMille, runningDeliveryPerMille } from "./delivery-outlook.ts";

/** A device that delivered these shares of its orders. */
function after(...rates: number[]): SupplierMemory {
  return rates.reduce(rememberEvent, NEW_SUPPLIER);
}

const UNUSABLE = {
  ...TRAINED_POLICY,
  weights: new Array<number>(TRAINED_POLICY.weights.length).fill(Number.NaN),
};

describe("what a device is expected to deliver", () => {
  it("is all for a new one, less for one that failed, and more again for one that was repaired", () => {
    expect(nextDeliveryPerMille(NEW_SUPPLIER)).toBe(1_000);
    const failed = nextDeliveryPerMille(after(0));
    expect(failed).toBeLessThan(500);
    expect(nextDeliveryPerMille(after(0, 1, 1, 1, 1, 1, 1))).toBeGreaterThan(failed + 300);
  });

  it("is no less for one that delivered than for one of which nothing is known", () => {
    expect(nextDeliveryPerMille(after(1))).toBe(1_000);
    expect(nextDeliveryPerMille(after(1, 0.6))).toBeLessThan(1_000);
  });

  it("is never nothing, or it could not show that it was repaired", () => {
    expect(nextDeliveryPerMille(after(...new Array<number>(20).fill(0)))).toBeGreaterThanOrEqual(20);
  });

  it("in a running event is what it shows, or less, never a recovery", () => {
    for (const memory of [after(0), NEW_SUPPLIER]) {
      for (const observedPerMille of [0, 300, 500, 800]) {
        const expected = runningDeliveryPerMille(memory, { observedPerMille, progress: 0.5 });
        expect(expected).toBeLessThanOrEqual(observedPerMille);
        expect(expected).toBeGreaterThanOrEqual(observedPerMille - 200);
      }
    }
    const half = { observedPerMille: 500, progress: 0.5 };
    expect(runningDeliveryPerMille(after(0), half)).toBeLessThan(runningDeliveryPerMille(NEW_SUPPLIER, half));
  });

  it("spreads more for one that delivers now all, now nothing", () => {
    expect(deliverySpreadPerMille(after(1, 0, 1, 0))).toBeGreaterThan(deliverySpreadPerMille(after(0.9, 0.9, 0.9)));
  });

  it("falls back to plain averages when the weights cannot be used", () => {
    expect(nextDeliveryPerMille(NEW_SUPPLIER, UNUSABLE)).toBe(1_000);
    expect(nextDeliveryPerMille(after(0.6), UNUSABLE)).toBe(600);
    expect(runningDeliveryPerMille(after(0.6), { observedPerMille: 300, progress: 0.5 }, UNUSABLE)).toBe(300);
    expect(nextDeliveryPerMille(after(0.6, 0), UNUSABLE)).toBe(300);
  });
});
