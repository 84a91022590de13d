import { larger } from "@gridpact/settlement";
import type { StepContext } from "../aggregator-modules.ts";
import { allocate, type Need, type RankedVirtualNode, rankVirtualNodes } from "../decision/index.ts";
import {
  addRequests,
  type DrEvent,
  type EventPlan,
  isWorthCalling,
  missingWh,
  type PlacedRequest,
  persistentShortfall,
  placeRequest,
} from "../event/index.ts";

/**
 * Asks nodes for what nobody is expected to deliver: the whole request at first, later what nodes refused, did not
 * nominate or persistently fall short of.
 */
export async function placeRequests(event: DrEvent, context: StepContext): Promise<DrEvent> {
  const { options, modules, events, nodes } = context;
  const nowUnixMs = modules.clock.nowUnixMs();
  const missing = missingWh(event, nowUnixMs, options);
  if (!isWorthCalling(missing, event.plan.requestedWh, options.tolerancePerMille)) return event;
  const ranking = rankVirtualNodes(nodes.list(), needOf(event.plan, missing, options.mtuMs), {
    nowUnixMs,
    aliveMsMax: options.aliveMsMax,
  });
  const placed = placementsOf(event, { ranking, missing, nowUnixMs, options });
  if (placed.length === 0) return event;
  for (const { request, role, reason } of placed) {
    modules.log.info("request_placed", { requestId: request.requestId, vnId: request.vnId, role, reason });
  }
  return events.update(event.plan.eventId, (current) => {
    const isFirst = current.requests.length === 0;
    return addRequests(isFirst ? { ...current, ranking } : current, placed);
  });
}

/** Peak of the missing energy as power, and the price limit of the plan. */
export function needOf(plan: EventPlan, neededWh: readonly bigint[], mtuMs: number): Need {
  const peakWh = neededWh.reduce(larger, 0n);
  return {
    peakW: Math.ceil((Number(peakWh) * MS_PER_HOUR) / mtuMs),
    priceMicroPerWhMax: plan.priceMicroPerWhMax,
  };
}

type Decision = {
  ranking: readonly RankedVirtualNode[];
  missing: readonly bigint[];
  nowUnixMs: number;
  options: { mtuMs: number; respondWithinMs: number; shortReportsMin: number } & StepContext["options"];
};

function placementsOf(event: DrEvent, { ranking, missing, nowUnixMs, options }: Decision): PlacedRequest[] {
  const asked = new Set(event.requests.map(({ request }) => request.vnId));
  const free = ranking.filter((node) => node.isEligible && !asked.has(node.vnId));
  const allocations = allocate(missing, free, options.mtuMs);
  const chosen = new Set(allocations.map(({ vnId }) => vnId));
  const fallbackVnIds = free.map(({ vnId }) => vnId).filter((vnId) => !chosen.has(vnId));
  const isFirst = event.requests.length === 0;
  return allocations.map(({ vnId, orderedWh }) => {
    const node = free.find((each) => each.vnId === vnId);
    const reason = [...(isFirst ? [] : [whyCalled(event, options)]), ...(node?.reasons ?? [])].join("; ");
    const role = isFirst ? "primary" : "fallback";
    const placement = { vnId, priceMicroPerWh: node?.priceMicroPerWh ?? 0n, orderedWh, role, reason, fallbackVnIds };
    return placeRequest(event.plan, { ...placement, role }, { nowUnixMs, respondWithinMs: options.respondWithinMs });
  });
}

/** In words, why the nodes asked so far do not suffice. */
function whyCalled(event: DrEvent, options: StepContext["options"]): string {
  const short = event.requests.filter((placed) => persistentShortfall(placed, options) !== undefined);
  if (short.length > 0) return `called because ${short.map(({ request }) => request.vnId).join(", ")} fell short`;
  const gone = event.requests.filter(({ state }) => state === "refused" || state === "expired" || state === "failed");
  if (gone.length > 0) return `called because ${gone.map(({ request }) => request.vnId).join(", ")} will not serve`;
  return "called because less was nominated than requested";
}

const MS_PER_HOUR = 3_600_000;
