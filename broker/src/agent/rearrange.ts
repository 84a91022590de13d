import type { StepContext } from "./agent-modules.ts";
import { busyDevices } from "./busy-devices.ts";
import { chooseReplacements } from "./choose-devices.ts";
import { expectedWh } from "./delivery-rate.ts";
import type { EventDocument } from "./event-document.ts";

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
    const totalWh = assignments.reduce((total, each) => total + expectedWh(each, index, deliveringPerMille), 0n);
    return totalWh < promisedWh ? promisedWh - totalWh : 0n;
  });
}

/** True when more than the tolerated share of what is still promised would be missing. */
function isWorthCalling(
  { nominatedWh }: EventDocument,
  { shortfallWh, firstInterval, tolerancePerMille }: Shortfall,
): boolean {
  const sum = (values: readonly bigint[]) => values.reduce((total, each) => total + each, 0n);
  const promisedWh = sum(nominatedWh.slice(firstInterval));
  return sum(shortfallWh) * 1_000n > promisedWh * BigInt(tolerancePerMille);
}

type Shortfall = { shortfallWh: readonly bigint[]; firstInterval: number; tolerancePerMille: number };
