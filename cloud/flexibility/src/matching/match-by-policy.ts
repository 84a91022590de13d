/**
 * Matching by a learned policy: for each supplier a small network estimates what share of an order it will deliver and
 * how much it should be preferred; suppliers are called in that order until the expected delivery covers the request
 * and a margin that grows with the spread of the estimates.
 */
import { matchGreedily } from "./match-greedily.ts";
import { policyMargin } from "./policy-margin.ts";
import { evaluateNetwork, LAYER_SIZES } from "./policy-network.ts";
import { Shield } from "./shield.ts";
import type { Supplier, UnitOrders, UnitRequest } from "./supplier.ts";

/** A trained policy: the network, then the margin's constant part and its part for each unit of spread. */
export type MatchingPolicy = {
  readonly weights: ArrayLike<number>;
  readonly marginShare: number;
  readonly marginPerSpread: number;
};

/** What the policy thinks of one supplier. */
export type DeliveryEstimate = {
  /** Share of an order that it will deliver. */
  readonly rate: number;
  /** How far the delivery may lie from that, as share of the order. */
  readonly spread: number;
  /** Cost after preference: suppliers are called from the least on. */
  readonly merit: number;
};

/** Below this a supplier would have to be ordered fifty times what is needed from it. */
const RATE_MIN = 0.02;

/** The orders of one unit, always within the limits; by the greedy rule where the policy has no usable answer. */
export function matchByPolicy(request: UnitRequest, policy: MatchingPolicy): UnitOrders {
  const estimates = request.suppliers.map((supplier) => estimateDelivery(supplier, request, policy));
  if (!estimates.every(isUsable)) return matchGreedily(request);
  const order = [...estimates.keys()].sort((left, right) => compareMerit(estimates, left, right));
  const shield = new Shield(request);
  const { coveredWh, spreadWh } = call(shield, { order, estimates, wantedWh: request.requestedWh });
  const relativeSpread = coveredWh > 0 ? spreadWh / coveredWh : 0;
  const wantedWh = policyMargin(policy, relativeSpread) * request.requestedWh;
  call(shield, { order, estimates, wantedWh });
  return shield.orders;
}

/** What is expected of a supplier in the next unit; usable without a request to serve. */
export function estimateDelivery(
  supplier: Supplier,
  request: Pick<UnitRequest, "pricePerWh" | "progress">,
  policy: MatchingPolicy,
): DeliveryEstimate {
  const { memory, observedRate, costPerWh } = supplier;
  const known = observedRate ?? memory.meanRate;
  const [correction = 0, preference = 0] = evaluateNetwork(policy.weights, networkInputs(supplier, request));
  const rate = Math.min(1, Math.max(RATE_MIN, known + correction));
  const spread = memory.eventCount === 0 ? 1 - rate + memory.deviation : memory.deviation;
  return { rate, spread, merit: costPerWh - preference * request.pricePerWh };
}

function isUsable({ rate, spread, merit }: DeliveryEstimate): boolean {
  return Number.isFinite(rate) && Number.isFinite(spread) && Number.isFinite(merit);
}

/** More events than this tell the network nothing new about how well a supplier is known. */
const EVENTS_REMEMBERED = 8;

/** What the network is told of a supplier. */
export function networkInputs(
  supplier: Supplier,
  { pricePerWh, progress }: Pick<UnitRequest, "pricePerWh" | "progress">,
): number[] {
  const { memory, observedRate, costPerWh, offerWh, usualOfferWh } = supplier;
  const inputs = [
    memory.meanRate,
    memory.lastRate,
    memory.deviation,
    Math.min(1, memory.eventCount / EVENTS_REMEMBERED),
    observedRate ?? memory.meanRate,
    observedRate === null ? 0 : 1,
    progress,
    costPerWh / pricePerWh,
    Math.min(2, usualOfferWh > 0 ? offerWh / usualOfferWh : 1),
  ];
  // The network's first layer and this list must be of one size.
  return inputs.slice(0, LAYER_SIZES[0]);
}

function compareMerit(estimates: readonly DeliveryEstimate[], left: number, right: number): number {
  const byMerit = (estimates[left]?.merit ?? 0) - (estimates[right]?.merit ?? 0);
  return byMerit === 0 ? left - right : byMerit;
}

type Calling = {
  readonly order: readonly number[];
  readonly estimates: readonly DeliveryEstimate[];
  readonly wantedWh: number;
};

/** Calls suppliers until their expected delivery covers what is wanted or nobody is left. */
function call(shield: Shield, { order, estimates, wantedWh }: Calling): { coveredWh: number; spreadWh: number } {
  let coveredWh = 0;
  let spreadWh = 0;
  for (const index of order) {
    if (coveredWh >= wantedWh) break;
    const { rate, spread } = estimates[index] ?? { rate: 1, spread: 0 };
    const grantedWh = shield.grant(index, (wantedWh - coveredWh) / rate);
    coveredWh += grantedWh * rate;
    spreadWh += grantedWh * spread;
  }
  return { coveredWh, spreadWh };
}
