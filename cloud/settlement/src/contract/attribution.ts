/**
 * Who delivered what of a request, per interval and in total. The law of both levels (virtual node and event):
 *
 *      original + rearranged + deficient = ordered
 */
import { larger, smaller, sumOf } from "../integer.ts";
import type { Interval } from "../interval.ts";
import { assertInvariant } from "../invariant.ts";
import { InvalidTermsError } from "../settlement-error.ts";

/** Wh; `originalWh + rearrangedWh + deficientWh = orderedWh`, none negative. */
export type Attribution = {
  readonly orderedWh: bigint;
  /** Delivered by those first chosen. */
  readonly originalWh: bigint;
  /** Delivered by those called in later for what the first left open. */
  readonly rearrangedWh: bigint;
  /** Delivered by nobody; from 0 to `orderedWh`. */
  readonly deficientWh: bigint;
};

/**
 * Attributes the order of one interval. Delivery beyond the order counts for nobody, and the first chosen come first,
 * so a replacement called in too much does not push out an original.
 */
export function attribute(request: { orderedWh: bigint; originalWh: bigint; replacementWh: bigint }): Attribution {
  const { orderedWh } = request;
  const originalWh = smaller(orderedWh, request.originalWh);
  const rearrangedWh = smaller(orderedWh - originalWh, request.replacementWh);
  const deficientWh = larger(0n, orderedWh - originalWh - rearrangedWh);
  assertInvariant(originalWh >= 0n && rearrangedWh >= 0n, "no delivered energy is negative");
  assertInvariant(originalWh + rearrangedWh + deficientWh === orderedWh, "every ordered Wh is attributed once");
  return { orderedWh, originalWh, rearrangedWh, deficientWh };
}

/** Sums attributions over intervals. */
export function totalAttribution(parts: readonly Attribution[]): Attribution {
  return {
    orderedWh: sumOf(parts.map((part) => part.orderedWh)),
    originalWh: sumOf(parts.map((part) => part.originalWh)),
    rearrangedWh: sumOf(parts.map((part) => part.rearrangedWh)),
    deficientWh: sumOf(parts.map((part) => part.deficientWh)),
  };
}

/**
 * Sorts the parts of subordinate contracts into the intervals of the superior one: a replacement or fallback covers
 * only the intervals that were left when it was called.
 *
 * @throws InvalidTermsError for a part whose interval the superior contract does not have
 */
export function groupByInterval<Part extends Interval>(
  intervals: readonly Interval[],
  parts: readonly Part[],
): { interval: Interval; parts: Part[] }[] {
  const groups = intervals.map((interval) => ({ interval, parts: [] as Part[] }));
  const groupByStart = new Map(groups.map((group) => [group.interval.startUnixMs, group]));
  for (const part of parts) {
    const group = groupByStart.get(part.startUnixMs);
    if (group === undefined || group.interval.endUnixMs !== part.endUnixMs) {
      throw new InvalidTermsError("intervals", `no interval [${part.startUnixMs}, ${part.endUnixMs}) was ordered`);
    }
    group.parts.push(part);
  }
  return groups;
}

/** @throws InvalidTermsError when one contract is listed twice, which would count its energy twice */
export function checkDistinctContracts(contracts: readonly { readonly contractId: string }[]): void {
  const ids = new Set(contracts.map(({ contractId }) => contractId));
  if (ids.size !== contracts.length) throw new InvalidTermsError("contractId", "a contract is listed twice");
}
