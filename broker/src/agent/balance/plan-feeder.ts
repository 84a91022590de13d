import { type BalanceMember, type MemberStep, planStep } from "@gridpact/flexibility";
import type { BalanceStatement } from "@gridpact/proto";
import { DAY_MS, HOUR_MS } from "../../time-spans.ts";
import type { AskedBand } from "./balance-unit.ts";
import type { MemberOutlook } from "./member-histories.ts";

/** A member at the feeder; without a statement it takes no part, and is only forecast. */
export type PlannedMember = { deviceId: string; outlook: MemberOutlook; statement: BalanceStatement | undefined };

/** A feeder at the start of a unit. Who only draws there is a member too: a plan must leave room for it. */
export type FeederRequest = {
  members: readonly PlannedMember[];
  startUnixMs: number;
  mtuMs: number;
  /** Highest draw of the feeder in a unit of this day so far, or one that it will have anyway, Wh. */
  drawnWhMax: number;
  /** Whether the feeder sent energy upward in the unit before, or would have without balancing. */
  wasSending: boolean;
};

type Highs = Parameters<typeof planStep>[0];

const WH_PER_KWH = 1_000;

/** Beyond any connection point: the side of a band that asks for nothing. */
export const UNBOUNDED_W = 1_000_000_000;

/** Storage rests, loads are left alone. */
export const RESTING_BAND: AskedBand = {
  importWMin: -UNBOUNDED_W,
  importWMax: UNBOUNDED_W,
  shiftsLoads: false,
  changeW: 0,
};

/** A change below this is within what a home's import moves by itself in a minute. */
const CHANGE_W_MIN = 20;

/**
 * What each member that takes part is asked to hold in the unit that begins: its expected import with the planned
 * change, and around that the room that is left before the feeder has a new peak or sends energy upward. Storage that
 * is to take or give has no room on that side. So what a forecast misses is taken up by storage where it matters.
 *
 * Storage takes more than its own member's surplus only where the feeder just had some: a forecast of sunshine alone
 * must not draw from the grid.
 *
 * @throws NoPlanError
 */
export function planFeeder(highs: Highs, request: FeederRequest): Map<string, AskedBand> {
  const { members, startUnixMs, mtuMs, drawnWhMax, wasSending } = request;
  const stepHours = mtuMs / HOUR_MS;
  const steps = planStep(highs, {
    members: members.map((member) => balanceMember(member, request)),
    stepHours,
    day: Array.from({ length: DAY_MS / mtuMs }, (_, step) => dayOf(startUnixMs + step * mtuMs) - dayOf(startUnixMs)),
    drawnKwhMax: drawnWhMax / WH_PER_KWH,
  });
  return new Map(steps.map((step) => [step.memberId, bandOf(step, { stepHours, wasSending })]));
}

function dayOf(unixMs: number): number {
  return Math.floor(unixMs / DAY_MS);
}

function balanceMember({ deviceId, outlook, statement }: PlannedMember, request: FeederRequest): BalanceMember {
  const member = { memberId: deviceId, ...outlook };
  if (statement === undefined) return member;
  const storage = storageOf(statement);
  const load = loadOf(statement, request);
  return { ...member, ...(storage && { storage }), ...(load && { load }) };
}

function storageOf({ storedWh, storedWhMax, storageWMax, efficiencyPerMille }: BalanceStatement) {
  if (storedWhMax === 0n || storageWMax === 0n) return undefined;
  return {
    energyKwhMax: Number(storedWhMax) / WH_PER_KWH,
    powerKwMax: Number(storageWMax) / WH_PER_KWH,
    chargeEfficiency: efficiencyPerMille / 1_000,
    dischargeEfficiency: 1,
    storedKwh: Number(storedWh) / WH_PER_KWH,
  };
}

/** Undefined where nothing waits or could. */
function loadOf(statement: BalanceStatement, { startUnixMs, mtuMs }: FeederRequest) {
  const { waitingWh, loadW, loadWMax, readyByUnixMs } = statement;
  const unitCount = Math.floor((Number(readyByUnixMs) - startUnixMs) / mtuMs);
  if (unitCount < 1 || waitingWh + loadW === 0n || loadWMax === 0n) return undefined;
  const unitKwh = (watt: bigint) => (Number(watt) * mtuMs) / HOUR_MS / WH_PER_KWH;
  return {
    naturalKwh: unitKwh(loadW),
    waitingKwh: Number(waitingWh) / WH_PER_KWH,
    stepKwhMax: unitKwh(loadWMax),
    stepCount: Math.min(unitCount, DAY_MS / mtuMs),
  };
}

function bandOf(step: MemberStep, at: { stepHours: number; wasSending: boolean }): AskedBand {
  const { expectedKwh, storageKwh, loadKwh, putsOff, roomAboveKwh, roomBelowKwh } = step;
  const watt = (kwh: number) => Math.round((kwh * WH_PER_KWH) / at.stepHours);
  const changeW = watt(storageKwh + loadKwh);
  const middleW = watt(expectedKwh) + changeW;
  const takes = watt(storageKwh) >= CHANGE_W_MIN;
  const gives = watt(storageKwh) <= -CHANGE_W_MIN || putsOff;
  // A member without storage has no share of the room, and is left alone unless its loads are to wait.
  const hasRoom = roomAboveKwh + roomBelowKwh > 0;
  if (!takes && !gives && !hasRoom) return RESTING_BAND;
  const lowestW = takes ? middleW : middleW - watt(roomBelowKwh);
  return {
    importWMin: at.wasSending ? lowestW : Math.min(lowestW, 0),
    importWMax: Math.max(lowestW, gives ? middleW : middleW + watt(roomAboveKwh)),
    shiftsLoads: putsOff,
    changeW: takes || gives ? changeW : 0,
  };
}
