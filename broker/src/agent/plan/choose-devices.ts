import {
  type DeviceOrder,
  type Candidate as FlexibleDevice,
  policyMargin,
  replaceShortfall,
  selectDevices,
  TRAINED_POLICY,
} from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { share, smaller, sumOf } from "@gridpact/settlement";
import type { StepContext } from "../agent-modules.ts";
import { type Assignment, type Candidate, type EventDocument, orderedAt } from "../document/index.ts";

/** Devices with a contract in one event: as many as one SC1 takes. */
export const ASSIGNMENTS_MAX = 256;

/** Of these, devices chosen before the event; the rest is room for replacements. */
export const ORIGINALS_MAX = 192;

/** What a choice goes by beside the candidates; kept with it, so that it can be made again. */
export type ChoiceRules = {
  /** How much the devices of a feeder may change together, Wh in each interval. */
  limits: { elementId: string; limitWh: bigint[] }[];
  /** Most that is ordered to make up for what devices are expected not to deliver, as share of the request. */
  lossPerMilleMax: number;
};

/** The rules for a request as they are now. */
export function rulesFor({ intervals }: DrRequest, { options, modules }: StepContext): ChoiceRules {
  const limits = modules.feederLimits(intervals).map(({ elementId, changeWhMax }) => ({
    elementId,
    limitWh: [...changeWhMax],
  }));
  return { limits, lossPerMilleMax: options.lossPerMilleMax };
}

/**
 * The devices that serve a request, within their own limits and those of their feeders. Beyond the request goes what
 * they are expected not to deliver, and the margin of the matching policy for how far they may lie from that.
 */
export function chooseOriginals(
  request: DrRequest,
  candidates: readonly Candidate[],
  rules: ChoiceRules,
): Assignment[] {
  const devices = candidates.map((each) => flexibleDevice(each, request));
  const marginPerMilleMax = BigInt(rules.lossPerMilleMax);
  const limits = energyLimits(rules);
  const select = (orderedWh: readonly bigint[]) =>
    selectDevices({ candidates: devices, orderedWh, limits, marginPerMilleMax }).orders;
  const marginPerMille = marginFor(select(request.orderedWh), candidates);
  const orders = select(request.orderedWh.map((each) => each + share(each, marginPerMille)));
  return largestFirst(orders)
    .slice(0, ORIGINALS_MAX)
    .map((order) => assignmentFor(order, { eventId: request.eventId, kind: "original", firstInterval: 0 }))
    .sort((left, right) => (left.contractId < right.contractId ? -1 : 1));
}

/** Who makes up for a shortfall: devices that get a contract, and those that have one and take more. */
export type Replacements = { assignments: Assignment[]; additions: DeviceOrder[] };

/**
 * Devices that make up for a shortfall from some interval on. A device has one contract in an event: one that is at
 * work and delivers takes more by an amendment, others that have been asked are not asked again.
 */
export function chooseReplacements(
  event: EventDocument,
  shortfall: { shortfallWh: bigint[]; firstInterval: number; busy: ReadonlySet<string> },
  rules: ChoiceRules,
): Replacements {
  const { request, assignments } = event;
  const { shortfallWh, firstInterval, busy } = shortfall;
  const asked = new Set(assignments.map(({ deviceId }) => deviceId));
  const extensibleIds = new Set(extensible(event).map(({ deviceId }) => deviceId));
  const candidates = event.candidates.filter(({ deviceId }) => asked.has(deviceId) || !busy.has(deviceId));
  const replace = (missingWh: bigint[]) =>
    replaceShortfall({
      candidates: candidates.map((each) =>
        flexibleDevice(extensibleIds.has(each.deviceId) ? withinRequest(event, each) : each, request),
      ),
      activeOrders: assignments.map((assignment) => activeOrder(assignment, request.intervals.length)),
      extensibleIds,
      shortfallWh: missingWh,
      firstUnit: firstInterval,
      limits: energyLimits(rules),
      marginPerMilleMax: BigInt(rules.lossPerMilleMax),
    }).orders;
  const marginPerMille = marginFor(replace(shortfallWh), candidates);
  const orders = replace(shortfallWh.map((each) => each + share(each, marginPerMille)));
  const free = Math.max(0, ASSIGNMENTS_MAX - assignments.length);
  const setting = { eventId: request.eventId, kind: "replacement", firstInterval } as const;
  const isNew = ({ deviceId }: DeviceOrder) => !asked.has(deviceId);
  return {
    assignments: largestFirst(orders.filter(isNew))
      .slice(0, free)
      .map((order) => assignmentFor(order, setting)),
    additions: orders.filter((order) => !isNew(order)),
  };
}

