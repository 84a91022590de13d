/**
 * What one device delivered in one interval, by the rule of the USEF Flexibility Trading Protocol (UFTP):
 *
 *      net        = baseline - actual            (reduce; for increase: actual - baseline)
 *      delivered  = min(ordered, max(0, net))    paid: more than ordered earns nothing
 *      deficiency = max(0, ordered - net)        charged: more than ordered when the load went the wrong way
 */

import { larger, PER_MILLE, smaller } from "../integer.ts";
import type { Interval } from "../interval.ts";

/** Which way the load should move, as a name and never as a sign. */
export type Direction = "reduce" | "increase";

/** The energies of one interval; `actualWh` is net import, `null` when signed registers do not bound it. */
export type IntervalEnergy = Interval & {
  readonly baselineWh: bigint;
  readonly orderedWh: bigint;
  readonly actualWh: bigint | null;
};

/** One settled interval. */
export type IntervalSettlement = IntervalEnergy & {
  readonly deliveredWh: bigint;
  readonly deficiencyWh: bigint;
  /** The part of the deficiency that is charged: what exceeds the dead band. */
  readonly penalisedWh: bigint;
};

/**
 * Settles one interval of one device.
 *
 * - Nothing ordered: nothing delivered and nothing deficient, whatever the meter says.
 * - No evidence (`actualWh` null): nothing delivered, all that was ordered is deficient, and the dead band is not
 *   granted, so that hiding a small deficiency never pays. Each missing register costs both intervals it bounds.
 */
export function settleInterval(
  energy: IntervalEnergy,
  { direction, deadBandPerMille }: { direction: Direction; deadBandPerMille: bigint },
): IntervalSettlement {
  const { baselineWh, orderedWh, actualWh } = energy;
  if (orderedWh === 0n) return { ...energy, deliveredWh: 0n, deficiencyWh: 0n, penalisedWh: 0n };
  if (actualWh === null) return { ...energy, deliveredWh: 0n, deficiencyWh: orderedWh, penalisedWh: orderedWh };
  const netWh = direction === "reduce" ? baselineWh - actualWh : actualWh - baselineWh;
  const deficiencyWh = larger(0n, orderedWh - netWh);
  return {
    ...energy,
    deliveredWh: smaller(orderedWh, larger(0n, netWh)),
    deficiencyWh,
    penalisedWh: beyondDeadBand({ orderedWh, deficiencyWh, deadBandPerMille }),
  };
}

/**
 * The charged part of a deficiency. The band is deducted rather than a threshold, so that one Wh more or less never
 * makes the penalty jump. Its size is rounded down, by less than 1 Wh against the provider.
 */
export function beyondDeadBand(deficiency: {
  orderedWh: bigint;
  deficiencyWh: bigint;
  deadBandPerMille: bigint;
}): bigint {
  const bandWh = (deficiency.orderedWh * deficiency.deadBandPerMille) / PER_MILLE;
  return larger(0n, deficiency.deficiencyWh - bandWh);
}
