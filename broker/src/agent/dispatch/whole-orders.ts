import type { DeviceOrder, DispatchPlan, DispatchProblem } from "@gridpact/flexibility";
import { smaller } from "@gridpact/settlement";
import type { CallableOffer } from "./calling-costs.ts";

const WH_PER_KWH = 1_000;

/** A plan that is a millionth of a Wh short of a whole one is that whole one. */
const NEARLY_WHOLE_WH = 1e-6;

/** What is lost is noise of the solver below this. */
const NOTHING_WH = 1e-3;

/**
 * Orders in whole Wh that follow a plan. They are rounded down; at each node what rounding took off is given back a Wh
 * at a time, to devices that lost a part of one, the cheapest first.
 *
 * @param offers one for each device of the problem, in their order
 * @param rounding whether the last part of a Wh at a node is given back as a whole one, which may be too much for a
 *   limit, or left out, which breaks none but may miss the target
 */
export function wholeOrders(
  problem: DispatchProblem,
  { powerKw }: DispatchPlan,
  { offers, rounding }: { offers: readonly CallableOffer[]; rounding: "up" | "down" },
): DeviceOrder[] {
  const width = problem.targetKwh.length;
  const exactWh: Exact = (device, step) =>
    (powerKw[device * width + step] ?? 0) * problem.stepHours * WH_PER_KWH + NEARLY_WHOLE_WH;
  const orders = offers.map(({ intervalLimitWh }, device) =>
    intervalLimitWh.map((mostWh, step) => smaller(mostWh, BigInt(Math.floor(exactWh(device, step))))),
  );
  const cheapestFirst = [...offers.keys()].sort((left, right) => compareCost(offers, left, right));
  const placed = cheapestFirst.map((device) => ({ device, node: problem.devices[device]?.nodeIndex ?? 0 }));
  const leastWh = rounding === "up" ? NOTHING_WH : 1 - NEARLY_WHOLE_WH;
  for (let step = 0; step < width; step += 1) giveBack({ step, placed, exactWh, offers, orders, leastWh });
  return offers
    .map(({ deviceId }, device) => ({ deviceId, orderedWh: orders[device] ?? [] }))
    .filter(({ orderedWh }) => orderedWh.some((each) => each > 0n));
}

/** What the plan says of a device in an interval, Wh. */
type Exact = (device: number, step: number) => number;

type Rounded = {
  step: number;
  /** Devices with their nodes, the cheapest first. */
  placed: readonly { device: number; node: number }[];
  exactWh: Exact;
  offers: readonly CallableOffer[];
  /** By device; changed in place. */
  orders: bigint[][];
  /** What of a Wh has to be left of a node's loss for one to be given back. */
  leastWh: number;
};

/** Gives back in one interval what rounding took off. */
function giveBack({ step, placed, exactWh, offers, orders, leastWh }: Rounded): void {
  const lostWh = new Map<number, number>();
  for (const { device, node } of placed) {
    lostWh.set(node, (lostWh.get(node) ?? 0) + (exactWh(device, step) % 1));
  }
  for (const { device, node } of placed) {
    const row = orders[device] ?? [];
    const leftWh = lostWh.get(node) ?? 0;
    const hasLost = exactWh(device, step) % 1 > NOTHING_WH;
    if (!hasLost || leftWh < leastWh || !hasRoom(offers[device], row, step)) continue;
    row[step] = (row[step] ?? 0n) + 1n;
    lostWh.set(node, leftWh - 1);
  }
}

function hasRoom(offer: CallableOffer | undefined, row: readonly bigint[], step: number): boolean {
  if (offer === undefined || (row[step] ?? 0n) >= (offer.intervalLimitWh[step] ?? 0n)) return false;
  const totalWh = row.reduce((sum, each) => sum + each, 0n);
  return offer.energyLimitWh === null || totalWh < offer.energyLimitWh;
}

/** By cost of what counts; then by id. Cross products keep it exact. */
function compareCost(offers: readonly CallableOffer[], left: number, right: number): number {
  const [one, other] = [offers[left], offers[right]];
  if (one === undefined || other === undefined) return left - right;
  const oneCost = one.costMicroPerKwh * other.countedPerMille;
  const otherCost = other.costMicroPerKwh * one.countedPerMille;
  if (oneCost !== otherCost) return oneCost < otherCost ? -1 : 1;
  return one.deviceId < other.deviceId ? -1 : 1;
}
