/** What came of a whole event: one request served by several virtual nodes, some of them called in as fallback. */
import { checkLength, sumOf } from "../integer.ts";
import { checkIntervals, type Interval } from "../interval.ts";
import {
  type Attribution,
  attribute,
  checkDistinctContracts,
  groupByInterval,
  totalAttribution,
} from "./attribution.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { checkOrder } from "./terms.ts";
import type { VirtualNodeInterval } from "./virtual-node-settlement.ts";

/** The settled intervals of one SC1. */
export type VirtualNodeContribution = {
  readonly contractId: string;
  /** Asked before the event, or called in when a primary node fell short. */
  readonly role: "primary" | "fallback";
  readonly intervals: readonly VirtualNodeInterval[];
};

/**
 * One event as requested; `orderedWh` has one value for each interval and is what was asked of the primaries together.
 */
export type EventContracts = {
  readonly intervals: readonly Interval[];
  readonly orderedWh: readonly bigint[];
  readonly virtualNodes: readonly VirtualNodeContribution[];
};

/** Sums over the intervals, and those; `deficientWh` is what of the request never came from anyone. */
export type EventTotals = Attribution & {
  readonly intervals: readonly (Interval & Attribution)[];
  /** `originalWh + rearrangedWh`. */
  readonly deliveredWh: bigint;
  readonly outcome: Outcome;
};

type NodePart = VirtualNodeInterval & { role: VirtualNodeContribution["role"] };

/**
 * Energy totals of an event: delivered by the devices first chosen, re-arranged (replacement devices and fallback
 * nodes), deficient. Money is added up by `totalMoney` over all SC1 and SC2 of the event.
 *
 * @throws InvalidTermsError when arrays do not fit, an interval was not requested or a contract is listed twice
 */
export function totalEvent({ intervals, orderedWh, virtualNodes }: EventContracts): EventTotals {
  checkIntervals(intervals);
  checkLength("orderedWh", orderedWh, intervals.length);
  checkOrder(orderedWh);
  checkDistinctContracts(virtualNodes);
  const parts = virtualNodes.flatMap(({ role, intervals: settled }) =>
    settled.map((each): NodePart => ({ ...each, role })),
  );
  const attributed = groupByInterval(intervals, parts).map(({ interval, parts: nodes }, index) => ({
    startUnixMs: interval.startUnixMs,
    endUnixMs: interval.endUnixMs,
    ...attributeNodes(orderedWh[index] ?? 0n, nodes),
  }));
  const totals = totalAttribution(attributed);
  const deliveredWh = totals.originalWh + totals.rearrangedWh;
  const outcome = outcomeOf({ orderedWh: totals.orderedWh, deliveredWh, penalisedWh: totals.deficientWh });
  return { ...totals, intervals: attributed, deliveredWh, outcome };
}

/** All that a fallback node delivers is re-arranged: nobody had planned with it. */
function attributeNodes(orderedWh: bigint, nodes: readonly NodePart[]): Attribution {
  const primaries = nodes.filter((node) => node.role === "primary");
  const fallbacks = nodes.filter((node) => node.role === "fallback");
  return attribute({
    orderedWh,
    originalWh: sumOf(primaries.map((node) => node.originalWh)),
    replacementWh: sumOf([
      ...primaries.map((node) => node.rearrangedWh),
      ...fallbacks.map((node) => node.originalWh + node.rearrangedWh),
    ]),
  });
}
