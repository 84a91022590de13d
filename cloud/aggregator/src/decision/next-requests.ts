import { larger, smaller } from "@gridpact/settlement";
import {
  type CoverageOptions,
  type EventCourse,
  type EventPlan,
  isUnserved,
  isWorthCalling,
  missingWh,
  type PlacedRequest,
  persistentShortfall,
  placeRequest,
} from "../event/index.ts";
import type { VirtualNode } from "../registry/index.ts";
import { allocate } from "./allocate.ts";
import { type FallbackTurn, fallbackTurns } from "./fallback-turns.ts";
import { type Need, type RankedVirtualNode, type RankOptions, rankVirtualNodes } from "./rank-virtual-nodes.ts";

/**
 * What a decision about requests depends on beside event and nodes; what-ifs keep a copy of it, so that they decide
 * alike.
 */
export type PlacementOptions = CoverageOptions & RankOptions & { mtuMs: number; respondWithinMs: number };

/**
 * The requests that an event needs now: the whole reduction at first, later what nodes refused, did not nominate or
 * persistently fall short of. Whoever a contract names as its fallback comes first. Pure, so that a what-if takes the
 * very decisions that the live event will.
 */
export function nextRequests(
  event: EventCourse,
  nodes: readonly VirtualNode[],
  options: PlacementOptions,
): { ranking: RankedVirtualNode[]; placed: PlacedRequest[] } {
  const { plan } = event;
  const missing = missingWh(event, options.nowUnixMs, options);
  if (!isWorthCalling(missing, plan.requestedWh, options.tolerancePerMille)) return { ranking: [], placed: [] };
  const ranking = rankVirtualNodes(nodes, needOf(plan, missing, options.mtuMs), options);
  return { ranking, placed: place(event, { ranking, missing }, options) };
}

/** Peak of the missing energy as power, and the price limit of the plan. */
export function needOf(plan: EventPlan, neededWh: readonly bigint[], mtuMs: number): Need {
  const peakWh = neededWh.reduce(larger, 0n);
  return {
    peakW: Math.ceil((Number(peakWh) * MS_PER_HOUR) / mtuMs),
    priceMicroPerWhMax: plan.priceMicroPerWhMax,
  };
}

function place(
  event: EventCourse,
  { ranking, missing }: { ranking: readonly RankedVirtualNode[]; missing: readonly bigint[] },
  options: PlacementOptions,
): PlacedRequest[] {
  const asked = new Set(event.requests.map(({ request }) => request.vnId));
  const turns = fallbackTurns(event, options);
  const eligible = ranking.filter((node) => node.isEligible && !asked.has(node.vnId));
  const free = [...eligible.filter(({ vnId }) => turns.has(vnId)), ...eligible.filter(({ vnId }) => !turns.has(vnId))];
  const allocations = allocate(missing, free, options.mtuMs);
  const chosen = new Set(allocations.map(({ vnId }) => vnId));
  const spareVnIds = free.map(({ vnId }) => vnId).filter((vnId) => !chosen.has(vnId));
  const isFirst = event.requests.length === 0;
  const why = isFirst ? [] : [whyCalled(event, options)];
  return allocations.map(({ vnId, orderedWh }) => {
    const node = free.find((each) => each.vnId === vnId);
    const turn = inTurn(turns.get(vnId), orderedWh);
    const reason = [...why, ...(turn === undefined ? [] : [turn.reason]), ...(node?.reasons ?? [])].join("; ");
    const role = isFirst ? "primary" : "fallback";
    const placement = { vnId, priceMicroPerWh: node?.priceMicroPerWh ?? 0n, orderedWh, fallbackVnIds: spareVnIds };
    return placeRequest(event.plan, { ...placement, ...turn, role, reason }, options);
  });
}

/** What is asked of a node whose turn it is; undefined when nothing of it is what the contract orders. */
function inTurn(turn: FallbackTurn | undefined, wantedWh: readonly bigint[]) {
  if (turn === undefined) return undefined;
  const { orderedWhMax, inPlaceOf, fallbackVnIds } = turn;
  const orderedWh = wantedWh.map((each, index) => smaller(each, orderedWhMax[index] ?? 0n));
  const isEmpty = orderedWh.every((each) => each === 0n);
  return isEmpty ? undefined : { inPlaceOf, orderedWh, fallbackVnIds, reason: `next fallback of ${inPlaceOf}` };
}

/** In words, why the nodes asked so far do not suffice. */
function whyCalled(event: EventCourse, options: CoverageOptions): string {
  const short = event.requests.filter((placed) => persistentShortfall(placed, options) !== undefined);
  if (short.length > 0) return `called because ${short.map(({ request }) => request.vnId).join(", ")} fell short`;
  const gone = event.requests.filter(({ state }) => isUnserved(state));
  if (gone.length > 0) return `called because ${gone.map(({ request }) => request.vnId).join(", ")} will not serve`;
  return "called because less was nominated than requested";
}

const MS_PER_HOUR = 3_600_000;
