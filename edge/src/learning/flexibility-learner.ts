import type { Disk } from "@gridpact/host";
import type { FlexibilityStatement, Reading } from "@gridpact/proto";
import { declaredFlexibility, type LearnedFlexibility, learnFrom, type UnitOutcome } from "./learned-flexibility.ts";

/** Half-open. */
type Interval = { startUnixMs: number; endUnixMs: number };

/** A reduction that the device has agreed to; arrays are per interval, energies net import in Wh. */
export type AcceptedOrder = {
  contractId: string;
  intervals: readonly Interval[];
  orderedWh: readonly bigint[];
  baselineWh: readonly bigint[];
};

type FlexibilityLearnerOptions = {
  /** Largest reduction that the owner declared for all resources together, W. */
  declaredW: bigint;
  mtuMs: number;
};

/** What the meter shows at an instant. */
type MeterState = Pick<Reading, "measuredAtUnixMs" | "importWh" | "exportWh">;

const PATH = "learning.json";

/** Orders of events that are not over: a device has one or two a day. */
export const OPEN_ORDERS_MAX = 16;

/** Boundaries remembered: a day of quarter hours covers every event, and older ones teach nothing any more. */
export const BOUNDARIES_MAX = 96;

const MS_PER_HOUR = 3_600_000n;

/** Of an interval that runs, what has to be metered before it shows anything: a kettle is no failure. */
const METERED_SHARE_MIN = 3n;

const PER_MILLE = 1_000n;

type Stored = { revision: number; eventsLearned: number; deliverableWh: string[]; open: StoredOrder[] };
type StoredOrder = Omit<AcceptedOrder, "orderedWh" | "baselineWh"> & { orderedWh: string[]; baselineWh: string[] };

/**
 * Corrects what the device believes it can deliver by what its own meter saw, event by event. An interval counts by
 * the rule of the settlement, `delivered = min(ordered, max(0, baseline - actual))`. One whose boundaries were not both
 * seen in this run teaches nothing: a lesson may be missed, a wrong one is worse.
 */
export class FlexibilityLearner {
  readonly #disk: Disk;
  readonly #mtuMs: number;
  readonly #declaredWh: bigint;
  #revision: number;
  #eventsLearned: number;
  #belief: LearnedFlexibility;
  #open: AcceptedOrder[];
  #latest: MeterState | undefined;
  /** Net import register at market time boundaries, Wh. */
  readonly #boundaries = new Map<number, bigint>();

  private constructor(disk: Disk, options: FlexibilityLearnerOptions, stored: Stored | undefined) {
    this.#disk = disk;
    this.#mtuMs = options.mtuMs;
    this.#declaredWh = (options.declaredW * BigInt(options.mtuMs)) / MS_PER_HOUR;
    this.#revision = stored?.revision ?? 0;
    this.#eventsLearned = stored?.eventsLearned ?? 0;
    this.#belief = stored?.deliverableWh.map(BigInt) ?? declaredFlexibility(this.#declaredWh);
    this.#open = stored?.open.map(restoreOrder) ?? [];
  }

