/** Devices in order of merit: the choice where nothing else is at hand, and what an optimised one is held against. */
import {
  type DeviceOrder,
  type EnergyLimit,
  type Candidate as FlexibleDevice,
  policyMargin,
  selectDevices,
  TRAINED_POLICY,
} from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { share, sumOf } from "@gridpact/settlement";
import type { Candidate } from "../document/index.ts";
import { branchesAbove } from "./branches-above.ts";
import type { ChoiceRules } from "./choice-rules.ts";

/** Devices chosen before an event; the rest of a contract's room is for replacements. */
export const ORIGINALS_MAX = 192;

/**
 * The devices that serve a request, within their own limits and those of their feeders. Beyond the request goes what
 * they are expected not to deliver, and the margin of the matching policy for how far they may lie from that.
 */
export function chooseGreedily(
  request: DrRequest,
  candidates: readonly Candidate[],
  rules: ChoiceRules,
): DeviceOrder[] {
  const devices = candidates.map((each) => flexibleDevice(each, request, rules));
  const marginPerMilleMax = BigInt(rules.lossPerMilleMax);
  const limits = energyLimits(rules);
  const select = (orderedWh: readonly bigint[]) =>
    selectDevices({ candidates: devices, orderedWh, limits, marginPerMilleMax }).orders;
  const marginPerMille = marginFor(select(request.orderedWh), candidates);
  const orders = select(request.orderedWh.map((each) => each + share(each, marginPerMille)));
  return largestFirst(orders).slice(0, ORIGINALS_MAX);
}

/** The limits as the greedy selection takes them: the same numbers under the names of @gridpact/flexibility. */
export function energyLimits({ limits }: ChoiceRules): EnergyLimit[] {
  return limits.map(({ elementId, limitWh }) => ({ elementId, changeWhMax: limitWh }));
}

/** The policy's margin for these orders, per mille: by how far their delivery may lie from what is expected. */
export function marginFor(orders: readonly DeviceOrder[], candidates: readonly Candidate[]): number {
  const byId = new Map(candidates.map((candidate) => [candidate.deviceId, candidate]));
  let expected = 0;
  let spread = 0;
  for (const { deviceId, orderedWh } of orders) {
    const { reliabilityPerMille = 0, spreadPerMille = 0 } = byId.get(deviceId) ?? {};
    const totalWh = Number(sumOf(orderedWh));
    expected += totalWh * reliabilityPerMille;
    spread += totalWh * spreadPerMille;
  }
  return Math.round(1_000 * policyMargin(TRAINED_POLICY, expected === 0 ? 0 : spread / expected));
}

/** A candidate as the selection takes it. */
export function flexibleDevice(candidate: Candidate, request: DrRequest, { dispatch }: ChoiceRules): FlexibleDevice {
  const { deviceId, feeder, reducibleWh, reliabilityPerMille, turnSurchargePerMille, offer } = candidate;
  const priceMicroPerWh = offer?.priceMicroPerWh ?? request.priceMicroPerWh;
  const grid = dispatch?.grid ?? null;
  return {
    deviceId,
    // The registry knows feeders, not buses; a limit is charged once where both are the same.
    busId: feeder,
    feederId: feeder,
    branchIds: grid === null ? [] : branchesAbove(grid, deviceId).flatMap((node) => grid.nodes[node]?.nodeId ?? []),
    flexibilityWhMax: reducibleWh,
    // Between equally cheap and reliable ones turns decide.
    costMicroPerWh: priceMicroPerWh + share(priceMicroPerWh, turnSurchargePerMille),
    reliability: reliabilityPerMille / 1_000,
  };
}

/** By total order, largest first, then by device: what is cut at a bound is what matters least. */
export function largestFirst(orders: readonly DeviceOrder[]): DeviceOrder[] {
  const totals = orders.map((order) => ({ order, totalWh: sumOf(order.orderedWh) }));
  return totals
    .sort((left, right) => {
      if (left.totalWh !== right.totalWh) return left.totalWh > right.totalWh ? -1 : 1;
      return left.order.deviceId < right.order.deviceId ? -1 : 1;
    })
    .map(({ order }) => order);
}
