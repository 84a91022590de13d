import { type DeviceOrder, replaceShortfall } from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { larger, share, smaller, sumOf } from "@gridpact/settlement";
import type { Given } from "../agent-host.ts";
import {
  type ChoiceRules,
  energyLimits,
  flexibleDevice,
  largestFirst,
  marginFor,
  type SupplyGrid,
} from "../dispatch/index.ts";
import { type Assignment, type Candidate, type EventDocument, orderedAt } from "../document/index.ts";
import { gridLimits } from "./grid-limits.ts";

/** Devices with a contract in one event: as many as one SC1 takes. */
export const ASSIGNMENTS_MAX = 256;

/**
 * Work that the optimiser may take for one request. A node of branch and bound takes some milliseconds with hundreds of
 * devices, a round of columns some tens with thousands: a few seconds in all, in a thread of their own.
 */
const DISPATCH_BUDGET = { nodes: 200, rounds: 60, iterations: 50_000 };

/** The rules for a request as they are now, for candidates that have been looked at. */
export function rulesFor(
  { intervals }: DrRequest,
  candidates: readonly Candidate[],
  { options, modules }: Given<"feederLimits" | "grid">,
): ChoiceRules {
  const { contractCostMicro, contractLeastWh, reboundMs, mtuMs, lossPerMilleMax } = options;
  const limits = modules.feederLimits(intervals).map(({ elementId, changeWhMax }) => ({
    elementId,
    limitWh: [...changeWhMax],
  }));
  const grid = modules.grid ?? null;
  return {
    // Where the grid is known its branches limit; what else is said of feeders would be said twice.
    limits: grid === null ? limits : gridLimits(grid, candidates, intervals),
    lossPerMilleMax,
    dispatch: {
      contractCostMicro,
      contractLeastWh,
      reboundUnits: Math.floor(reboundMs / mtuMs),
      grid: grid && placesOf(grid, candidates),
      budget: DISPATCH_BUDGET,
    },
  };
}

/** The places of the candidates alone: the choice is kept with them, and a grid may have more devices than one node. */
function placesOf(grid: SupplyGrid, candidates: readonly Candidate[]): SupplyGrid {
  const nodeIndexOf = Object.fromEntries(
    candidates.flatMap(({ deviceId }) => {
      const node = grid.nodeIndexOf[deviceId];
      return node === undefined ? [] : [[deviceId, node]];
    }),
  );
  return { ...grid, nodeIndexOf };
}

/** Contracts for the orders of a choice, in order of their ids. */
export function originalsFor({ eventId }: DrRequest, orders: readonly DeviceOrder[]): Assignment[] {
  return orders
    .map((order) => assignmentFor(order, { eventId, kind: "original", firstInterval: 0 }))
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
        flexibleDevice(
          extensibleIds.has(each.deviceId) ? withinRequest(event, each, firstInterval) : each,
          request,
          rules,
        ),
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

/**
 * An amendment orders no more of one device than the SC1 asks for, and no more energy than its resources have left,
 * spread evenly over the intervals that may still change.
 */
function withinRequest(event: EventDocument, candidate: Candidate, firstInterval: number): Candidate {
  const { nominatedWh, assignments } = event;
  const own = assignments.find(({ deviceId }) => deviceId === candidate.deviceId);
  const ordered = nominatedWh.map((_, index) => (own === undefined ? 0n : orderedAt(own, index)));
  const energyLimitWh = candidate.offer?.energyLimitWh ?? null;
  const leftWh = energyLimitWh === null ? null : larger(0n, energyLimitWh - sumOf(ordered));
  const reducibleWh = candidate.reducibleWh.map((each, index) => {
    const wantedWh = smaller(each, nominatedWh[index] ?? 0n);
    const evenWh = leftWh === null ? null : leftWh / BigInt(Math.max(1, nominatedWh.length - firstInterval));
    return evenWh === null ? wantedWh : smaller(wantedWh, (ordered[index] ?? 0n) + evenWh);
  });
  return { ...candidate, reducibleWh };
}

/** Contracts of devices that deliver all that is ordered, as far as anybody can tell. */
function extensible({ assignments, deliveringPerMille }: EventDocument): Assignment[] {
  return assignments.filter(
    ({ status, deviceId }) => status === "accepted" && deliveringPerMille[deviceId] === undefined,
  );
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
