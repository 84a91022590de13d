import {
  estimateDelivery,
  type MatchingPolicy,
  NEW_SUPPLIER,
  rememberEvent,
  type SupplierMemory,
  TRAINED_POLICY,
} from "@gridpact/flexibility";
import type { Disk } from "@gridpact/host";

/** What one event taught about a device. */
export type DeliveryOutcome = { deviceId: string; orderedWh: bigint; deliveredWh: bigint };

type Book = { memories: Record<string, SupplierMemory>; learnedEventIds: string[] };

const PATH = "reliability.json";

const WHOLE_PER_MILLE = 1_000;

/** A device that never delivers is still asked now and then, or it could never show that it was repaired. */
const FLOOR_PER_MILLE = 50;

/**
 * All devices are paid alike, so cost tells nothing; the middle of what the policy was trained with keeps it on known
 * ground. The offer is a usual one for the same reason.
 */
const USUAL_OFFER = { offerWh: 1, usualOfferWh: 1, costPerWh: 0.45, elementIds: [] };
const PRICE_PER_WH = 1;

/** What a device does in the event that runs. */
export type RunningDelivery = {
  /** Share of its order that it delivered when it was last looked at. */
  observedPerMille: number;
  /** How much of the event is over where the next orders begin, 0 to 1. */
  progress: number;
};

/** A crash can only repeat the newest events, so a short memory is enough. */
export const LEARNED_EVENTS_MAX = 64;

/** What each device made of its orders, and what the matching policy expects of it next; durable. */
export class ReliabilityBook {
  readonly #disk: Disk;
  readonly #policy: MatchingPolicy;
  #book: Book;

  private constructor(disk: Disk, policy: MatchingPolicy, book: Book) {
    this.#disk = disk;
    this.#policy = policy;
    this.#book = book;
  }

  static async open(disk: Disk, policy: MatchingPolicy = TRAINED_POLICY): Promise<ReliabilityBook> {
    const bytes = await disk.read(PATH);
    // A file of an older kind knew averages only: what it lacks is learned again from the next event on.
    const kept = bytes === undefined ? {} : (JSON.parse(Buffer.from(bytes).toString()) as Partial<Book>);
    const book = { memories: kept.memories ?? {}, learnedEventIds: kept.learnedEventIds ?? [] };
    return new ReliabilityBook(disk, policy, book);
  }

  /**
   * Share of its next order that a device is expected to deliver, per mille, measured against a device that was never
   * called. That one counts as whole, or nobody new would be called; taken by itself, the estimate of one that
   * delivered all of its only order is lower, and the unknown would be preferred to the proven.
   */
  perMilleOf(deviceId: string): number {
    const memory = this.#book.memories[deviceId];
    if (memory === undefined) return WHOLE_PER_MILLE;
    const unknown = this.#estimate(NEW_SUPPLIER, null, 0);
    const estimate = this.#estimate(memory, null, 0);
    const isUsable = Number.isFinite(estimate) && unknown > 0;
    return perMille(Math.max(FLOOR_PER_MILLE / WHOLE_PER_MILLE, isUsable ? estimate / unknown : memory.meanRate));
  }

  /**
   * Share of its order that a device at work is expected to deliver in the rest of the running event, per mille: what
   * it was seen to deliver, or less where the policy, which knows its past, expects it to fade. Never more, because a
   * recovery that does not come is missing from the promise, while one that does come costs a replacement.
   */
  runningPerMilleOf(deviceId: string, { observedPerMille, progress }: RunningDelivery): number {
    const memory = this.#book.memories[deviceId] ?? NEW_SUPPLIER;
    const estimate = this.#estimate(memory, observedPerMille / WHOLE_PER_MILLE, progress);
    return Number.isFinite(estimate) ? Math.min(observedPerMille, perMille(estimate)) : observedPerMille;
  }

  /** Learns the outcomes of one event; an event that is known already changes nothing. */
  async learn(eventId: string, outcomes: readonly DeliveryOutcome[]): Promise<void> {
    if (this.#book.learnedEventIds.includes(eventId)) return;
    const memories = { ...this.#book.memories };
    for (const { deviceId, orderedWh, deliveredWh } of outcomes) {
      if (orderedWh === 0n) continue;
      // In thousandths of the order: amounts of energy are integers until here.
      const rate = Number((deliveredWh * BigInt(WHOLE_PER_MILLE)) / orderedWh) / WHOLE_PER_MILLE;
      memories[deviceId] = rememberEvent(memories[deviceId] ?? NEW_SUPPLIER, rate);
    }
    const learnedEventIds = [...this.#book.learnedEventIds, eventId].slice(-LEARNED_EVENTS_MAX);
    const learned: Book = { memories, learnedEventIds };
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(learned)));
    this.#book = learned;
  }

  /** The policy's estimate of delivered / ordered; no finite number where its weights cannot be used. */
  #estimate(memory: SupplierMemory, observedRate: number | null, progress: number): number {
    const supplier = { ...USUAL_OFFER, supplierId: "", memory, observedRate };
    return estimateDelivery(supplier, { pricePerWh: PRICE_PER_WH, progress }, this.#policy).rate;
  }
}

/** Whole thousandths, so that what orders are computed from is an integer again. */
function perMille(rate: number): number {
  return Math.min(WHOLE_PER_MILLE, Math.round(rate * WHOLE_PER_MILLE));
}