  static async open(disk: Disk, options: FlexibilityLearnerOptions): Promise<FlexibilityLearner> {
    const bytes = await disk.read(PATH);
    const stored = bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Stored);
    return new FlexibilityLearner(disk, options, stored);
  }

  /** Takes note of an order, durably. The same one again changes nothing; beyond the bound the oldest is forgotten. */
  async promised(order: AcceptedOrder): Promise<void> {
    if (this.#open.some(({ contractId }) => contractId === order.contractId)) return;
    this.#open = [...this.#open, order].slice(-OPEN_ORDERS_MAX);
    await this.#store();
  }

  /**
   * An order is being amended. It may not come to that, so each interval counts with the smaller order: a device that
   * was not asked for more, or was let off, has broken no promise.
   */
  async amended(contractId: string, orderedWh: readonly bigint[]): Promise<void> {
    this.#open = this.#open.map((order) => {
      if (order.contractId !== contractId) return order;
      return { ...order, orderedWh: order.orderedWh.map((each, index) => smaller(each, orderedWh[index] ?? 0n)) };
    });
    await this.#store();
  }

  /** Sees the newest reading of the meter, at a boundary or not. */
  saw(reading: MeterState): void {
    this.#latest = reading;
  }

  /**
   * Share of an order that the device delivers now: in the interval that runs, once a third of it has been metered,
   * else in the last one that is over. Undefined when the meter shows neither in this run, or nothing was ordered.
   */
  deliveredPerMille(contractId: string, orderedWh: readonly bigint[]): bigint | undefined {
    const order = this.#open.find((each) => each.contractId === contractId);
    const latest = this.#latest;
    if (order === undefined || latest === undefined) return undefined;
    const sight = { latest, boundaries: this.#boundaries };
    const seen = order.intervals.flatMap((_, index) => meteredShare({ ...order, orderedWh }, index, sight));
    return seen.at(-1);
  }

  /** Sees a reading at a market time boundary; true when an event is over and the statement has changed by it. */
  async observed(reading: MeterState): Promise<boolean> {
    const atUnixMs = Number(reading.measuredAtUnixMs);
    this.#boundaries.set(atUnixMs, reading.importWh - reading.exportWh);
    if (this.#boundaries.size > BOUNDARIES_MAX) {
      const [oldest] = this.#boundaries.keys();
      if (oldest !== undefined) this.#boundaries.delete(oldest);
    }
    const isOver = (order: AcceptedOrder) => (order.intervals.at(-1)?.endUnixMs ?? 0) <= atUnixMs;
    const over = this.#open.filter(isOver);
    if (over.length === 0) return false;
    for (const order of over) this.#belief = learnFrom(this.#belief, this.#outcomesOf(order), this.#declaredWh);
    this.#open = this.#open.filter((order) => !isOver(order));
    this.#eventsLearned += over.length;
    this.#revision += 1;
    await this.#store();
    return true;
  }

  /** What the virtual node may know; undefined while the device has learned nothing that the owner did not declare. */
  statement(): FlexibilityStatement | undefined {
    if (this.#revision === 0) return undefined;
    return {
      revision: this.#revision,
      eventsLearned: this.#eventsLearned,
      mtuMs: this.#mtuMs,
      deliverableWh: [...this.#belief],
    };
  }

  #outcomesOf({ intervals, orderedWh, baselineWh }: AcceptedOrder): UnitOutcome[] {
    return intervals.flatMap(({ startUnixMs, endUnixMs }, index) => {
      const [before, after] = [this.#boundaries.get(startUnixMs), this.#boundaries.get(endUnixMs)];
      const ordered = orderedWh[index] ?? 0n;
      if (before === undefined || after === undefined) return [];
      const reducedWh = (baselineWh[index] ?? 0n) - (after - before);
      return [{ startUnixMs, orderedWh: ordered, deliveredWh: clamp(reducedWh, ordered) }];
    });
  }

  async #store(): Promise<void> {
    const stored: Stored = {
      revision: this.#revision,
      eventsLearned: this.#eventsLearned,
      deliverableWh: this.#belief.map(String),
      open: this.#open.map(storeOrder),
    };
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(stored)));
  }
}

/** Share of the order in one interval, per mille, as far as it has been metered; none when that is too little. */
function meteredShare(
  { intervals, orderedWh, baselineWh }: AcceptedOrder,
  index: number,
  { latest, boundaries }: { latest: MeterState; boundaries: ReadonlyMap<number, bigint> },
): bigint[] {
  const { startUnixMs = 0, endUnixMs = 0 } = intervals[index] ?? {};
  const ordered = orderedWh[index] ?? 0n;
  const before = boundaries.get(startUnixMs);
  const after = boundaries.get(endUnixMs) ?? latest.importWh - latest.exportWh;
  const meteredMs = smaller(latest.measuredAtUnixMs, BigInt(endUnixMs)) - BigInt(startUnixMs);
  const lengthMs = BigInt(endUnixMs - startUnixMs);
  const isOver = boundaries.has(endUnixMs);
  const isRunning = latest.measuredAtUnixMs < BigInt(endUnixMs) && meteredMs * METERED_SHARE_MIN >= lengthMs;
  if (before === undefined || ordered === 0n || !(isOver || isRunning)) return [];
  const soFarWh = (wh: bigint) => (wh * meteredMs) / lengthMs;
  const dueWh = soFarWh(ordered);
  const reducedWh = soFarWh(baselineWh[index] ?? 0n) - (after - before);
  return dueWh === 0n ? [] : [(clamp(reducedWh, dueWh) * PER_MILLE) / dueWh];
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function clamp(reducedWh: bigint, orderedWh: bigint): bigint {
  if (reducedWh <= 0n) return 0n;
  return reducedWh < orderedWh ? reducedWh : orderedWh;
}

function storeOrder({ orderedWh, baselineWh, ...order }: AcceptedOrder): StoredOrder {
  return { ...order, orderedWh: orderedWh.map(String), baselineWh: baselineWh.map(String) };
}

function restoreOrder({ orderedWh, baselineWh, ...order }: StoredOrder): AcceptedOrder {
  return { ...order, orderedWh: orderedWh.map(BigInt), baselineWh: baselineWh.map(BigInt) };
}
