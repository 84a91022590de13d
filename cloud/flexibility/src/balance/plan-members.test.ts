import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MemberOutlook, type MembersRequest, planMembers, type SharedCost } from "./plan-members.ts";
import { type StorageModel, storageLevels } from "./storage-levels.ts";

const battery: StorageModel = { energyKwhMax: 6.4, powerKwMax: 5, efficiencyAt: () => 1, powerShareAt: () => 1 };
const lossy: StorageModel = { ...battery, efficiencyAt: () => 0.9 };
const nothingShared: SharedCost = {
  rampWeight: 0,
  peakWeight: 0,
  peakKwh: 0,
  netKwhBefore: 0,
  spreadKwh: 1,
};

function member(netKwh: number[][], other: Partial<MemberOutlook> = {}): MemberOutlook {
  return { netKwh, importWeight: netKwh.map(() => 1), storedKwh: 0, storedWorth: 0, ...other };
}

const plan = (members: MemberOutlook[], other: Partial<MembersRequest> = {}, storage = lossy) =>
  planMembers({ members, levels: storageLevels(storage, 1), shared: nothingShared, ...other });
const rounded = (values: Float64Array | undefined) => [...(values ?? [])].map((kwh) => Math.round(kwh * 1e6) / 1e6 + 0);

/** Of the lossy battery; where a plan starts is rounded to half a level. */
function expectPossible(own: Float64Array, storedKwh: number): void {
  let heldKwh = storedKwh;
  for (const kwh of own) {
    expect(Math.abs(kwh)).toBeLessThanOrEqual(5 + 1e-9);
    heldKwh += kwh >= 0 ? kwh * 0.9 : kwh / 0.9;
    expect(heldKwh).toBeGreaterThan(-0.11);
    expect(heldKwh).toBeLessThan(6.4 + 0.11);
  }
}

describe("planMembers", () => {
  it("keeps a member's surplus for its own evening", () => {
    const [found] = plan([member([[-2], [-2], [2], [1]])], {}, battery);
    expect(rounded(found)).toEqual([expect.any(Number), expect.any(Number), -2, -1]);
    expect(rounded(found).reduce((sum, kwh) => sum + kwh)).toBe(0);
  });

  it("leaves a battery alone that has nothing to gain", () => {
    expect(rounded(plan([member([[1], [1], [1]])])[0])).toEqual([0, 0, 0]);
    expect(plan([])).toEqual([]);
  });

  it("buys when it is cheap, if the price pays for the losses", () => {
    const dear = (weight: number) => plan([member([[1], [2]], { importWeight: [1, weight] })])[0];
    expect(dear(1.1)?.[0]).toBe(0);
    expect(dear(2)?.[0]).toBeGreaterThan(1.5);
  });

  it("does not discharge for a load that is there one day in ten", () => {
    const rare = Array.from({ length: 10 }, (_, day) => (day === 0 ? 4 : 0.4));
    const [found] = plan([member([rare, [2]], { storedKwh: 2.4 })], {}, battery);
    expect(-(found?.[0] ?? 0)).toBeLessThan(0.5);
    expect(found?.[1]).toBeCloseTo(-2, 6);
  });

  it("gives no member's energy to another", () => {
    const plans = plan([member([[-3], [0]]), member([[0], [3]])], {}, battery);
    expect(rounded(plans[1])).toEqual([0, 0]);
  });

  it("flattens the sum when rises weigh, and cuts a peak when peaks do", () => {
    const members = [
      member([[1], [1], [5], [1]], { storedKwh: 3.2 }),
      member([[1], [1], [3], [1]], { storedKwh: 3.2 }),
    ];
    const highest = (shared: Partial<SharedCost>) => {
      const plans = plan(
        members.map((each) => ({ ...each, storedWorth: 1.02 })),
        { shared: { ...nothingShared, ...shared } },
      );
      const sums = [2, 2, 8, 2].map((net, step) => plans.reduce((sum, own) => sum + (own[step] ?? 0), net));
      return Math.max(...sums);
    };
    expect(highest({})).toBeCloseTo(8, 6);
    expect(highest({ peakWeight: 5, peakKwh: 3 })).toBeLessThan(6);
    expect(highest({ rampWeight: 5, netKwhBefore: 2 })).toBeLessThan(6);
  });

  it("starts from the plan of the step before", () => {
    const members = [member([[1], [1], [4], [1]], { storedKwh: 3 }), member([[0], [-2], [3], [1]])];
    const shared = { ...nothingShared, rampWeight: 0.3 };
    const first = plan(members, { shared });
    const costOf = (plans: Float64Array[]) =>
      plans.reduce((total, own, at) => {
        return own.reduce((sum, kwh, step) => sum + Math.max(0, (members[at]?.netKwh[step]?.[0] ?? 0) + kwh), total);
      }, 0);
    expect(costOf(plan(members, { shared, earlier: first }))).toBeLessThanOrEqual(costOf(first) + 0.2);
  });

  it("stays within energy and power, whatever is asked", () => {
    const net = fc.double({ min: -8, max: 8, noNaN: true });
    const outlooks = fc.array(fc.array(fc.array(net, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 5 }), {
      minLength: 1,
      maxLength: 3,
    });
    const stored = fc.double({ min: 0, max: 6.4, noNaN: true });
    fc.assert(
      fc.property(outlooks, stored, fc.double({ min: 0, max: 3, noNaN: true }), (nets, storedKwh, rampWeight) => {
        const shared = { ...nothingShared, rampWeight };
        const plans = plan(
          nets.map((each) => member(each, { storedKwh, storedWorth: 0.5 })),
          { shared },
        );
        for (const own of plans) expectPossible(own, storedKwh);
      }),
      { numRuns: 40, seed: 20_261_128 },
    );
  });
});
