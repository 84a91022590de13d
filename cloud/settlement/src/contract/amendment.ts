/** Amendments: orders of intervals to come that are moved between the devices of one virtual node. */
import { checkLength, checkNotNegative, sumOf } from "../integer.ts";
import type { Interval } from "../interval.ts";
import { groupByInterval } from "./attribution.ts";

/** How the order of one contract with a device changes; arrays have one value for each of its intervals. */
export type OrderChange = {
  readonly intervals: readonly Interval[];
  readonly beforeWh: readonly bigint[];
  readonly afterWh: readonly bigint[];
};

/**
 * By how much changes of orders change what all devices together are to deliver, for each interval of the SC1: zero
 * where energy only moves, below zero where some of it is given up.
 *
 * @throws InvalidTermsError for an interval that the SC1 does not have, arrays that do not fit or a negative order
 */
export function sumOrderChanges(intervals: readonly Interval[], changes: readonly OrderChange[]): bigint[] {
  const parts = changes.flatMap(partsOf);
  return groupByInterval(intervals, parts).map(({ parts: own }) => sumOf(own.map(({ changeWh }) => changeWh)));
}

function partsOf({ intervals, beforeWh, afterWh }: OrderChange): (Interval & { changeWh: bigint })[] {
  checkLength("beforeWh", beforeWh, intervals.length);
  checkLength("afterWh", afterWh, intervals.length);
  for (const each of afterWh) checkNotNegative("orderedWh", each);
  return intervals.map(({ startUnixMs, endUnixMs }, index) => {
    return { startUnixMs, endUnixMs, changeWh: (afterWh[index] ?? 0n) - (beforeWh[index] ?? 0n) };
  });
}
