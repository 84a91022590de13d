import type { DrRequest } from "@gridpact/proto";
import { share, sumOf } from "@gridpact/settlement";
import {
  type EventCourse,
  type EventPlan,
  eventStartUnixMs,
  type PlacedRequest,
  type RequestRole,
} from "./dr-event.ts";

/** What one node is to be asked for, as `allocate` and the fallbacks' turns have it. */
export type Placement = {
  vnId: string;
  priceMicroPerWh: bigint;
  /** Wh in each interval of the event; intervals at the front without an order are left out of the request. */
  orderedWh: readonly bigint[];
  role: RequestRole;
  reason: string;
  fallbackVnIds: string[];
  /** The contract whose named fallback the node is; left out when it is asked without one. */
  inPlaceOf?: string;
};

/** Nodes named in SC1 as possible help; more than these are never asked in time. */
const FALLBACK_NODES_MAX = 8;

/**
 * A request to one virtual node. Its id follows from event and node, so placing it again after a crash is the same
 * request, and one node serves an event at most once.
 */
export function placeRequest(
  plan: EventPlan,
  placement: Placement,
  time: { nowUnixMs: number; respondWithinMs: number },
): PlacedRequest {
  const { vnId, priceMicroPerWh, fallbackVnIds, role, reason, inPlaceOf } = placement;
  const first = placement.orderedWh.findIndex((each) => each > 0n);
  const intervals = plan.intervals.slice(first);
  const orderedWh = placement.orderedWh.slice(first);
  const request: DrRequest = {
    requestId: contractIdOf(plan.eventId, vnId),
    eventId: plan.eventId,
    vnId,
    contractId: contractIdOf(plan.eventId, vnId),
    intervals,
    orderedWh,
    priceMicroPerWh,
    penaltyMicroPerWh: plan.penaltyMicroPerWh,
    penaltyCapMicro: share(sumOf(orderedWh) * priceMicroPerWh, plan.penaltyCapPerMille),
    baselineMethod: plan.baselineMethod,
    fallbackVnIds: fallbackVnIds.slice(0, FALLBACK_NODES_MAX),
    respondByUnixMs: respondBy(intervals[0]?.startUnixMs ?? eventStartUnixMs(plan), time),
  };
  const called = inPlaceOf === undefined ? {} : { inPlaceOf };
  return { request, role, reason, ...called, state: "open", response: null, reports: [] };
}

/** Adds requests to nodes that the event has not asked yet. */
export function addRequests<E extends EventCourse>(event: E, placed: readonly PlacedRequest[]): E {
  const asked = new Set(event.requests.map(({ request }) => request.vnId));
  const added = placed.filter(({ request }) => !asked.has(request.vnId));
  return added.length === 0 ? event : { ...event, requests: [...event.requests, ...added] };
}

function contractIdOf(eventId: string, vnId: string): string {
  return `${eventId}.${vnId}`;
}

/** The answer must come before the event starts: half of the time left is the node's to answer, half to contract. */
function respondBy(startUnixMs: number, time: { nowUnixMs: number; respondWithinMs: number }): number {
  const halfway = time.nowUnixMs + Math.floor((startUnixMs - time.nowUnixMs) / 2);
  return Math.min(time.nowUnixMs + time.respondWithinMs, halfway);
}
