/**
 * Settlement of a contract between aggregator and virtual node (SC1) from the settled contracts of its devices (SC2).
 * The virtual node has no meter of its own: what its devices delivered is what it delivered.
 */
import { checkLength, larger, smaller, sumOf } from "../integer.ts";
import { checkIntervals, type Interval } from "../interval.ts";
import { assertInvariant } from "../invariant.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import {
  type Attribution,
  attribute,
  checkDistinctContracts,
  groupByInterval,
  totalAttribution,
} from "./attribution.ts";
import { beyondDeadBand, type IntervalSettlement } from "./delivery.ts";
import { type EarningInterval, earnedMicro } from "./incentive.ts";
import { type Funds, type MoneySplit, splitFunds } from "./money.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { checkOrder, checkTerms, fundsFor, type SettlementTerms } from "./terms.ts";

/** The settled intervals of one device contract. */
export type DeviceContribution = {
  readonly contractId: string;
  readonly deviceId: string;
  /** Chosen before the event, or called in during it. */
  readonly kind: "original" | "replacement";
  readonly intervals: readonly IntervalSettlement[];
  /** What the contract ordered in each of them before it was amended; left out when it never was. */
  readonly plannedWh?: readonly bigint[];
};

/** Everything an SC1 is settled from; `orderedWh` has one value for each interval. */
export type VirtualNodeContract = {
  readonly terms: SettlementTerms;
  readonly intervals: readonly Interval[];
  readonly orderedWh: readonly bigint[];
  readonly contributions: readonly DeviceContribution[];
  /** The funds really held; left out, they are `fundsFor(terms, orderedWh)`. */
  readonly funds?: Funds;
};

/** Wh; what its SC2 delivered in the interval, attributed to the order of the SC1. */
export type VirtualNodeInterval = Interval &
  Attribution & {
    /** UFTP deficiency of the whole node: beyond `deficientWh` where devices moved the wrong way. */
    readonly deficiencyWh: bigint;
    readonly penalisedWh: bigint;
  };

/** The statement of an SC1. */
export type VirtualNodeSettlement = MoneySplit &
  Attribution & {
    readonly intervals: readonly VirtualNodeInterval[];
    /** `originalWh + rearrangedWh`: what is paid. */
    readonly deliveredWh: bigint;
    readonly deficiencyWh: bigint;
    readonly penalisedWh: bigint;
    readonly outcome: Outcome;
  };

type DevicePart = IntervalSettlement & { deviceId: string; originalWhMax: bigint };

/**
 * What many devices did in one interval, as far as the SC1 needs to know: sums can be added, so that an event of any
 * size is settled from a few of them.
 */
export type DeliverySum = Interval & {
  /** Delivered by those first chosen, of what was first ordered of them. */
  readonly originalWh: bigint;
  /** Delivered by those called in later, and by others beyond what was first ordered of them. */
  readonly replacementWh: bigint;
  /** Net change of all, each capped at its order; negative when devices moved the wrong way. */
  readonly netWh: bigint;
};

/** Everything an SC1 is settled from when its devices were added up before. */
export type SummedContract = Omit<VirtualNodeContract, "contributions"> & {
  /** Sums of disjoint groups of devices, each over all intervals of the contract. */
  readonly sums: readonly (readonly DeliverySum[])[];
};

/**
 * Adds devices up for each interval of the SC1. No interval of a device may be in two groups that are summed apart: the
 * ledger sells each only once.
 *
 * @throws InvalidTermsError for an interval that was not ordered, a contract that is listed twice, a plan of another
 *   length, or a device with orders from two contracts in one interval (its one metered change would be paid twice)
 */
export function sumDeliveries(
  intervals: readonly Interval[],
  contributions: readonly DeviceContribution[],
): DeliverySum[] {
  checkDistinctContracts(contributions);
  const parts = contributions.flatMap(partsOf);
  return groupByInterval(intervals, parts).map(({ interval, parts: settled }) => {
    checkDistinctDevices(settled);
    return sumInterval(interval, settled);
  });
}

/** Energy that an amendment moved to a device is re-arranged, like all that a replacement delivers. */
function partsOf({ deviceId, kind, intervals, plannedWh }: DeviceContribution): DevicePart[] {
  if (plannedWh !== undefined) checkLength("plannedWh", plannedWh, intervals.length);
  return intervals.map((each, index) => {
    const originalWhMax = kind === "replacement" ? 0n : (plannedWh?.[index] ?? each.orderedWh);
    return { ...each, deviceId, originalWhMax };
  });
}

