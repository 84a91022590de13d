/**
 * One step of self-balancing for members at one feeder: what each would draw by itself, and by how much its import is
 * to be moved. The members' storage is planned as one pool; what the pool takes or gives is shared by capacity.
 */
import type { Highs } from "highs";
import { type Battery, stepBattery } from "../resource/index.ts";
import { type BalancePlan, type BalanceWeights, planBalance, type WaitingLoad } from "./plan-balance.ts";
import { shareByCapacity } from "./share-among-members.ts";

/** A member's storage with what is in it now. */
export type MemberStorage = Battery & { readonly storedKwh: number };

/** What loads of a member have still to take: what they would take in this step, and what they have put off before. */
export type MemberLoad = {
  /** Part of the member's outlook for the first step that these loads are, kWh. */
  readonly naturalKwh: number;
  readonly waitingKwh: number;
  /** Most in one step. */
  readonly stepKwhMax: number;
  /** Steps in which it all has to be done, at least one. */
  readonly stepCount: number;
};

/** With neither storage nor load it only takes part in the sum. */
export type BalanceMember = {
  readonly memberId: string;
  /** Expected in each step without balancing, kWh: use beyond own generation, and generation beyond own use. */
  readonly deficitKwh: ArrayLike<number>;
  readonly surplusKwh: ArrayLike<number>;
  readonly storage?: MemberStorage;
  readonly load?: MemberLoad;
};

/** All arrays are of one length, the number of steps; `day` does not fall. */
export type StepRequest = {
  readonly members: readonly BalanceMember[];
  readonly stepHours: number;
  /** Index of the day that each step belongs to, from 0; its length is the number of steps. */
  readonly day: ArrayLike<number>;
  /** Highest draw of the first day so far, or one that it will have anyway, kWh in a step. */
  readonly drawnKwhMax: number;
};

/** What a member is to do in the first step, kWh; what is put off is negative, as what storage gives. */
export type MemberStep = {
  readonly memberId: string;
  readonly expectedKwh: number;
  readonly storageKwh: number;
  readonly loadKwh: number;
  /** Whether loads are to take less than they would by themselves. */
  readonly putsOff: boolean;
  /**
   * By how much the member may come out above and below before its storage steps in, when nothing is planned for that:
   * its share of what all may draw more without a new peak, and draw less without sending anything upward.
   */
  readonly roomAboveKwh: number;
  readonly roomBelowKwh: number;
};

/**
 * As in the judging of the planner a kW of a day's highest draw counts as much as three kWh drawn. What is stored is
 * worth more than a kWh drawn now: it is kept for peaks unless a surplus to come would find no room.
 */
const WEIGHTS: BalanceWeights = { exportWeight: 0.05, peakWeight: 3, rampWeight: 0, storedWorth: 1.2 };

/** For each member that has something to move, in their order. @throws NoPlanError */
export function planStep(highs: Highs, request: StepRequest): MemberStep[] {
  const { members, stepHours } = request;
  const plan = planBalance(highs, {
    outlook: outlookOf(request),
    stepHours,
    ...poolOf(members),
    weights: { ...WEIGHTS, peakWeight: WEIGHTS.peakWeight / stepHours },
    waitingLoads: members.flatMap(waitingLoadOf),
    drawnKwhMax: request.drawnKwhMax,
  });
  const exchanged = exchangedBy(members, plan, stepHours);
  const room = roomOf(plan, request);
  const powerKwSum = members.reduce((sum, { storage }) => sum + (storage?.powerKwMax ?? 0), 0);
  return members.flatMap((member, index) => {
    const { memberId, storage, load } = member;
    if (storage === undefined && load === undefined) return [];
    const step = { expectedKwh: expectedOf(member), storageKwh: exchanged[index] ?? 0, ...loadStep(member, plan) };
    const share = storage === undefined || powerKwSum === 0 ? 0 : storage.powerKwMax / powerKwSum;
    return [{ memberId, ...step, roomAboveKwh: share * room.aboveKwh, roomBelowKwh: share * room.belowKwh }];
  });
}

/** What loads take beyond what they would by themselves in the step, and whether they are put off. */
function loadStep({ memberId, load }: BalanceMember, { loadKwh }: BalancePlan) {
  if (load === undefined) return { loadKwh: 0, putsOff: false };
  const takenKwh = loadKwh.get(memberId)?.[0] ?? 0;
  return { loadKwh: takenKwh - load.naturalKwh, putsOff: takenKwh < byItselfKwh(load) - TRACE_KWH };
}

/** What is left to the highest draw that the day is planned to have, and to sending upward. */
function roomOf({ importKwh, exportKwh }: BalancePlan, { day, drawnKwhMax }: StepRequest) {
  const peakKwh = importKwh.reduce((peak, kwh, step) => (day[step] === 0 ? Math.max(peak, kwh) : peak), drawnKwhMax);
  const [drawnKwh, sentKwh] = [importKwh[0] ?? 0, exportKwh[0] ?? 0];
  return { aboveKwh: peakKwh - drawnKwh, belowKwh: Math.max(0, drawnKwh - sentKwh) };
}

