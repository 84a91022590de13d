/** How an event ended for one contract or for all of them. */
export type Outcome = "success" | "partial" | "failure";

/**
 * `success` when nothing is charged (a deficiency within the dead band included), `failure` when something was ordered
 * and nothing delivered, else `partial`.
 */
export function outcomeOf(totals: { orderedWh: bigint; deliveredWh: bigint; penalisedWh: bigint }): Outcome {
  if (totals.orderedWh > 0n && totals.deliveredWh === 0n) return "failure";
  return totals.penalisedWh === 0n ? "success" : "partial";
}
