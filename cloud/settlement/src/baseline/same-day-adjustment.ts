/**
 * Same-day adjustment: a hot day lifts the whole load, which an average of past days cannot know. The baseline is
 * corrected by what the meter said in an adjustment window of the event day:
 *
 *      adjustment window        notice    event window
 *   ---[===============)-----------|------[===========)---> event day
 *
 * The window MUST end before the provider hears of the event; else raising the load in it is paid as flexibility. The
 * cap bounds what a gamed window could win.
 */
import { checkLength, checkNotNegative, divideRounded, larger, PER_MILLE, smaller, sumOf } from "../integer.ts";
import { InvalidTermsError } from "../settlement-error.ts";

/** The rule agreed in the programme. */
export type AdjustmentRule =
  | { readonly kind: "multiplicative"; readonly floorPerMille: bigint; readonly ceilingPerMille: bigint }
  /** `capWh` bounds the shift of one market time unit, in both directions. */
  | { readonly kind: "additive"; readonly capWh: bigint };

/** Wh, net import; the two arrays of the window are of one length, the baseline's may be another. */
export type AdjustmentInput = {
  readonly baselineWh: readonly bigint[];
  /** The baseline of the adjustment window, from the same days as `baselineWh`. */
  readonly adjustmentBaselineWh: readonly bigint[];
  /** Net import metered in the adjustment window on the event day; `null` marks a unit without readings. */
  readonly adjustmentActualWh: readonly (bigint | null)[];
  readonly rule: AdjustmentRule;
};

/** `isAdjusted` is false when the window cannot carry a correction, and the baseline then stands as it was. */
export type AdjustedBaseline = { readonly baselineWh: bigint[]; readonly isAdjusted: boolean };

/** Plus or minus 20 %, the usual bound of day-of adjustments. */
export const DEFAULT_ADJUSTMENT: AdjustmentRule = {
  kind: "multiplicative",
  floorPerMille: 800n,
  ceilingPerMille: 1200n,
};

/** A ratio kept exact: 1/3 has no per-mille value, so rounding happens once, on the energies. */
type Ratio = { numerator: bigint; denominator: bigint };

/**
 * Corrects a baseline by the adjustment window. Multiplicative: times actual / baseline, held within the caps.
 * Additive: plus the mean difference per unit, held within the cap. Every value is rounded half away from zero. With
 * solar export the additive rule is the sensible one: a ratio would also scale the export.
 *
 * The baseline is left alone when a unit of the window has no reading, the window is empty, or (multiplicative) its
 * baseline energy is not positive.
 *
 * @throws InvalidTermsError for window lengths that differ or caps that exclude "no change"
 */
export function adjustSameDay(input: AdjustmentInput): AdjustedBaseline {
  const { baselineWh, adjustmentBaselineWh, adjustmentActualWh, rule } = input;
  checkLength("adjustmentActualWh", adjustmentActualWh, adjustmentBaselineWh.length);
  checkRule(rule);
  const actualWh = adjustmentActualWh.filter((value) => value !== null);
  const units = BigInt(adjustmentBaselineWh.length);
  if (units === 0n || actualWh.length < adjustmentActualWh.length) return unadjusted(baselineWh);
  const totals = { actualWh: sumOf(actualWh), expectedWh: sumOf(adjustmentBaselineWh), units };
  return rule.kind === "additive" ? shift(baselineWh, totals, rule.capWh) : scale(baselineWh, totals, rule);
}

type WindowTotals = { actualWh: bigint; expectedWh: bigint; units: bigint };

function shift(baselineWh: readonly bigint[], totals: WindowTotals, capWh: bigint): AdjustedBaseline {
  const meanWh = divideRounded(totals.actualWh - totals.expectedWh, totals.units);
  const shiftWh = larger(-capWh, smaller(capWh, meanWh));
  return { baselineWh: baselineWh.map((each) => each + shiftWh), isAdjusted: true };
}

function scale(
  baselineWh: readonly bigint[],
  totals: WindowTotals,
  caps: { floorPerMille: bigint; ceilingPerMille: bigint },
): AdjustedBaseline {
  if (totals.expectedWh <= 0n) return unadjusted(baselineWh);
  const { numerator, denominator } = cappedRatio(totals, caps);
  return { baselineWh: baselineWh.map((each) => divideRounded(each * numerator, denominator)), isAdjusted: true };
}

function cappedRatio(
  { actualWh, expectedWh }: WindowTotals,
  { floorPerMille, ceilingPerMille }: { floorPerMille: bigint; ceilingPerMille: bigint },
): Ratio {
  // The expected energy is positive here, so comparing cross products keeps the direction.
  const scaledActual = actualWh * PER_MILLE;
  if (scaledActual < floorPerMille * expectedWh) return { numerator: floorPerMille, denominator: PER_MILLE };
  if (scaledActual > ceilingPerMille * expectedWh) return { numerator: ceilingPerMille, denominator: PER_MILLE };
  return { numerator: actualWh, denominator: expectedWh };
}

function checkRule(rule: AdjustmentRule): void {
  if (rule.kind === "additive") {
    checkNotNegative("capWh", rule.capWh);
    return;
  }
  checkNotNegative("floorPerMille", rule.floorPerMille);
  if (rule.floorPerMille > PER_MILLE || rule.ceilingPerMille < PER_MILLE) {
    throw new InvalidTermsError("adjustment", "the caps must lie on both sides of 1000 per mille");
  }
}

function unadjusted(baselineWh: readonly bigint[]): AdjustedBaseline {
  return { baselineWh: [...baselineWh], isAdjusted: false };
}
