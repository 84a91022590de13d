import { checkIntervals, SettlementError } from "@gridpact/settlement";
import { AggregatorError } from "../aggregator-error.ts";
import { type EventPlan, eventStartUnixMs } from "./dr-event.ts";

/** Fits a file name unescaped, and with the id of a node or device behind it still the 128 characters of a ledger id. */
const EVENT_ID = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/;

/** Penalties beyond ten times the value of a contract are a typing error, not a policy. */
const PENALTY_CAP_PER_MILLE_MAX = 10_000;

/**
 * Refuses a plan that could not be carried out.
 * @throws AggregatorError PLAN_INVALID, naming the first fault
 */
export function checkPlan(plan: EventPlan, options: { mtuMs: number; nowUnixMs: number }): void {
  const fault = faultOf(plan, options);
  if (fault !== undefined) throw new AggregatorError("PLAN_INVALID", fault);
}

function faultOf(plan: EventPlan, { mtuMs, nowUnixMs }: { mtuMs: number; nowUnixMs: number }): string | undefined {
  if (!EVENT_ID.test(plan.eventId)) return "eventId must be 1 to 48 of a-z, 0-9 and '-'";
  const intervalFault = faultOfIntervals(plan, mtuMs);
  if (intervalFault !== undefined) return intervalFault;
  if (plan.requestedWh.length !== plan.intervals.length) return "requestedWh needs one value for each interval";
  if (plan.requestedWh.some((each) => each < 0n)) return "requestedWh must not be negative";
  if (plan.requestedWh.every((each) => each === 0n)) return "requestedWh asks for nothing";
  if (plan.priceMicroPerWhMax < 0n || plan.penaltyMicroPerWh < 0n) return "prices must not be negative";
  if (!Number.isSafeInteger(plan.penaltyCapPerMille)) return "penaltyCapPerMille must be an integer";
  if (plan.penaltyCapPerMille < 0 || plan.penaltyCapPerMille > PENALTY_CAP_PER_MILLE_MAX) {
    return `penaltyCapPerMille must be 0 to ${PENALTY_CAP_PER_MILLE_MAX}`;
  }
  if (eventStartUnixMs(plan) <= nowUnixMs) return "the event must start in the future";
  return undefined;
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
