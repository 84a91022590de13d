import { InvalidInputError } from "../flexibility-error.ts";
import { checkAmounts, checkDistinct } from "./amounts.ts";
import { type Candidate, meritOrder } from "./candidate.ts";
import { type EnergyLimit, Headroom } from "./headroom.ts";
import type { DeviceOrder, Selection } from "./select-devices.ts";
import { checkRequest, fillRequest } from "./select-devices.ts";

/** A running event that delivers less than ordered. All arrays cover every market time unit of the event. */
export type ReplacementRequest = {
  /** All devices of the virtual node, those at work included: their share of the limits counts. */
  readonly candidates: readonly Candidate[];
  /** Orders given so far, originals and replacements; their devices are not asked again. */
  readonly activeOrders: readonly DeviceOrder[];
  /** Devices among them that may give more: what they are ordered here comes on top. None when left out. */
  readonly extensibleIds?: ReadonlySet<string>;
  /** What is expected to be missing; values before `firstUnit` are past and ignored. */
  readonly shortfallWh: readonly bigint[];
  /** Index of the first unit that can still be changed. */
  readonly firstUnit: number;
  readonly limits?: readonly EnergyLimit[];
  readonly marginPerMilleMax?: bigint;
};

/**
 * Picks replacements for the rest of an event:
 *
 *      past units       firstUnit     remaining units
 *   ---[====|====|====|====)[====|====|====)---> event
 *      ignored, orders 0     shortfall is served
 *
 * A device has at most one contract in an event, so that its one metered change is never counted twice: devices with an
 * active order are left out, but for those whose contract can be amended. Active orders keep their place in the limits,
 * since a device that fails now may recover.
 *
 * @throws InvalidInputError as `selectDevices` does, and for an active device that is no candidate or a unit outside
 * the event
 */
export function replaceShortfall(request: ReplacementRequest): Selection {
  const { candidates, activeOrders, extensibleIds, shortfallWh, firstUnit, limits = [], ...rest } = request;
  const unitCount = shortfallWh.length;
  if (!Number.isSafeInteger(firstUnit) || firstUnit < 0 || firstUnit > unitCount) {
    throw new InvalidInputError("firstUnit", `must be 0 to ${unitCount}, is ${firstUnit}`);
  }
  const orderedWh = shortfallWh.map((amountWh, unit) => (unit < firstUnit ? 0n : amountWh));
  checkRequest({ candidates, orderedWh, ...rest });
  const headroom = new Headroom({ candidates, limits, unitCount });
  takeActive(headroom, { candidates, activeOrders, unitCount });
  const activeIds = new Set(activeOrders.map(({ deviceId }) => deviceId));
  const isFree = ({ deviceId }: Candidate) => !activeIds.has(deviceId) || (extensibleIds?.has(deviceId) ?? false);
  return fillRequest({ candidates: meritOrder(candidates.filter(isFree)), orderedWh, ...rest }, headroom);
}

function takeActive(
  headroom: Headroom,
  {
    candidates,
    activeOrders,
    unitCount,
  }: Pick<ReplacementRequest, "candidates" | "activeOrders"> & { unitCount: number },
): void {
  checkDistinct(
    "activeOrders",
    activeOrders.map(({ deviceId }) => deviceId),
  );
  const candidateIds = new Set(candidates.map(({ deviceId }) => deviceId));
  for (const { deviceId, orderedWh } of activeOrders) {
    if (!candidateIds.has(deviceId)) throw new InvalidInputError("activeOrders", `${deviceId} is no candidate`);
    checkAmounts(`orderedWh of ${deviceId}`, orderedWh, unitCount);
    for (const [unit, amountWh] of orderedWh.entries()) headroom.take(deviceId, unit, amountWh);
  }
}
