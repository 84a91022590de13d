/** What a supplier's past and running events showed: all that the policy knows of whether it delivers. */
export type SupplierMemory = {
  readonly eventCount: number;
  /** Moving average over events of delivered / ordered. */
  readonly meanRate: number;
  /** Moving average of how far single events lie from the mean. */
  readonly deviation: number;
  readonly lastRate: number;
};

/** Optimistic: whoever was never called is called like a good one and learns its place from then on. */
export const NEW_SUPPLIER: SupplierMemory = { eventCount: 0, meanRate: 1, deviation: 0, lastRate: 1 };

/** Weight of the newest event: the plain mean first, from the fourth event on a memory that follows changes. */
const NEWEST_WEIGHT_MIN = 0.25;

/** The memory after an event in which the supplier delivered this share of its order. */
export function rememberEvent(memory: SupplierMemory, rate: number): SupplierMemory {
  const bounded = Math.min(1, Math.max(0, rate));
  const weight = Math.max(NEWEST_WEIGHT_MIN, 1 / (memory.eventCount + 1));
  const meanRate = memory.meanRate + weight * (bounded - memory.meanRate);
  const distance = Math.abs(bounded - meanRate);
  return {
    eventCount: memory.eventCount + 1,
    meanRate,
    deviation: memory.deviation + weight * (distance - memory.deviation),
    lastRate: bounded,
  };
}
