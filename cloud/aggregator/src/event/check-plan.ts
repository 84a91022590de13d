import type { Programme } from "@gridpact/contracts";
import { checkIntervals, SettlementError } from "@gridpact/settlement";
import { AggregatorError } from "../aggregator-error.ts";
import { type EventPlan, eventStartUnixMs } from "./dr-event.ts";

/**
 * Fits a file name unescaped, and with the id of a node or device behind it still the 128 characters of a ledger id.
 */
const EVENT_ID = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/;

/** Penalties beyond ten times the value of a contract are a typing error, not a policy. */
const PENALTY_CAP_PER_MILLE_MAX = 10_000;

/** The programme is the one that nodes are asked under; null where there is none with limits. */
type PlanOptions = { mtuMs: number; nowUnixMs: number; programme: Programme | null };

/**
 * Refuses a plan that could not be carried out.
 * @throws AggregatorError PLAN_INVALID, naming the first fault
 */
export function checkPlan(plan: EventPlan, options: PlanOptions): void {
  const fault = faultOf(plan, options) ?? faultUnder(options.programme, plan);
  if (fault !== undefined) throw new AggregatorError("PLAN_INVALID", fault);
}

function faultOf(plan: EventPlan, { mtuMs, nowUnixMs }: PlanOptions): string | undefined {
  if (!EVENT_ID.test(plan.eventId)) return "eventId must be 1 to 48 of a-z, 0-9 and '-'";
  const fault = faultOfIntervals(plan, mtuMs) ?? faultOfEnergy(plan) ?? faultOfPrices(plan);
  if (fault !== undefined) return fault;
  return eventStartUnixMs(plan) <= nowUnixMs ? "the event must start in the future" : undefined;
}

function faultOfEnergy({ intervals, requestedWh }: EventPlan): string | undefined {
  if (requestedWh.length !== intervals.length) return "requestedWh needs one value for each interval";
  if (requestedWh.some((each) => each < 0n)) return "requestedWh must not be negative";
  return requestedWh.every((each) => each === 0n) ? "requestedWh asks for nothing" : undefined;
}

function faultOfPrices({ priceMicroPerWhMax, penaltyMicroPerWh, penaltyCapPerMille }: EventPlan): string | undefined {
  if (priceMicroPerWhMax < 0n || penaltyMicroPerWh < 0n) return "prices must not be negative";
  const isShare = Number.isSafeInteger(penaltyCapPerMille) && penaltyCapPerMille >= 0;
  if (isShare && penaltyCapPerMille <= PENALTY_CAP_PER_MILLE_MAX) return undefined;
  return `penaltyCapPerMille must be an integer from 0 to ${PENALTY_CAP_PER_MILLE_MAX}`;
}

/** What the ledger would refuse in every contract of the event. */
function faultUnder(programme: Programme | null, plan: EventPlan): string | undefined {
  if (programme === null) return undefined;
  const limits = [
    ["priceMicroPerWhMax", plan.priceMicroPerWhMax, programme.priceMicroPerWhMax],
    ["penaltyMicroPerWh", plan.penaltyMicroPerWh, programme.penaltyMicroPerWhMax],
    ["penaltyCapPerMille", plan.penaltyCapPerMille, programme.penaltyCapPerMilleMax],
  ] as const;
  const [name, , most] = limits.find(([, value, limit]) => limit !== null && value > limit) ?? [];
  return name === undefined ? undefined : `${name} is at most ${most} in programme ${programme.programmeId}`;
}

function faultOfIntervals({ intervals }: EventPlan, mtuMs: number): string | undefined {
  try {
    checkIntervals(intervals);
  } catch (error) {
    if (error instanceof SettlementError) return error.message;
    throw error;
  }
  const isAligned = intervals.every(
    ({ startUnixMs, endUnixMs }) => startUnixMs % mtuMs === 0 && endUnixMs - startUnixMs === mtuMs,
  );
  return isAligned ? undefined : `intervals must be whole market time units of ${mtuMs} ms`;
}
