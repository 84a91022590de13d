import { isMoreThanShare, larger, sumOf } from "@gridpact/settlement";
import type { Given } from "../agent-host.ts";
import { proposeChanges } from "../amend/index.ts";
import type { EventDocument, EventStore } from "../document/index.ts";
import { busyDevices, chooseReplacements, rulesFor } from "../plan/index.ts";
import { type ProsumerBook, runningDeliveryPerMille } from "../prosumer/index.ts";
import { expectedWh } from "./delivery-rate.ts";

/** Rounds of replacement in one event; whoever needs more has no devices left that deliver. */
export const ROUNDS_MAX = 8;

type RearrangeContext = Given<"clock" | "log" | "feederLimits" | "grid"> & {
  events: Pick<EventStore, "list">;
  prosumers: Pick<ProsumerBook, "stateOf">;
};

/**
 * Moves energy to others when those at work are not expected to deliver what was promised: because some declined, fell
 * short or fell silent. Devices at work that can give more take it by an amendment, others by a contract; orders of
 * those that fall short are to be cut by as much. It is about the intervals that are far enough away to get signatures.
 */
export async function rearrange(event: EventDocument, context: RearrangeContext): Promise<EventDocument> {
  if (event.phase !== "running" || event.round >= ROUNDS_MAX || event.amending !== null) return event;
  // Planned contracts are not on the ledger yet; the next round builds on what became of them.
  if (event.assignments.some(({ status }) => status === "planned")) return event;
  const { options, modules } = context;
  const earliestUnixMs = modules.clock.nowUnixMs() + options.consentLeadMs;
  const firstInterval = event.request.intervals.findIndex(({ startUnixMs }) => startUnixMs >= earliestUnixMs);
  if (firstInterval === -1) return event;
  const observedWh = expectedShortfall(event, firstInterval, event.deliveringPerMille);
  const { tolerancePerMille } = options;
  // What was metered decides whether to call; a guess of the policy alone would chase noise.
  if (!isWorthCalling(event, { shortfallWh: observedWh, firstInterval, tolerancePerMille })) return event;
  const shortfallWh = expectedShortfall(event, firstInterval, foreseenRates(event, firstInterval, context));
  const others = context.events.list().filter(({ request }) => request.requestId !== event.request.requestId);
  const busy = busyDevices(others, event.request.intervals);
  const rules = rulesFor(event.request, event.candidates, context);
  const chosen = chooseReplacements(event, { shortfallWh, firstInterval, busy }, rules);
  const { assignments: replacements, additions } = chosen;
  if (replacements.length + additions.length === 0) return event;
  const { requestId, intervals } = event.request;
  const changes = proposeChanges(event, { firstInterval, additions, replacements }, options);
  const round = event.round + 1;
  modules.log.info("rearranged", {
    requestId,
    firstInterval,
    devices: replacements.length,
    changes: changes.length,
    round,
  });
  const decideByUnixMs = (intervals[firstInterval]?.startUnixMs ?? 0) - options.amendLeadMs;
  const joinedIds = replacements.map(({ contractId }) => contractId);
  const amending = changes.length === 0 ? null : { changes, joinedIds, decideByUnixMs, batches: null };
  return { ...event, assignments: [...event.assignments, ...replacements], round, amending };
}

/** What the matching policy expects of the devices that fell short, from their past and from what they do now. */
function foreseenRates(
  { deliveringPerMille, request }: EventDocument,
  firstInterval: number,
  { prosumers }: RearrangeContext,
): Record<string, number> {
  const progress = firstInterval / request.intervals.length;
  const rates = Object.entries(deliveringPerMille).map(([deviceId, observedPerMille]): [string, number] => {
    return [deviceId, runningDeliveryPerMille(prosumers.stateOf(deviceId).memory, { observedPerMille, progress })];
  });
  return Object.fromEntries(rates);
}

/** Promised energy that devices at work would not deliver at these rates; 0 before the first interval that counts. */
function expectedShortfall(
  { nominatedWh, assignments }: EventDocument,
  first: number,
  rates: Record<string, number>,
): bigint[] {
  return nominatedWh.map((promisedWh, index) => {
    if (index < first) return 0n;
    const totalWh = sumOf(assignments.map((each) => expectedWh(each, index, rates)));
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
