import {
  type DeviceOrder,
  type Candidate as FlexibleDevice,
  replaceShortfall,
  selectDevices,
} from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { sumOf } from "@gridpact/settlement";
import type { StepContext } from "../agent-modules.ts";
import type { Assignment, Candidate, EventDocument } from "../document/index.ts";

/** Devices with a contract in one event: as many as one SC1 takes. */
export const ASSIGNMENTS_MAX = 256;

/** Of these, devices chosen before the event; the rest is room for replacements. */
export const ORIGINALS_MAX = 192;

/** The devices that serve a request, within their own limits and those of their feeders. */
export function chooseOriginals(
  request: DrRequest,
  candidates: readonly Candidate[],
  { options, modules }: StepContext,
): Assignment[] {
  const { orders } = selectDevices({
    candidates: candidates.map((each) => flexibleDevice(each, request)),
    orderedWh: request.orderedWh,
    limits: modules.feederLimits(request.intervals),
    marginPerMilleMax: BigInt(options.marginPerMilleMax),
  });
  return largestFirst(orders)
    .slice(0, ORIGINALS_MAX)
    .map((order) => assignmentFor(order, { eventId: request.eventId, kind: "original", firstInterval: 0 }))
    .sort((left, right) => (left.contractId < right.contractId ? -1 : 1));
}

/** Devices that make up for a shortfall from some interval on; a device is asked once in an event. */
export function chooseReplacements(
  event: EventDocument,
  shortfall: { shortfallWh: bigint[]; firstInterval: number; busy: ReadonlySet<string> },
  { options, modules }: StepContext,
): Assignment[] {
  const { request, assignments } = event;
  const { shortfallWh, firstInterval, busy } = shortfall;
  const asked = new Set(assignments.map(({ deviceId }) => deviceId));
  const candidates = event.candidates.filter(({ deviceId }) => asked.has(deviceId) || !busy.has(deviceId));
  const { orders } = replaceShortfall({
    candidates: candidates.map((each) => flexibleDevice(each, request)),
    activeOrders: assignments.map((assignment) => activeOrder(assignment, request.intervals.length)),
    shortfallWh,
    firstUnit: firstInterval,
    limits: modules.feederLimits(request.intervals),
    marginPerMilleMax: BigInt(options.marginPerMilleMax),
  });
  const free = Math.max(0, ASSIGNMENTS_MAX - assignments.length);
  const setting = { eventId: request.eventId, kind: "replacement", firstInterval } as const;
  return largestFirst(orders)
    .slice(0, free)
    .map((order) => assignmentFor(order, setting));
}

function flexibleDevice(candidate: Candidate, { priceMicroPerWh }: DrRequest): FlexibleDevice {
  const { deviceId, feeder, reducibleWh, reliabilityPerMille } = candidate;
  return {
    deviceId,
    // The registry knows feeders, not buses; a limit is charged once where both are the same.
    busId: feeder,
    feederId: feeder,
    flexibilityWhMax: reducibleWh,
    // All devices are paid the same, so the choice is by reliability.
    costMicroPerWh: priceMicroPerWh,
    reliability: reliabilityPerMille / 1_000,
  };
}

/** An order over all intervals of the event; a lapsed contract holds nothing, but its device is not asked again. */
function activeOrder({ deviceId, status, firstInterval, orderedWh }: Assignment, intervalCount: number): DeviceOrder {
  const isLapsed = status === "lapsed";
  const row = Array.from({ length: intervalCount }, (_, index) => orderedWh[index - firstInterval] ?? 0n);
  return { deviceId, orderedWh: isLapsed ? row.map(() => 0n) : row };
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
