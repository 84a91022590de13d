/** Price risk: who pays whom when a published index leaves the band that was agreed. */
import { checkLength, checkNotNegative, larger, smaller, sumOf } from "../integer.ts";
import { InvalidTermsError } from "../settlement-error.ts";

/**
 * - `cap`: the writer pays the holder what the index is above the cap.
 * - `floor`: the writer pays the holder what the index is below the floor.
 * - `collar`: above the cap the writer pays the holder, below the floor the holder pays the writer.
 *
 * Strikes that a kind does not use are null.
 */
export type HedgeTerms = {
  readonly kind: "cap" | "floor" | "collar";
  readonly capMicroPerWh: bigint | null;
  readonly floorMicroPerWh: bigint | null;
  /** Energy hedged in each interval. */
  readonly quantityWh: readonly bigint[];
  /** Most that each side can lose: what it locks. */
  readonly writerCollateralMicro: bigint;
  readonly holderCollateralMicro: bigint;
};

/** Micro-currency. To both and returned to both add up to the two collaterals; one of the first two is 0. */
export type HedgeSettlement = {
  /** Before collateral cut it; negative when the holder owes. */
  readonly netMicro: bigint;
  readonly toHolderMicro: bigint;
  readonly toWriterMicro: bigint;
  readonly returnedToWriterMicro: bigint;
  readonly returnedToHolderMicro: bigint;
};

/**
 * Settles a hedge against the index, one price for each interval; a price may be negative, as power's sometimes is.
 *
 * @throws InvalidTermsError when strikes do not fit the kind, or arrays each other
 */
export function settleHedge(terms: HedgeTerms, indexMicroPerWh: readonly bigint[]): HedgeSettlement {
  checkHedge(terms);
  checkLength("indexMicroPerWh", indexMicroPerWh, terms.quantityWh.length);
  const netMicro = sumOf(terms.quantityWh.map((each, index) => each * payoff(terms, indexMicroPerWh[index] ?? 0n)));
  const toHolderMicro = smaller(terms.writerCollateralMicro, larger(0n, netMicro));
  const toWriterMicro = smaller(terms.holderCollateralMicro, larger(0n, -netMicro));
  return {
    netMicro,
    toHolderMicro,
    toWriterMicro,
    returnedToWriterMicro: terms.writerCollateralMicro - toHolderMicro,
    returnedToHolderMicro: terms.holderCollateralMicro - toWriterMicro,
  };
}

/** @throws InvalidTermsError */
export function checkHedge(terms: HedgeTerms): void {
  const { kind, capMicroPerWh, floorMicroPerWh, quantityWh, writerCollateralMicro, holderCollateralMicro } = terms;
  const hasStrikes = (capMicroPerWh !== null) === (kind !== "floor") && (floorMicroPerWh !== null) === (kind !== "cap");
  if (!hasStrikes) throw new InvalidTermsError("kind", `${kind} has other strikes`);
  if (capMicroPerWh !== null && floorMicroPerWh !== null && floorMicroPerWh > capMicroPerWh) {
    throw new InvalidTermsError("floorMicroPerWh", "must not be above the cap");
  }
  for (const each of quantityWh) checkNotNegative("quantityWh", each);
  checkNotNegative("writerCollateralMicro", writerCollateralMicro);
  checkNotNegative("holderCollateralMicro", holderCollateralMicro);
}

/** Per Wh, to the holder; negative when the holder pays. */
function payoff({ kind, capMicroPerWh, floorMicroPerWh }: HedgeTerms, index: bigint): bigint {
  const above = capMicroPerWh === null ? 0n : larger(0n, index - capMicroPerWh);
  const below = floorMicroPerWh === null ? 0n : larger(0n, floorMicroPerWh - index);
  return kind === "collar" ? above - below : above + below;
}
