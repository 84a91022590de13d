import {
  type DeliveryEstimate,
  estimateDelivery,
  type MatchingPolicy,
  NEW_SUPPLIER,
  type SupplierMemory,
  TRAINED_POLICY,
} from "@gridpact/flexibility";

const WHOLE_PER_MILLE = 1_000;

/** A device that never delivers is still asked now and then, or it could never show that it was repaired. */
const FLOOR_PER_MILLE = 50;

/**
 * All devices are paid alike, so cost tells nothing; the middle of what the policy was trained with keeps it on known
 * ground. The offer is a usual one for the same reason.
 */
const USUAL_OFFER = { offerWh: 1, usualOfferWh: 1, costPerWh: 0.45, elementIds: [] };
const PRICE_PER_WH = 1;

/** What a device does in the event that runs. */
export type RunningDelivery = {
  /** Share of its order that it delivered when it was last looked at. */
  observedPerMille: number;
  /** How much of the event is over where the next orders begin, 0 to 1. */
  progress: number;
};

/**
 * Share of its next order that a device is expected to deliver, per mille, measured against a device that was never
 * called. That one counts as whole, or nobody new would be called; taken by itself, the estimate of one that delivered
 * all of its only order is lower, and the unknown would be preferred to the proven.
 */
export function nextDeliveryPerMille(memory: SupplierMemory, policy: MatchingPolicy = TRAINED_POLICY): number {
  if (memory.eventCount === 0) return WHOLE_PER_MILLE;
  const { rate: unknown } = estimate(NEW_SUPPLIER, null, { progress: 0, policy });
  const { rate } = estimate(memory, null, { progress: 0, policy });
  const isUsable = Number.isFinite(rate) && unknown > 0;
  return perMille(Math.max(FLOOR_PER_MILLE / WHOLE_PER_MILLE, isUsable ? rate / unknown : memory.meanRate));
}

/** How far the next delivery may lie from that, per mille of the order; 0 where the policy gives no number. */
export function deliverySpreadPerMille(memory: SupplierMemory, policy: MatchingPolicy = TRAINED_POLICY): number {
  const { spread } = estimate(memory, null, { progress: 0, policy });
  return Number.isFinite(spread) ? perMille(Math.max(0, spread)) : 0;
}

/**
 * Share of its order that a device at work is expected to deliver in the rest of the running event, per mille: what it
 * was seen to deliver, or less where the policy, which knows its past, expects it to fade. Never more, because a
 * recovery that does not come is missing from the promise, while one that does come costs a replacement.
 */
export function runningDeliveryPerMille(
  memory: SupplierMemory,
  { observedPerMille, progress }: RunningDelivery,
  policy: MatchingPolicy = TRAINED_POLICY,
): number {
  const { rate } = estimate(memory, observedPerMille / WHOLE_PER_MILLE, { progress, policy });
  return Number.isFinite(rate) ? Math.min(observedPerMille, perMille(rate)) : observedPerMille;
}

/** The policy's estimate of delivered / ordered; no finite number where its weights cannot be used. */
function estimate(
  memory: SupplierMemory,
  observedRate: number | null,
  { progress, policy }: { progress: number; policy: MatchingPolicy },
): DeliveryEstimate {
  const supplier = { ...USUAL_OFFER, supplierId: "", memory, observedRate };
  return estimateDelivery(supplier, { pricePerWh: PRICE_PER_WH, progress }, policy);
}

/** Whole thousandths, so that what orders are computed from is an integer again. */
function perMille(rate: number): number {
  return Math.min(WHOLE_PER_MILLE, Math.round(rate * WHOLE_PER_MILLE));
}
