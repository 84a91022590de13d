import assert from "node:assert/strict";
import { checkIntervals, type Interval } from "@gridpact/settlement";
import { demand } from "../contract-error.ts";

/**
 * Checks the intervals of a contract: without gaps, all of one length, and on its grid. On one grid two contracts
 * either share an interval or do not touch, which is what keeps a device from selling the same energy twice.
 *
 * @throws InvalidTermsError, ContractError TERMS_INVALID
 */
export function checkSchedule(intervals: readonly Interval[]): void {
  checkIntervals(intervals);
  const [first] = intervals;
  const unitMs = first === undefined ? 0 : first.endUnixMs - first.startUnixMs;
  const isOnGrid = intervals.every(
    ({ startUnixMs, endUnixMs }) => endUnixMs - startUnixMs === unitMs && startUnixMs % unitMs === 0,
  );
  demand(isOnGrid, "TERMS_INVALID", () => `intervals: must be market time units of ${unitMs} ms`);
}

/** @throws ContractError TERMS_INVALID unless there is one value for each interval */
export function checkPerInterval(
  intervals: readonly Interval[],
  values: Readonly<Record<string, readonly bigint[]>>,
): void {
  for (const [field, { length }] of Object.entries(values)) {
    demand(length === intervals.length, "TERMS_INVALID", () => `${field}: needs ${intervals.length} values`);
  }
}

/** Where a run of intervals begins in those of the superior contract; undefined when it is no run of them. */
export function positionIn(all: readonly Interval[], run: readonly Interval[]): number | undefined {
  const first = all.findIndex(({ startUnixMs }) => startUnixMs === run[0]?.startUnixMs);
  const isRun = run.every(({ endUnixMs }, index) => all[first + index]?.endUnixMs === endUnixMs);
  return first !== -1 && isRun ? first : undefined;
}

/** When a contract begins; what is decided about it later would be decided with hindsight. */
export function startOf({ intervals }: { readonly intervals: readonly Interval[] }): number {
  const [first] = intervals;
  assert(first !== undefined, "a contract has intervals");
  return first.startUnixMs;
}

/** When a contract ends; from then on nothing more of it can be delivered. */
export function endOf({ intervals }: { readonly intervals: readonly Interval[] }): number {
  const last = intervals.at(-1);
  assert(last !== undefined, "a contract has intervals");
  return last.endUnixMs;
}
