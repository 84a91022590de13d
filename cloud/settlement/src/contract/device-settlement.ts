import { checkLength, sumOf } from "../integer.ts";
import { checkIntervals, type Interval } from "../interval.ts";
import { type IntervalSettlement, settleInterval } from "./delivery.ts";
import { earnedMicro } from "./incentive.ts";
import { type Funds, type MoneySplit, splitFunds } from "./money.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { checkOrder, checkTerms, fundsFor, type SettlementTerms } from "./terms.ts";

/** Everything a contract with one device (SC2) is settled from: arrays have one value for each interval. */
export type DeviceContract = {
  readonly terms: SettlementTerms;
  readonly intervals: readonly Interval[];
  readonly baselineWh: readonly bigint[];
  readonly orderedWh: readonly bigint[];
  /** Net import metered; `null` where signed registers do not bound the interval. */
  readonly actualWh: readonly (bigint | null)[];
  /** The funds really held; left out, they are `fundsFor(terms, orderedWh)`. */
  readonly funds?: Funds;
};

/** The statement of one contract with one device. */
export type DeviceSettlement = MoneySplit & {
  readonly intervals: readonly IntervalSettlement[];
  readonly orderedWh: bigint;
  readonly deliveredWh: bigint;
  readonly deficiencyWh: bigint;
  readonly penalisedWh: bigint;
  readonly outcome: Outcome;
};

/**
 * Settles a contract with one device: payment by the incentive, penalty = penalty price x (deficiency beyond the
 * dead band), cut to cap and deposit. Pure: the same input gives the same statement on every peer and in every browser.
 *
 * @throws InvalidTermsError when terms, arrays or funds do not fit each other
 */
export function settle(contract: DeviceContract): DeviceSettlement {
  checkContract(contract);
  const { terms, orderedWh, funds = fundsFor(terms, orderedWh) } = contract;
  const intervals = settleIntervals(contract);
  const totals = {
    orderedWh: sumOf(orderedWh),
    deliveredWh: sumOf(intervals.map((each) => each.deliveredWh)),
    deficiencyWh: sumOf(intervals.map((each) => each.deficiencyWh)),
    penalisedWh: sumOf(intervals.map((each) => each.penalisedWh)),
  };
  const money = splitFunds(funds, {
    earnedMicro: earnedMicro(terms, intervals),
    chargedMicro: terms.penaltyMicroPerWh * totals.penalisedWh,
    penaltyCapMicro: terms.penaltyCapMicro,
  });
  return { ...money, ...totals, intervals, outcome: outcomeOf(totals) };
}

function settleIntervals({ terms, intervals, ...energy }: DeviceContract): IntervalSettlement[] {
  const rule = { direction: terms.direction, deadBandPerMille: terms.deadBandPerMille ?? 0n };
  return intervals.map(({ startUnixMs, endUnixMs }, index) =>
    settleInterval(
      {
        startUnixMs,
        endUnixMs,
        baselineWh: energy.baselineWh[index] ?? 0n,
        orderedWh: energy.orderedWh[index] ?? 0n,
        actualWh: energy.actualWh[index] ?? null,
      },
      rule,
    ),
  );
}

function checkContract({ terms, intervals, baselineWh, orderedWh, actualWh }: DeviceContract): void {
  checkTerms(terms);
  checkIntervals(intervals);
  checkLength("baselineWh", baselineWh, intervals.length);
  checkLength("orderedWh", orderedWh, intervals.length);
  checkLength("actualWh", actualWh, intervals.length);
  checkOrder(orderedWh);
}
