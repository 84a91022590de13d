import { share, smaller } from "@gridpact/settlement";
import { type Assignment, orderedAt, plannedAt } from "../document/index.ts";

/** What one assignment should and does deliver in (a part of) one interval, Wh. */
export type DeliverySample = {
  deviceId: string;
  /** By the order in force. */
  orderedWh: bigint;
  /** By what the device first agreed to: rates are shares of this, so that they outlive an amendment. */
  plannedWh: bigint;
  netReductionWh: bigint;
};

const WHOLE_PER_MILLE = 1_000;

/** Share of the order that is delivered, 0 to 1000 per mille; an order of nothing is always delivered. */
export function deliveryPerMille({
  orderedWh,
  netReductionWh,
}: Omit<DeliverySample, "deviceId" | "plannedWh">): number {
  if (orderedWh <= 0n || netReductionWh >= orderedWh) return WHOLE_PER_MILLE;
  return netReductionWh <= 0n ? 0 : Number((netReductionWh * BigInt(WHOLE_PER_MILLE)) / orderedWh);
}

/** Rates of the devices that fall short by more than the tolerance, after new samples; the same object if unchanged. */
export function updatedRates(
  rates: Record<string, number>,
  samples: readonly DeliverySample[],
  tolerancePerMille: number,
): Record<string, number> {
  const updated = { ...rates };
  for (const sample of samples) {
    const { deviceId, plannedWh, netReductionWh } = sample;
    const isShort = deliveryPerMille(sample) < WHOLE_PER_MILLE - tolerancePerMille;
    if (isShort) updated[deviceId] = deliveryPerMille({ orderedWh: plannedWh, netReductionWh });
    else delete updated[sample.deviceId];
  }
  const isSame =
    Object.keys(updated).length === Object.keys(rates).length &&
    Object.entries(updated).every(([deviceId, perMille]) => rates[deviceId] === perMille);
  return isSame ? rates : updated;
}

/** Energy that an assignment is expected to deliver in an interval of the event, given how its device does so far. */
export function expectedWh(assignment: Assignment, interval: number, rates: Record<string, number>): bigint {
  if (assignment.status === "lapsed") return 0n;
  const ordered = orderedAt(assignment, interval);
  const perMille = rates[assignment.deviceId];
  return perMille === undefined ? ordered : smaller(ordered, share(plannedAt(assignment, interval), perMille));
}