/** What is less than this is the solver's arithmetic, not a plan. */
const TRACE_KWH = 1e-3;

function byItselfKwh({ naturalKwh, waitingKwh, stepKwhMax }: MemberLoad): number {
  return Math.min(naturalKwh + waitingKwh, stepKwhMax);
}

/** A load that runs now is drawn at least, whatever its usual day looks like at this time. */
function expectedOf({ deficitKwh, surplusKwh, load }: BalanceMember): number {
  const usualKwh = (deficitKwh[0] ?? 0) - (surplusKwh[0] ?? 0);
  return Math.max(usualKwh, load?.naturalKwh ?? usualKwh);
}

function outlookOf({ members, day }: StepRequest) {
  const steps = Array.from({ length: day.length }, (_, step) => step);
  const total = (pick: (member: BalanceMember) => number) => members.reduce((sum, member) => sum + pick(member), 0);
  const netKwh = steps.map((step) =>
    total((member) => {
      const net = (member.deficitKwh[step] ?? 0) - (member.surplusKwh[step] ?? 0);
      return step > 0 ? net : expectedOf(member) - (member.load?.naturalKwh ?? 0);
    }),
  );
  return {
    deficitKwh: netKwh.map((kwh) => Math.max(0, kwh)),
    surplusKwh: netKwh.map((kwh) => Math.max(0, -kwh)),
    memberSurplusKwh: steps.map((step) => total(({ surplusKwh }) => surplusKwh[step] ?? 0)),
    importWeight: weightsOf(netKwh),
    day,
  };
}

/**
 * A kWh of the highest draw weighs half as much again as one of none: energy is kept for where an outlook that errs is
 * most likely to miss a peak. Without this all hours would be alike, and storage empty before dawn.
 */
const CROWDED_WEIGHT = 0.5;

function weightsOf(netKwh: readonly number[]): number[] {
  const highest = Math.max(...netKwh, 0);
  return netKwh.map((kwh) => 1 + (highest > 0 ? (CROWDED_WEIGHT * Math.max(0, kwh)) / highest : 0));
}

/** All storage as one, its efficiencies weighed by size; without any, one that holds nothing. */
function poolOf(members: readonly BalanceMember[]): { battery: Battery; storedKwh: number } {
  const storages = members.flatMap(({ storage }) => storage ?? []);
  const sum = (pick: (storage: MemberStorage) => number) => storages.reduce((total, each) => total + pick(each), 0);
  const energyKwhMax = sum((each) => each.energyKwhMax);
  const mean = (pick: (storage: MemberStorage) => number) =>
    energyKwhMax > 0 ? sum((each) => pick(each) * each.energyKwhMax) / energyKwhMax : 1;
  const battery = {
    energyKwhMax,
    powerKwMax: sum((each) => each.powerKwMax),
    chargeEfficiency: mean((each) => each.chargeEfficiency),
    dischargeEfficiency: mean((each) => each.dischargeEfficiency),
  };
  return {
    battery,
    storedKwh: Math.min(
      energyKwhMax,
      sum(({ storedKwh }) => storedKwh),
    ),
  };
}

/** No more than fits into its steps: what is left over is late already, and taken without anybody's plan. */
function waitingLoadOf({ memberId, load }: BalanceMember): WaitingLoad[] {
  if (load === undefined) return [];
  const { naturalKwh, waitingKwh, stepKwhMax, stepCount } = load;
  const energyKwh = Math.min(naturalKwh + waitingKwh, stepKwhMax * stepCount);
  return [{ loadId: memberId, energyKwh, stepKwhMax, firstStep: 0, endStep: stepCount }];
}

/** Each first takes its own surplus, or serves its own use; what is left over goes by what each can take or give. */
function exchangedBy(members: readonly BalanceMember[], plan: BalancePlan, stepHours: number): number[] {
  const wantedKwh = (plan.chargeKwh[0] ?? 0) - (plan.dischargeKwh[0] ?? 0);
  const sign = Math.sign(wantedKwh);
  const capacities = members.map(({ storage }) => {
    if (storage === undefined || sign === 0) return 0;
    const { storedKwh } = storage;
    const wantedMost = sign * storage.powerKwMax * stepHours;
    return Math.abs(stepBattery(storage, { storedKwh, wantedKwh: wantedMost, stepHours }).exchangedKwh);
  });
  const own = members.map((member, index) => Math.min(capacities[index] ?? 0, Math.max(0, -sign * expectedOf(member))));
  const first = shareByCapacity(Math.abs(wantedKwh), own);
  const restKwh = Math.abs(wantedKwh) - first.reduce((sum, kwh) => sum + kwh, 0);
  const left = capacities.map((kwh, index) => kwh - (first[index] ?? 0));
  return shareByCapacity(restKwh, left).map((kwh, index) => sign * (kwh + (first[index] ?? 0)));
}
