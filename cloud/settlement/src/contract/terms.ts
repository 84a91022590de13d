import { checkNotNegative, PER_MILLE } from "../integer.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import type { Direction } from "./delivery.ts";
import { checkIncentive, earnedMicro, type Incentive } from "./incentive.ts";
import type { Funds } from "./money.ts";

/** What two parties agreed before the event, the same for SC1 and SC2. Prices are micro-currency per Wh. */
export type SettlementTerms = {
  readonly direction: Direction;
  readonly priceMicroPerWh: bigint;
  readonly penaltyMicroPerWh: bigint;
  /** Upper bound of all penalties of the contract; the provider escrows it as deposit. */
  readonly penaltyCapMicro: bigint;
  /** Share of the order that may be missing without penalty; 0 when left out. */
  readonly deadBandPerMille?: bigint;
  /** What is paid for; energy alone when left out. */
  readonly incentive?: Incentive;
};

/**
 * The funds of a contract that was set up and accepted: escrow = what full delivery earns, deposit = penalty cap.
 *
 * @throws InvalidTermsError for a negative price, cap or order
 */
export function fundsFor(terms: SettlementTerms, orderedWh: readonly bigint[]): Funds {
  checkTerms(terms);
  checkOrder(orderedWh);
  const inFull = orderedWh.map((each) => ({ orderedWh: each, deliveredWh: each, penalisedWh: 0n }));
  return { escrowMicro: earnedMicro(terms, inFull), depositMicro: terms.penaltyCapMicro };
}

/** @throws InvalidTermsError for terms under which money could run the wrong way */
export function checkTerms(terms: SettlementTerms): void {
  // Terms are read from JSON, where the type promises nothing: an unknown direction must not count as one of the two.
  if (terms.direction !== "reduce" && terms.direction !== "increase") {
    throw new InvalidTermsError("direction", `must be reduce or increase, is ${String(terms.direction)}`);
  }
  checkNotNegative("priceMicroPerWh", terms.priceMicroPerWh);
  checkNotNegative("penaltyMicroPerWh", terms.penaltyMicroPerWh);
  checkNotNegative("penaltyCapMicro", terms.penaltyCapMicro);
  const { deadBandPerMille = 0n, incentive } = terms;
  if (incentive !== undefined) checkIncentive(incentive);
  if (deadBandPerMille < 0n || deadBandPerMille > PER_MILLE) {
    throw new InvalidTermsError("deadBandPerMille", `must be 0 to ${PER_MILLE}, is ${deadBandPerMille}`);
  }
}

/** @throws InvalidTermsError for a negative order: the direction is a name, not a sign */
export function checkOrder(orderedWh: readonly bigint[]): void {
  for (const each of orderedWh) checkNotNegative("orderedWh", each);
}
