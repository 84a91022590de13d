import { strict as assert } from "node:assert";

/** What one market time unit of an event taught: the reduction that was promised and the one that the meter saw, Wh. */
export type UnitOutcome = { startUnixMs: number; orderedWh: bigint; deliveredWh: bigint };

/**
 * For each hour of the day (UTC), 24 values: the largest reduction of one market time unit that the device may promise,
 * Wh. It is absolute, not a share of what was asked: a device that is asked for less because it said so does not look
 * better by that, so the estimate cannot swing.
 */
export type LearnedFlexibility = readonly bigint[];

/** Of UTC, which has no day of 23 or 25. */
export const HOURS_PER_DAY = 24;

/** A reduction counts as kept from here on; meters and models round, and a few percent are no lesson. */
const KEPT_PER_MILLE = 950n;

/** How far one broken promise moves the estimate towards what was delivered: after two the old value is a quarter. */
const MISSED_RATE_PER_MILLE = 500n;

/** How far it moves the other hours: a stuck relay is stuck all day, an empty battery only in the evening. */
const MISSED_ELSEWHERE_PER_MILLE = 125n;

/** How far a kept promise moves it back towards what the owner declared, or a repair would never show. */
const RECOVERY_RATE_PER_MILLE = 50n;

/** Before any event: what the owner declared holds in every hour. */
export function declaredFlexibility(declaredWh: bigint): LearnedFlexibility {
  return Array.from({ length: HOURS_PER_DAY }, () => declaredWh);
}

/**
 * The estimate after one event. A missed order shows the limit itself, a kept one only that the limit is not below it.
 * @param declaredWh reduction of one market time unit that the owner declared, the upper bound of every estimate unless
 * more was delivered
 */
export function learnFrom(
  before: LearnedFlexibility,
  outcomes: readonly UnitOutcome[],
  declaredWh: bigint,
): LearnedFlexibility {
  assert(before.length === HOURS_PER_DAY, "one value for each hour");
  return outcomes
    .filter(({ orderedWh }) => orderedWh > 0n)
    .reduce((belief, outcome) => {
      const isKept = outcome.deliveredWh * 1_000n >= outcome.orderedWh * KEPT_PER_MILLE;
      return isKept ? afterKept(belief, outcome, declaredWh) : afterMissed(belief, outcome);
    }, before);
}

function afterKept(belief: LearnedFlexibility, outcome: UnitOutcome, declaredWh: bigint): LearnedFlexibility {
  const hour = hourOf(outcome.startUnixMs);
  return belief.map((believedWh, index) => {
    if (index !== hour) return believedWh;
    const provenWh = larger(believedWh, outcome.deliveredWh);
    return larger(provenWh, towards(provenWh, declaredWh, RECOVERY_RATE_PER_MILLE));
  });
}

function afterMissed(belief: LearnedFlexibility, outcome: UnitOutcome): LearnedFlexibility {
  const hour = hourOf(outcome.startUnixMs);
  return belief.map((believedWh, index) => {
    if (index === hour) return towards(believedWh, outcome.deliveredWh, MISSED_RATE_PER_MILLE);
    const isTooHigh = believedWh > outcome.deliveredWh;
    return isTooHigh ? towards(believedWh, outcome.deliveredWh, MISSED_ELSEWHERE_PER_MILLE) : believedWh;
  });
}

function hourOf(unixMs: number): number {
  return new Date(unixMs).getUTCHours();
}

/** Moves at least 1 Wh while there is a difference, so that integers do not stop short of the goal. */
function towards(fromWh: bigint, toWh: bigint, ratePerMille: bigint): bigint {
  const stepWh = ((toWh - fromWh) * ratePerMille) / 1_000n;
  if (stepWh !== 0n || toWh === fromWh) return fromWh + stepWh;
  return fromWh + (toWh > fromWh ? 1n : -1n);
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