/**
 * Settles an SC1: payment by the incentive for original + rearranged, penalty = penalty price x (deficiency beyond the
 * dead band), cut to cap and deposit. The order of the contributions does not matter.
 *
 * @throws InvalidTermsError when terms, arrays or contributions do not fit each other, or as `sumDeliveries` does
 */
export function settleVirtualNode({ contributions, ...contract }: VirtualNodeContract): VirtualNodeSettlement {
  return settleFromSums({ ...contract, sums: [sumDeliveries(contract.intervals, contributions)] });
}

/**
 * As `settleVirtualNode`, from sums of groups of devices: the way the ledger goes, group by group. Neither the order of
 * the sums nor how devices were grouped matters.
 *
 * @throws InvalidTermsError when terms, arrays or sums do not fit each other
 */
export function settleFromSums(contract: SummedContract): VirtualNodeSettlement {
  checkContract(contract);
  const { terms, orderedWh, funds = fundsFor(terms, orderedWh) } = contract;
  const intervals = settleIntervals(contract);
  const attribution = totalAttribution(intervals);
  const totals = {
    ...attribution,
    deliveredWh: attribution.originalWh + attribution.rearrangedWh,
    deficiencyWh: sumOf(intervals.map((each) => each.deficiencyWh)),
    penalisedWh: sumOf(intervals.map((each) => each.penalisedWh)),
  };
  const money = splitFunds(funds, {
    earnedMicro: earnedMicro(terms, intervals.map(earningOf)),
    chargedMicro: terms.penaltyMicroPerWh * totals.penalisedWh,
    penaltyCapMicro: terms.penaltyCapMicro,
  });
  return { ...money, ...totals, intervals, outcome: outcomeOf(totals) };
}

function earningOf({ orderedWh, originalWh, rearrangedWh, penalisedWh }: VirtualNodeInterval): EarningInterval {
  return { orderedWh, deliveredWh: originalWh + rearrangedWh, penalisedWh };
}

function sumInterval({ startUnixMs, endUnixMs }: Interval, parts: readonly DevicePart[]): DeliverySum {
  const originalWh = sumOf(parts.map(({ deliveredWh, originalWhMax }) => smaller(deliveredWh, originalWhMax)));
  return {
    startUnixMs,
    endUnixMs,
    originalWh,
    replacementWh: sumOf(parts.map((part) => part.deliveredWh)) - originalWh,
    // Ordered minus deficiency is the device's net change, capped at its order.
    netWh: sumOf(parts.map((part) => part.orderedWh - part.deficiencyWh)),
  };
}

function settleIntervals({ terms, intervals, orderedWh, sums }: SummedContract): VirtualNodeInterval[] {
  const parts = sums.flat();
  return groupByInterval(intervals, parts).map(({ interval, parts: summed }, index) =>
    settleInterval(interval, { parts: summed, orderedWh: orderedWh[index] ?? 0n, terms }),
  );
}

function settleInterval(
  { startUnixMs, endUnixMs }: Interval,
  { parts, orderedWh, terms }: { parts: readonly DeliverySum[]; orderedWh: bigint; terms: SettlementTerms },
): VirtualNodeInterval {
  const attribution = attribute({
    orderedWh,
    originalWh: sumOf(parts.map((part) => part.originalWh)),
    replacementWh: sumOf(parts.map((part) => part.replacementWh)),
  });
  const netWh = sumOf(parts.map((part) => part.netWh));
  const deficiencyWh = orderedWh === 0n ? 0n : larger(0n, orderedWh - netWh);
  assertInvariant(deficiencyWh >= attribution.deficientWh, "what nobody delivered is at least deficient");
  const deadBandPerMille = terms.deadBandPerMille ?? 0n;
  const penalisedWh = beyondDeadBand({ orderedWh, deficiencyWh, deadBandPerMille });
  return { startUnixMs, endUnixMs, ...attribution, deficiencyWh, penalisedWh };
}

function checkDistinctDevices(parts: readonly DevicePart[]): void {
  const ordered = parts.filter((part) => part.orderedWh > 0n).map((part) => part.deviceId);
  if (new Set(ordered).size !== ordered.length) {
    throw new InvalidTermsError("deviceId", "a device has orders from two contracts in one interval");
  }
}

function checkContract({ terms, intervals, orderedWh }: SummedContract): void {
  checkTerms(terms);
  checkIntervals(intervals);
  checkLength("orderedWh", orderedWh, intervals.length);
  checkOrder(orderedWh);
}
