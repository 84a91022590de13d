/**
 * How much of an event is covered, interval by interval: what was reported for the intervals that are over, and what
 * each node is expected to deliver in those to come. What is missing is asked of another node.
 *
 *      interval      0         1         2         3
 *      requested   500       500       500       500
 *      reported    300       310         .         .       two reports short in a row: persistent
 *      expected    300       310       305       305       the nomination scaled by those reports
 *      missing       .         .       195       195       only intervals that a called node can still serve
 */

import { isMoreThanShare, larger, sumOf } from "@gridpact/settlement";
import type { EventCourse, PlacedRequest } from "./dr-event.ts";

export type CoverageOptions = {
  /** Reports short in a row that make a shortfall persistent; the node itself gets the time until then. */
  shortReportsMin: number;
  /** Share of an order that may be missing without being a shortfall. */
  tolerancePerMille: number;
  /** A node that is called needs this long before its first interval. */
  callLeadMs: number;
};

/**
 * Energy that nobody is expected to deliver, Wh in each interval of the event; 0 where it is too late to call anyone.
 */
export function missingWh(event: EventCourse, nowUnixMs: number, options: CoverageOptions): bigint[] {
  const { intervals, requestedWh } = event.plan;
  const expected = event.requests.map((placed) => expectedByStart(placed, options));
  return intervals.map(({ startUnixMs }, index) => {
    if (startUnixMs < nowUnixMs + options.callLeadMs) return 0n;
    const coveredWh = sumOf(expected.map((each) => each.get(startUnixMs) ?? 0n));
    return larger(0n, (requestedWh[index] ?? 0n) - coveredWh);
  });
}

/** True when the missing energy is more than the tolerated share of what was requested for the same intervals. */
export function isWorthCalling(
  missing: readonly bigint[],
  requestedWh: readonly bigint[],
  tolerancePerMille: number,
): boolean {
  const wantedWh = sumOf(requestedWh.filter((_, index) => missing[index] !== 0n));
  const openWh = sumOf(missing);
  return openWh > 0n && isMoreThanShare(openWh, wantedWh, tolerancePerMille);
}

/** The newest reports of a request when all of them are short, else undefined. */
export function persistentShortfall(
  placed: PlacedRequest,
  options: CoverageOptions,
): { deliveredWh: bigint; nominatedWh: bigint } | undefined {
  const newest = [...placed.reports]
    .sort((left, right) => left.intervalIndex - right.intervalIndex)
    .slice(-options.shortReportsMin);
  if (newest.length < options.shortReportsMin) return undefined;
  const rows = newest.map(({ intervalIndex, deliveredWh }) => ({
    deliveredWh,
    nominatedWh: placed.response?.nominatedWh[intervalIndex] ?? 0n,
  }));
  const isShort = rows.every(({ deliveredWh, nominatedWh }) => {
    return isMoreThanShare(nominatedWh - deliveredWh, nominatedWh, options.tolerancePerMille);
  });
  if (!isShort) return undefined;
  return {
    deliveredWh: sumOf(rows.map((row) => row.deliveredWh)),
    nominatedWh: sumOf(rows.map((row) => row.nominatedWh)),
  };
}

/** Expected energy of one request by start of interval; the event's and the request's intervals may differ. */
function expectedByStart(placed: PlacedRequest, options: CoverageOptions): Map<number, bigint> {
  const shortfall = persistentShortfall(placed, options);
  const reportedWh = new Map(placed.reports.map((report) => [report.intervalIndex, report.deliveredWh]));
  return new Map(
    placed.request.intervals.map(({ startUnixMs }, index) => {
      return [startUnixMs, reportedWh.get(index) ?? scaled(promisedWh(placed, index), shortfall)];
    }),
  );
}

function promisedWh({ state, request, response }: PlacedRequest, index: number): bigint {
  if (state === "open") return request.orderedWh[index] ?? 0n;
  if (state === "accepted" || state === "contracted" || state === "completed")
    return response?.nominatedWh[index] ?? 0n;
  return 0n;
}

function scaled(wh: bigint, shortfall: { deliveredWh: bigint; nominatedWh: bigint } | undefined): bigint {
  return shortfall === undefined ? wh : (wh * shortfall.deliveredWh) / shortfall.nominatedWh;
}
