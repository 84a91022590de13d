/** What a programme pays for: energy alone, being available as well, or energy by how much of the order was met. */
import { checkNotNegative, larger, PER_MILLE, smaller, sumOf } from "../integer.ts";
import { InvalidTermsError } from "../settlement-error.ts";

/** A price for a band of the order: up to this share of it, per mille. */
export type Tier = { readonly uptoPerMille: bigint; readonly priceMicroPerWh: bigint };

/**
 * - `energy`: price x delivered.
 * - `capacity`: price x delivered, and the capacity price for each Wh ordered in intervals without a penalty.
 * - `tiered`: each band of the order has its own price, so that one Wh more never changes what the others earned.
 */
export type Incentive =
  | { readonly kind: "energy" }
  | { readonly kind: "capacity"; readonly capacityMicroPerWh: bigint }
  | { readonly kind: "tiered"; readonly tiers: readonly Tier[] };

/** Bands of one order: a handful says all that a programme wants to say. */
export const TIERS_MAX = 8;

/** Wh of one interval, the order of one contract or of a whole node. */
export type EarningInterval = {
  readonly orderedWh: bigint;
  /** From 0 to `orderedWh`. */
  readonly deliveredWh: bigint;
  readonly penalisedWh: bigint;
};

type Prices = { readonly priceMicroPerWh: bigint; readonly incentive?: Incentive };

/** What was earned in these intervals, micro-currency. It is largest when all that was ordered was delivered. */
export function earnedMicro({ priceMicroPerWh, incentive }: Prices, intervals: readonly EarningInterval[]): bigint {
  const energyMicro = () => sumOf(intervals.map(({ deliveredWh }) => deliveredWh * priceMicroPerWh));
  switch (incentive?.kind) {
    case undefined:
    case "energy":
      return energyMicro();
    case "capacity":
      return energyMicro() + sumOf(intervals.map((each) => availableWh(each) * incentive.capacityMicroPerWh));
    case "tiered":
      return sumOf(intervals.map((each) => tieredMicro(incentive.tiers, each)));
  }
}

/** @throws InvalidTermsError for negative prices, or tiers that do not rise to the whole order */
export function checkIncentive(incentive: Incentive): void {
  if (incentive.kind === "capacity") checkNotNegative("capacityMicroPerWh", incentive.capacityMicroPerWh);
  if (incentive.kind === "tiered") checkTiers(incentive.tiers);
}

function checkTiers(tiers: readonly Tier[]): void {
  if (tiers.length > TIERS_MAX) throw new InvalidTermsError("tiers", `at most ${TIERS_MAX} are allowed`);
  let lastPerMille = 0n;
  for (const { uptoPerMille, priceMicroPerWh } of tiers) {
    checkNotNegative("priceMicroPerWh", priceMicroPerWh);
    if (uptoPerMille <= lastPerMille) throw new InvalidTermsError("tiers", "must rise");
    lastPerMille = uptoPerMille;
  }
  if (lastPerMille !== PER_MILLE) throw new InvalidTermsError("tiers", `the last must reach ${PER_MILLE}`);
}

function availableWh({ orderedWh, penalisedWh }: EarningInterval): bigint {
  return penalisedWh === 0n ? orderedWh : 0n;
}

function tieredMicro(tiers: readonly Tier[], { orderedWh, deliveredWh }: EarningInterval): bigint {
  let fromWh = 0n;
  let sumMicro = 0n;
  for (const { uptoPerMille, priceMicroPerWh } of tiers) {
    const toWh = (orderedWh * uptoPerMille) / PER_MILLE;
    sumMicro += larger(0n, smaller(deliveredWh, toWh) - fromWh) * priceMicroPerWh;
    fromWh = toWh;
  }
  return sumMicro;
}
