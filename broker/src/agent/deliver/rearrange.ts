import { isMoreThanShare, larger, sumOf } from "@gridpact/settlement";
import type { StepContext } from "../agent-modules.ts";
import type { EventDocument } from "../document/index.ts";
import { busyDevices, chooseReplacements } from "../plan/index.ts";
import { expectedWh } from "./delivery-rate.ts";

/** Rounds of replacement in one event; whoever needs more has no devices left that deliver. */
export const ROUNDS_MAX = 8;

/**
 * Calls further devices when those at work are not expected to deliver what was promised: because some declined, fell
 * short or fell silent. Replacements serve the intervals that are far enough away to get their consent.
 */
export async function rearrange(event: EventDocument, context: StepContext): Promise<EventDocument> {
  if (event.phase !== "running" || event.round >= ROUNDS_MAX) return event;
  // Planned contracts are not on the ledger yet; the next round builds on what became of them.
  if (event.assignments.some(({ status }) => status === "planned")) return event;
  const { options, modules } = context;
  const earliestUnixMs = modules.clock.nowUnixMs() + options.consentLeadMs;
  const firstInterval = event.request.intervals.findIndex(({ startUnixMs }) => startUnixMs >= earliestUnixMs);
  if (firstInterval === -1) return event;
  const shortfallWh = expectedShortfall(event, firstInterval);
  if (!isWorthCalling(event, { shortfallWh, firstInterval, tolerancePerMille: options.tolerancePerMille }))
    return event;
  const others = context.events.list().filter(({ request }) => request.requestId !== event.request.requestId);
  const busy = busyDevices(others, event.request.intervals);
  const replacements = chooseReplacements(event, { shortfallWh, firstInterval, busy }, context);
  if (replacements.length === 0) return event;
  const { requestId } = event.request;
  modules.log.info("rearranged", { requestId, firstInterval, devices: replacements.length, round: event.round + 1 });
  return { ...event, assignments: [...event.assignments, ...replacements], round: event.round + 1 };
}

/** Promised energy that the devices at work are not expected to deliver; 0 before the first interval that counts. */
function expectedShortfall({ nominatedWh, assignments, deliveringPerMille }: EventDocument, first: number): bigint[] {
  return nominatedWh.map((promisedWh, index) => {
    if (index < first) return 0n;
    const totalWh = sumOf(assignments.map((each) => expectedWh(each, index, deliveringPerMille)));
    return larger(0n, promisedWh - totalWh);
  });
}

/** True when more than the tolerated share of what is still promised would be missing. */
function isWorthCalling(
  { nominatedWh }: EventDocument,
  { shortfallWh, firstInterval, tolerancePerMille }: Shortfall,
): boolean {
  return isMoreThanShare(sumOf(shortfallWh), sumOf(nominatedWh.slice(firstInterval)), tolerancePerMille);
}

type Shortfall = { shortfallWh: readonly bigint[]; firstInterval: number; tolerancePerMille: number };
