/**
 * The law of a settled SC1, told a second time from what the contracts of its devices say, amendments included:
 *
 *      original + re-arranged + deficient = requested            in every interval
 */
import { type Sc1, type Sc2, termsInForce } from "@gridpact/contracts";
import { smaller, sumOf } from "@gridpact/settlement";

type DeviceInterval = { startUnixMs: number; originalWh: bigint; otherWh: bigint };

/** Intervals and contracts that break it, in words; none for a contract that was never settled. */
export function arrangementFaults({ settlement }: Pick<Sc1, "settlement">, members: readonly Sc2[]): string[] {
  const delivered = members.flatMap(deliveredBy);
  const broken = (settlement?.intervals ?? []).flatMap((interval) => {
    const { startUnixMs, orderedWh, originalWh, rearrangedWh, deficientWh } = interval;
    const own = delivered.filter((each) => each.startUnixMs === startUnixMs);
    const expectedOriginalWh = smaller(orderedWh, sumOf(own.map((each) => each.originalWh)));
    const expectedOtherWh = smaller(orderedWh - expectedOriginalWh, sumOf(own.map((each) => each.otherWh)));
    const isExact =
      originalWh === expectedOriginalWh &&
      rearrangedWh === expectedOtherWh &&
      originalWh + rearrangedWh + deficientWh === orderedWh;
    const parts = `${originalWh} original + ${rearrangedWh} re-arranged + ${deficientWh} deficient`;
    return isExact ? [] : [`at ${startUnixMs}: ${parts} of ${orderedWh} Wh`];
  });
  return [...broken, ...members.filter((each) => !isByOrderInForce(each)).map(faultOf)];
}

/** What is beyond the order that the device first agreed to was moved to it, as all that a replacement delivers. */
function deliveredBy({ terms, settlement }: Sc2): DeviceInterval[] {
  return (settlement?.intervals ?? []).map(({ startUnixMs, deliveredWh }, index) => {
    const plannedWh = terms.kind === "original" ? (terms.orderedWh[index] ?? 0n) : 0n;
    const originalWh = smaller(deliveredWh, plannedWh);
    return { startUnixMs, originalWh, otherWh: deliveredWh - originalWh };
  });
}

function isByOrderInForce(contract: Sc2): boolean {
  const { orderedWh } = termsInForce(contract);
  return (contract.settlement?.intervals ?? []).every((each, index) => each.orderedWh === orderedWh[index]);
}

function faultOf({ terms }: Sc2): string {
  return `${terms.contractId} was settled by another order than the one in force`;
}