/** An amendment orders no more of one device than the SC1 asks for. */
function withinRequest({ nominatedWh }: EventDocument, candidate: Candidate): Candidate {
  const reducibleWh = candidate.reducibleWh.map((each, index) => smaller(each, nominatedWh[index] ?? 0n));
  return { ...candidate, reducibleWh };
}

/** Contracts of devices that deliver all that is ordered, as far as anybody can tell. */
function extensible({ assignments, deliveringPerMille }: EventDocument): Assignment[] {
  return assignments.filter(
    ({ status, deviceId }) => status === "accepted" && deliveringPerMille[deviceId] === undefined,
  );
}

function energyLimits({ limits }: ChoiceRules) {
  return limits.map(({ elementId, limitWh }) => ({ elementId, changeWhMax: limitWh }));
}

/** The policy's margin for these orders, per mille: by how far their delivery may lie from what is expected. */
function marginFor(orders: readonly DeviceOrder[], candidates: readonly Candidate[]): number {
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

function flexibleDevice(candidate: Candidate, { priceMicroPerWh }: DrRequest): FlexibleDevice {
  const { deviceId, feeder, reducibleWh, reliabilityPerMille, turnSurchargePerMille } = candidate;
  return {
    deviceId,
    // The registry knows feeders, not buses; a limit is charged once where both are the same.
    busId: feeder,
    feederId: feeder,
    flexibilityWhMax: reducibleWh,
    // All devices are paid the same, so the choice is by reliability, and between alike ones by turns.
    costMicroPerWh: priceMicroPerWh + share(priceMicroPerWh, turnSurchargePerMille),
    reliability: reliabilityPerMille / 1_000,
  };
}

/** An order over all intervals of the event; a lapsed contract holds nothing, but its device is not asked again. */
function activeOrder(assignment: Assignment, intervalCount: number): DeviceOrder {
  const { deviceId, status } = assignment;
  const row = Array.from({ length: intervalCount }, (_, index) => orderedAt(assignment, index));
  return { deviceId, orderedWh: status === "lapsed" ? row.map(() => 0n) : row };
}

function assignmentFor(
  { deviceId, orderedWh }: DeviceOrder,
  setting: Pick<Assignment, "kind" | "firstInterval"> & { eventId: string },
): Assignment {
  const { eventId, kind, firstInterval } = setting;
  return {
    contractId: `${eventId}:${deviceId}`,
    deviceId,
    kind,
    firstInterval,
    orderedWh: orderedWh.slice(firstInterval),
    amendment: null,
    consentByUnixMs: 0,
    status: "planned",
    isSettled: false,
    chunkNo: null,
    settleRefusals: 0,
  };
}

/** By total order, largest first, then by device: what is cut at a bound is what matters least. */
function largestFirst(orders: readonly DeviceOrder[]): DeviceOrder[] {
  const totals = orders.map((order) => ({ order, totalWh: sumOf(order.orderedWh) }));
  return totals
    .sort((left, right) => {
      if (left.totalWh !== right.totalWh) return left.totalWh > right.totalWh ? -1 : 1;
      return left.order.deviceId < right.order.deviceId ? -1 : 1;
    })
    .map(({ order }) => order);
}
