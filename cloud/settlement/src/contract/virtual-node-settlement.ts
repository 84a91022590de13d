/**
 * Settlement of a contract between aggregator and virtual node (SC1) from the settled contracts of its devices (SC2).
 * The virtual node has no meter of its own: what its devices delivered is what it delivered.
 */
import { checkLength, larger, sumOf } from "../integer.ts";
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

type DevicePart = IntervalSettlement & { deviceId: string; kind: DeviceContribution["kind"] };

/**
 * Settles an SC1: payment = price x (original + rearranged), penalty = penalty price x (deficiency beyond the dead
 * band), cut to cap and deposit. The order of the contributions does not matter.
 *
 * @throws InvalidTermsError when terms, arrays or contributions do not fit each other, a contract is listed twice, or a
 *   device has orders from two contracts in one interval (its one metered change would be paid twice)
 */
export function settleVirtualNode(contract: VirtualNodeContract): VirtualNodeSettlement {
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
    earnedMicro: terms.priceMicroPerWh * totals.deliveredWh,
    chargedMicro: terms.penaltyMicroPerWh * totals.penalisedWh,
    penaltyCapMicro: terms.penaltyCapMicro,
  });
  return { ...money, ...totals, intervals, outcome: outcomeOf(totals) };
}

function settleIntervals({ terms, intervals, orderedWh, contributions }: VirtualNodeContract): VirtualNodeInterval[] {
  const parts = contributions.flatMap(({ deviceId, kind, intervals: settled }) =>
    settled.map((each): DevicePart => ({ ...each, deviceId, kind })),
  );
  return groupByInterval(intervals, parts).map(({ interval, parts: settled }, index) => {
    checkDistinctDevices(settled);
    return settleInterval(interval, { parts: settled, orderedWh: orderedWh[index] ?? 0n, terms });
  });
}

function settleInterval(
  { startUnixMs, endUnixMs }: Interval,
  { parts, orderedWh, terms }: { parts: readonly DevicePart[]; orderedWh: bigint; terms: SettlementTerms },
): VirtualNodeInterval {
  const deliveredBy = (kind: DevicePart["kind"]) =>
    sumOf(parts.filter((part) => part.kind === kind).map((part) => part.deliveredWh));
  const attribution = attribute({
    orderedWh,
    originalWh: deliveredBy("original"),
    replacementWh: deliveredBy("replacement"),
  });
  // Ordered minus deficiency is the device's net change, capped at its order: negative when it moved the wrong way.
  const netWh = sumOf(parts.map((part) => part.orderedWh - part.deficiencyWh));
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

function checkContract({ terms, intervals, orderedWh, contributions }: VirtualNodeContract): void {
  checkTerms(terms);
  checkIntervals(intervals);
  checkLength("orderedWh", orderedWh, intervals.length);
  checkOrder(orderedWh);
  checkDistinctContracts(contributions);
}
