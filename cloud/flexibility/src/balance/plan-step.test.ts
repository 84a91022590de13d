import { describe, expect, it } from "vitest";
import { loadSolver } from "../dispatch/index.ts";
import { type BalanceMember, planStep } from "./plan-step.ts";

const highs = await loadSolver();

const storage = { energyKwhMax: 4, powerKwMax: 2, chargeEfficiency: 1, dischargeEfficiency: 1, storedKwh: 0 };

/** Net use in each hour: negative is surplus. */
function member(memberId: string, netKwh: number[], other: Partial<BalanceMember> = {}): BalanceMember {
  const deficitKwh = netKwh.map((kwh) => Math.max(0, kwh));
  return { memberId, deficitKwh, surplusKwh: netKwh.map((kwh) => Math.max(0, -kwh)), ...other };
}

function plan(members: BalanceMember[]) {
  const day = Array.from(members[0]?.deficitKwh ?? [], () => 0);
  return planStep(highs, { members, stepHours: 1, day, drawnKwhMax: 0 });
}

describe("a step of self-balancing", () => {
  it("fills the storage of one member with what another one has too much", () => {
    const [step] = plan([member("roof", [-3, 0, 0]), member("home", [1, 2, 2], { storage })]);
    expect(step?.memberId).toBe("home");
    expect(step?.expectedKwh).toBe(1);
    expect(step?.storageKwh).toBeCloseTo(2, 6);
  });

  it("leaves the grid's energy alone, however high the peak to come", () => {
    const [step] = plan([member("home", [0.5, 6, 0.5], { storage })]);
    expect(step?.storageKwh).toBeCloseTo(0, 6);
  });

  it("spares what is stored for the peak, and lets all storage give by what it can", () => {
    const full = { ...storage, storedKwh: 4 };
    const half = { ...storage, storedKwh: 1 };
    const homes = (net: number[]) => plan([member("a", net, { storage: full }), member("b", net, { storage: half })]);
    expect(homes([1, 4, 4]).map(({ storageKwh }) => storageKwh)).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
    const [a, b] = homes([4, 0, 0]);
    expect(a?.storageKwh).toBeCloseTo(-2, 6);
    expect(b?.storageKwh).toBeCloseTo(-1, 6);
  });

  it("lets a load wait for the sun within its time, and does not count it twice", () => {
    const load = { naturalKwh: 2, waitingKwh: 0, stepKwhMax: 2, stepCount: 3 };
    const [waits] = plan([member("car", [2, 0, 0], { load }), member("roof", [0, -3, 0])]);
    expect(waits).toMatchObject({ memberId: "car", expectedKwh: 2, putsOff: true });
    expect(waits?.loadKwh).toBeCloseTo(-2, 6);
    const [leaves] = plan([member("car", [2, 0, 0], { load: { ...load, stepCount: 1 } }), member("roof", [0, -3, 0])]);
    expect(leaves?.loadKwh).toBeCloseTo(0, 6);
    expect(leaves?.putsOff).toBe(false);
  });

  it("serves what is late as far as it fits", () => {
    const load = { naturalKwh: 1, waitingKwh: 9, stepKwhMax: 2, stepCount: 1 };
    expect(plan([member("car", [1, 0], { load })])[0]?.loadKwh).toBeCloseTo(1, 6);
  });
});
