import type { BaselineMethod, DrReport, DrRequest, DrResponse, RequestInterval } from "@gridpact/proto";
import type { MoneyTotals, Outcome } from "@gridpact/settlement";
import type { RankedVirtualNode } from "../decision/index.ts";
import type { Recommendation } from "../dss/index.ts";

/** What the operator (or OpenADR) wants: a reduction in each interval, and what the programme pays for it. */
export type EventPlan = {
  eventId: string;
  /** Whole market time units without gaps. */
  intervals: RequestInterval[];
  /** Reduction wanted, Wh per interval. */
  requestedWh: bigint[];
  priceMicroPerWhMax: bigint;
  penaltyMicroPerWh: bigint;
  /** Most that all penalties of one contract may reach, as share of the contract's value. */
  penaltyCapPerMille: number;
  baselineMethod: BaselineMethod;
};

/**
 * ```
 * open -> accepted -> contracted -> completed
 *   |         |            +------> failed     SC1 exists, but the node never accepted it: escrow returned
 *   |         +-------------------> failed     the ledger refused SC1, as when the event had begun
 *   +-> refused | expired                      the node's word, or none in time
 * ```
 */
export type RequestState = "open" | "refused" | "expired" | "accepted" | "contracted" | "completed" | "failed";

/** `primary`: placed with the plan. `fallback`: called in when the others fell short. */
export type RequestRole = "primary" | "fallback";

/** A request to one virtual node with all that became of it. */
export type PlacedRequest = {
  request: DrRequest;
  role: RequestRole;
  /** Why this node, why now; in words for the operator. */
  reason: string;
  /** The contract whose named fallback the node is, which the ledger is told; left out for any other request. */
  inPlaceOf?: string;
  state: RequestState;
  response: DrResponse | null;
  /** In order of arrival; at most one for each interval. Index counts the request's own intervals. */
  reports: DrReport[];
};

/** What came of the event, read from the ledger when every contract was completed. */
export type EventResult = {
  requestedWh: bigint;
  deliveredWh: bigint;
  /** Part of `deliveredWh` that came from replacement devices and fallback nodes. */
  rearrangedWh: bigint;
  deficientWh: bigint;
  outcome: Outcome;
  money: MoneyTotals;
};

/** An event as the aggregator keeps it: one file, written anew with each step of it. */
export type DrEvent = {
  plan: EventPlan;
  plannedAtUnixMs: number;
  /** What each strategy was expected to bring; by the recommended one nodes are asked, at first and as fallback. */
  recommendation: Recommendation;
  /** The decision as it was taken, with reasons. */
  ranking: RankedVirtualNode[];
  requests: PlacedRequest[];
  result: EventResult | null;
};

/** As much of an event as decisions about it look at; a what-if plays with no more. */
export type EventCourse = Pick<DrEvent, "plan" | "requests">;

/** In this order; `settling` begins with the event's end, whether or not anybody has a contract. */
export type EventPhase = "planned" | "requested" | "contracted" | "running" | "settling" | "completed";

/** Where an event stands; a function of its requests and the time, so that it cannot contradict them. */
export function phaseOf(event: DrEvent, nowUnixMs: number): EventPhase {
  if (event.result !== null) return "completed";
  if (event.requests.length === 0) return "planned";
  if (nowUnixMs >= eventEndUnixMs(event.plan)) return "settling";
  if (!event.requests.some(({ state }) => state === "contracted")) return "requested";
  return nowUnixMs >= eventStartUnixMs(event.plan) ? "running" : "contracted";
}

/** 0, which lies before every clock, for a plan without intervals, which `checkPlan` refuses. */
export function eventStartUnixMs({ intervals }: EventPlan): number {
  return intervals[0]?.startUnixMs ?? 0;
}

/** Exclusive; 0 for a plan without intervals, which `checkPlan` refuses. */
export function eventEndUnixMs({ intervals }: EventPlan): number {
  return intervals.at(-1)?.endUnixMs ?? 0;
}

/** Which of a request's own intervals begins then; -1 when none does, as a request may begin later than its event. */
export function intervalIndexAt({ intervals }: DrRequest, startUnixMs: number): number {
  return intervals.findIndex((interval) => interval.startUnixMs === startUnixMs);
}

/** `expired`: the node did not answer in time. `failed`: it accepted, and the contract did not come about. */
export type UnservedState = Extract<RequestState, "refused" | "expired" | "failed">;

/** True when a request has ended without a contract. */
export function isUnserved(state: RequestState): state is UnservedState {
  return state === "refused" || state === "expired" || state === "failed";
}

/** True when nothing can become of a request any more. */
export function isFinal(state: RequestState): boolean {
  return state === "completed" || isUnserved(state);
}

/** The event with one of its requests changed; the same event when the change returns its argument. */
export function withRequest(
  event: DrEvent,
  requestId: string,
  change: (placed: PlacedRequest) => PlacedRequest,
): DrEvent {
  const requests = event.requests.map((placed) => (placed.request.requestId === requestId ? change(placed) : placed));
  const isSame = requests.every((placed, index) => placed === event.requests[index]);
  return isSame ? event : { ...event, requests };
}
