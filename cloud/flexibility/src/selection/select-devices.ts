/**
 * Selection: which devices serve a request, each with how much in each market time unit.
 *
 * Devices are called in merit order, each up to what it and the grid above it allow. Because the limits of a radial
 * grid are nested, taking the cheapest first is also the cheapest overall when devices are equally reliable.
 */
import assert from "node:assert/strict";
import { EVENT_INTERVALS_MAX } from "@gridpact/settlement";
import { InvalidInputError } from "../flexibility-error.ts";
import { checkAmounts, leastOf } from "./amounts.ts";
import { type Candidate, checkCandidates, meritOrder, RELIABILITY_WHOLE, reliabilityPerMille } from "./candidate.ts";
import { type EnergyLimit, Headroom } from "./headroom.ts";

/** Wh for each unit; at most `CANDIDATES_MAX` devices. */
export type SelectionRequest = {
  readonly candidates: readonly Candidate[];
  /** The request, for each market time unit. */
  readonly orderedWh: readonly bigint[];
  /** Limits of buses, feeders and branches; an element without one is not limited. */
  readonly limits?: readonly EnergyLimit[];
  /** Most that may be ordered beyond the request, as share of it; `DEFAULT_MARGIN_PER_MILLE_MAX` if left out. */
  readonly marginPerMilleMax?: bigint;
};

/** One device's part: one value for each unit of the event. */
export type DeviceOrder = { readonly deviceId: string; readonly orderedWh: readonly bigint[] };

/** In every unit: sum of all orders = request - shortfall + margin. */
export type Selection = {
  /** Sorted by device id; every device has an order in at least one unit. */
  readonly orders: readonly DeviceOrder[];
  /** Ordered beyond the request, since not every device delivers all of its order. */
  readonly marginWh: readonly bigint[];
  /** The part of the request that no device can serve within the limits. */
  readonly shortfallWh: readonly bigint[];
  /** What the orders cost when all is delivered, in micro-currency. */
  readonly costMicro: bigint;
};

/** A fifth covers devices that deliver 80 % of their orders; more means choosing better devices, not more of them. */
export const DEFAULT_MARGIN_PER_MILLE_MAX = 200n;

const PER_MILLE = 1000n;

/**
 * Selects devices for a request. The request is served first; then a margin is ordered that makes up for the energy
 * which, by their reliability, the chosen devices will not deliver.
 *
 * @throws InvalidInputError for an empty or too long request, amounts that are negative or do not cover every unit,
 *   or a device or element listed twice
 */
export function selectDevices(request: SelectionRequest): Selection {
  const { candidates, orderedWh, limits = [] } = request;
  checkRequest(request);
  const headroom = new Headroom({ candidates, limits, unitCount: orderedWh.length });
  return fillRequest({ ...request, candidates: meritOrder(candidates) }, headroom);
}

/** @throws InvalidInputError */
export function checkRequest({ candidates, orderedWh, marginPerMilleMax = 0n }: SelectionRequest): void {
  const unitCount = orderedWh.length;
  if (unitCount < 1 || unitCount > EVENT_INTERVALS_MAX) {
    throw new InvalidInputError("orderedWh", `needs 1 to ${EVENT_INTERVALS_MAX} values, has ${unitCount}`);
  }
  checkAmounts("orderedWh", orderedWh, unitCount);
  checkCandidates(candidates, unitCount);
  if (marginPerMilleMax < 0n) throw new InvalidInputError("marginPerMilleMax", "must not be negative");
}

/** Serves a request from candidates that are already in merit order, with what `headroom` leaves free. */
export function fillRequest(request: SelectionRequest, headroom: Headroom): Selection {
  const { candidates, orderedWh, marginPerMilleMax = DEFAULT_MARGIN_PER_MILLE_MAX } = request;
  const plan: Plan = { candidates, headroom, orders: new Map() };
  const shortfallWh = giveOrders(plan, orderedWh);
  const wantedWh = expectedLossWh(plan, orderedWh.length).map((lossWh, unit) =>
    leastOf(lossWh, ((orderedWh[unit] ?? 0n) * marginPerMilleMax) / PER_MILLE),
  );
  const unmetWh = giveOrders(plan, wantedWh);
  const marginWh = wantedWh.map((wanted, unit) => wanted - (unmetWh[unit] ?? 0n));
  return summarise(plan, { orderedWh, shortfallWh, marginWh });
}

type Plan = {
  readonly candidates: readonly Candidate[];
  readonly headroom: Headroom;
  readonly orders: Map<string, bigint[]>;
};

/** Gives out as much of the wanted energy as possible, in merit order, and returns what is left over. */
function giveOrders({ candidates, headroom, orders }: Plan, wantedWh: readonly bigint[]): bigint[] {
  const openWh = [...wantedWh];
  for (const candidate of candidates) {
    for (const [unit, open] of openWh.entries()) {
      const amountWh = open === 0n ? 0n : leastOf(open, headroom.freeWh(candidate.deviceId, unit));
      if (amountWh === 0n) continue;
      headroom.take(candidate.deviceId, unit, amountWh);
      addOrder(orders, { deviceId: candidate.deviceId, unit, amountWh, unitCount: openWh.length });
      openWh[unit] = open - amountWh;
    }
  }
  return openWh;
}

function addOrder(
  orders: Map<string, bigint[]>,
  order: { deviceId: string; unit: number; amountWh: bigint; unitCount: number },
): void {
  const row = orders.get(order.deviceId) ?? Array.from({ length: order.unitCount }, () => 0n);
  row[order.unit] = (row[order.unit] ?? 0n) + order.amountWh;
  orders.set(order.deviceId, row);
}

/** Energy that the devices chosen so far will probably not deliver, rounded up in each unit. */
function expectedLossWh({ candidates, orders }: Plan, unitCount: number): bigint[] {
  return Array.from({ length: unitCount }, (_, unit) => {
    const lossPerMille = candidates.map((candidate) => {
      const orderedWh = orders.get(candidate.deviceId)?.[unit] ?? 0n;
      return orderedWh * (RELIABILITY_WHOLE - reliabilityPerMille(candidate));
    });
    const total = lossPerMille.reduce((sum, each) => sum + each, 0n);
    return (total + RELIABILITY_WHOLE - 1n) / RELIABILITY_WHOLE;
  });
}

type Amounts = Pick<Selection, "marginWh" | "shortfallWh"> & { readonly orderedWh: readonly bigint[] };

function summarise({ candidates, orders }: Plan, { orderedWh, marginWh, shortfallWh }: Amounts): Selection {
  for (const [unit, requested] of orderedWh.entries()) {
    const total = [...orders.values()].reduce((sum, row) => sum + (row[unit] ?? 0n), 0n);
    assert(total === requested - (shortfallWh[unit] ?? 0n) + (marginWh[unit] ?? 0n), "orders cover what they should");
  }
  const costs = candidates.map(({ deviceId, costMicroPerWh }) =>
    (orders.get(deviceId) ?? []).reduce((sum, amountWh) => sum + amountWh * costMicroPerWh, 0n),
  );
  return {
    orders: [...orders]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([deviceId, row]) => ({ deviceId, orderedWh: row })),
    marginWh,
    shortfallWh,
    costMicro: costs.reduce((sum, cost) => sum + cost, 0n),
  };
}
