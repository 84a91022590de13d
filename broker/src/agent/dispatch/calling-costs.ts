/** What calling on devices costs a node, in whole numbers: every machine compares two choices alike. */
import { type DeviceOrder, policyMargin, TRAINED_POLICY } from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { larger, share, sumOf } from "@gridpact/settlement";
import type { Candidate, DeviceOffer } from "../document/index.ts";
import type { DispatchRules } from "./choice-rules.ts";

const WHOLE = 1_000n;

/** A candidate as the optimiser sees it; energies in Wh, costs in micro-currency per kWh ordered. */
export type CallableOffer = DeviceOffer & {
  deviceId: string;
  feeder: string;
  forecastWh: readonly bigint[];
  /** Share of an order that counts towards the request, per mille. */
  countedPerMille: bigint;
  costMicroPerKwh: bigint;
};

/** What the optimiser is to reach in each interval: the request and the least margin of the matching policy, Wh. */
export function targetWh({ orderedWh }: DrRequest): bigint[] {
  const marginPerMille = Math.round(1_000 * policyMargin(TRAINED_POLICY, 0));
  return orderedWh.map((each) => each + share(each, marginPerMille));
}

/** The most that may be ordered in each interval: with the policy's largest margin, and what makes up for losses. */
export function orderedWhMax({ orderedWh }: DrRequest, lossPerMilleMax: number): bigint[] {
  const marginPerMille = Math.round(1_000 * policyMargin(TRAINED_POLICY, 1));
  return orderedWh.map((each) => share(each + share(each, marginPerMille), 1_000 + lossPerMilleMax));
}

/**
 * A candidate's offer with what it counts for and costs.
 *
 * *Counts*: what is expected of it, less its part of the policy's margin. The policy adds to the margin by the spread
 * of those called, so each is counted on for as much less; the sum is the same chance constraint, and linear.
 *
 * *Costs*, of what is ordered: pay for what is expected to arrive, by the programme's incentive; the risk that it falls
 * short of that, at the programme's penalty; and the surcharge of who was called beyond its turn. With nothing known
 * but its mean delivery r, a device may deliver all or nothing: it then falls short of r by r (1 - r) on average, and
 * any other way to deliver r falls short by less. Shortfalls of several add up to no more than their sum. What a device
 * pays for what it misses is no income of this plan: who lives on that would call those that fail.
 */
export function callableOffer(candidate: Candidate, request: DrRequest, rules: DispatchRules): CallableOffer {
  const { deviceId, feeder, forecastWh, reliabilityPerMille, spreadPerMille, turnSurchargePerMille } = candidate;
  const offer = candidate.offer ?? alikeOffer(candidate, request, rules);
  const margin = policyMargin(TRAINED_POLICY, spreadPerMille / 1_000) - policyMargin(TRAINED_POLICY, 0);
  const reliable = BigInt(reliabilityPerMille);
  const missing = WHOLE - reliable;
  const payMicro = share(offer.kwhPayMicro, reliabilityPerMille);
  const riskMicro = (request.penaltyMicroPerWh * reliable * missing) / WHOLE;
  return {
    ...offer,
    deviceId,
    feeder,
    forecastWh,
    countedPerMille: larger(0n, reliable - BigInt(Math.round(1_000 * margin))),
    costMicroPerKwh: payMicro + riskMicro + share(payMicro, turnSurchargePerMille),
  };
}

/** Of a version that knew nothing but what may be reduced in each interval, and one price. */
function alikeOffer({ reducibleWh }: Candidate, request: DrRequest, { reboundUnits }: DispatchRules): DeviceOffer {
  return {
    priceMicroPerWh: request.priceMicroPerWh,
    kwhPayMicro: request.priceMicroPerWh * WHOLE,
    intervalLimitWh: reducibleWh,
    energyLimitWh: null,
    reboundPerMille: 0,
    afterWh: Array.from({ length: reboundUnits }, () => 0n),
  };
}

/** What a Wh short of the target costs: it is not paid, and a penalty is. */
export function shortfallMicroPerWh({ priceMicroPerWh, penaltyMicroPerWh }: DrRequest): bigint {
  return priceMicroPerWh + penaltyMicroPerWh;
}

/** Expected cost of orders, what is missing of the target included; micro-currency. */
export function costOfOrders(
  orders: readonly DeviceOrder[],
  offers: readonly CallableOffer[],
  { request, rules }: { request: DrRequest; rules: DispatchRules },
): bigint {
  const byId = new Map(offers.map((offer) => [offer.deviceId, offer]));
  const called = orders.filter(({ orderedWh }) => sumOf(orderedWh) > 0n);
  const callsMilli = sumOf(
    called.map(({ deviceId, orderedWh }) => {
      const { costMicroPerKwh = 0n } = byId.get(deviceId) ?? {};
      return sumOf(orderedWh) * costMicroPerKwh + rules.contractCostMicro * WHOLE;
    }),
  );
  const missingWh = targetWh(request).map((wantedWh, index) => {
    const counted = called.map(({ deviceId, orderedWh }) => {
      return (orderedWh[index] ?? 0n) * (byId.get(deviceId)?.countedPerMille ?? 0n);
    });
    // A part of a Wh is nothing that could be ordered.
    return larger(0n, wantedWh * WHOLE - sumOf(counted)) / WHOLE;
  });
  return callsMilli / WHOLE + sumOf(missingWh) * shortfallMicroPerWh(request);
}
