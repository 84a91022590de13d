import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadSolver } from "../dispatch/index.ts";
import { NoPlanError } from "../flexibility-error.ts";
import { type BalanceRequest, planBalance } from "./plan-balance.ts";

const highs = await loadSolver();
const battery = { energyKwhMax: 4, powerKwMax: 2, chargeEfficiency: 1, dischargeEfficiency: 1 };
const weights = { exportWeight: 0.1, peakWeight: 0, rampWeight: 0, storedWorth: 0.2 };

/** Net use in each step: negative is surplus. All steps are of one day. */
function request(netKwh: number[], other: Partial<BalanceRequest> = {}): BalanceRequest {
  const outlook = {
    deficitKwh: netKwh.map((kwh) => Math.max(0, kwh)),
    surplusKwh: netKwh.map((kwh) => Math.max(0, -kwh)),
    importWeight: netKwh.map(() => 1),
    day: netKwh.map(() => 0),
  };
  return { outlook, stepHours: 1, battery, storedKwh: 0, weights, ...other };
}

const rounded = (values: Iterable<number>) => [...values].map((value) => Math.round(value * 1e6) / 1e6 + 0);

describe("planBalance", () => {
  it("keeps surplus inside and uses it later, up to what the battery takes", () => {
    const plan = planBalance(highs, request([-3, -1, 2, 2]));
    expect(rounded(plan.chargeKwh)).toEqual([2, 1, 0, 0]);
    expect(plan.dischargeKwh.reduce((sum, kwh) => sum + kwh, 0)).toBeCloseTo(3);
    expect(rounded(plan.exportKwh)).toEqual([1, 0, 0, 0]);
  });

  it("draws ahead of a peak when peaks weigh", () => {
    const [flat, careless] = [0.9, 0].map((peakWeight) =>
      Math.max(...planBalance(highs, request([1, 1, 1, 5], { weights: { ...weights, peakWeight } })).importKwh),
    );
    expect(flat).toBeCloseTo(8 / 4 + 1, 5);
    expect(careless).toBeCloseTo(5, 5);
  });

  it("charges from members' surplus alone where that is given, even from what others would use", () => {
    const priced = { weights: { ...weights, peakWeight: 0.9 } };
    const { outlook } = request([1, 1, 1, 5]);
    const memberSurplusKwh = [0, 0.5, 0, 0];
    const plan = planBalance(highs, { ...request([1, 1, 1, 5], priced), outlook: { ...outlook, memberSurplusKwh } });
    expect(rounded(plan.chargeKwh)).toEqual([0, 0.5, 0, 0]);
    expect(Math.max(...plan.importKwh)).toBeCloseTo(4.5, 5);
  });

  it("says so when a load cannot be served within its steps", () => {
    const waitingLoads = [{ loadId: "car", energyKwh: 3, stepKwhMax: 1, firstStep: 0, endStep: 2 }];
    expect(() => planBalance(highs, request([1, 1, 1], { waitingLoads }))).toThrow(NoPlanError);
  });

  it("does not pay again for a peak that is there already", () => {
    const peaky = { weights: { ...weights, peakWeight: 0.9 }, drawnKwhMax: 5 };
    expect(Math.max(...planBalance(highs, request([1, 1, 1, 5], peaky)).importKwh)).toBeCloseTo(5, 5);
  });

  it("lets loads wait for the surplus, and serves them from the grid when there is none", () => {
    const waitingLoads = [{ loadId: "boiler", energyKwh: 2, stepKwhMax: 1, firstStep: 0, endStep: 3 }];
    const noBattery = { ...battery, powerKwMax: 0, energyKwhMax: 0 };
    const sunny = planBalance(highs, request([1, -1, -1, 1], { waitingLoads, battery: noBattery }));
    expect(rounded(sunny.loadKwh.get("boiler") ?? [])).toEqual([0, 1, 1, 0]);
    expect(rounded(sunny.exportKwh)).toEqual([0, 0, 0, 0]);
    const dark = planBalance(highs, request([1, 1, 1, 1], { waitingLoads, battery: noBattery }));
    expect((dark.loadKwh.get("boiler") ?? new Float64Array(0)).reduce((sum, kwh) => sum + kwh, 0)).toBeCloseTo(2);
  });

  it("smooths jumps when they weigh, from the step before on", () => {
    const smooth = { weights: { ...weights, rampWeight: 2 }, storedKwh: 2, netKwhBefore: 1 };
    const { importKwh, exportKwh } = planBalance(highs, request([3, 1], smooth));
    expect(rounded(importKwh)).toEqual([1, 1]);
    expect(rounded(exportKwh)).toEqual([0, 0]);
  });

  it("balances in every step whatever the outlook", () => {
    const net = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(net, (netKwh) => {
        const plan = planBalance(highs, request(netKwh, { weights: { ...weights, peakWeight: 1, rampWeight: 0.5 } }));
        netKwh.forEach((kwh, step) => {
          const inside = kwh + (plan.chargeKwh[step] ?? 0) - (plan.dischargeKwh[step] ?? 0);
          expect((plan.importKwh[step] ?? 0) - (plan.exportKwh[step] ?? 0)).toBeCloseTo(inside, 5);
        });
      }),
      { numRuns: 30 },
    );
  });
});
