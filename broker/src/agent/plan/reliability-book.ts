import type { Disk } from "@gridpact/host";

/** What one event taught about a device. */
export type DeliveryOutcome = { deviceId: string; orderedWh: bigint; deliveredWh: bigint };

type Book = { perMille: Record<string, number>; learnedEventIds: string[] };

const PATH = "reliability.json";

/** Optimistic start: a new device is called like a good one and learns its place from its first event on. */
const START_PER_MILLE = 1_000;

/** Weight of the newest event: after four events the start value weighs less than a third. */
const LEARNING_RATE_PER_MILLE = 250;

/** A device that never delivers is still asked now and then, or it could never show that it was repaired. */
const FLOOR_PER_MILLE = 50;

/** A crash can only repeat the newest events, so a short memory is enough. */
export const LEARNED_EVENTS_MAX = 64;

/** How much of its orders each device delivers: a moving average over events, durable. */
export class ReliabilityBook {
  readonly #disk: Disk;
  #book: Book;

  private constructor(disk: Disk, book: Book) {
    this.#disk = disk;
    this.#book = book;
  }

  static async open(disk: Disk): Promise<ReliabilityBook> {
    const bytes = await disk.read(PATH);
    const book =
      bytes === undefined ? { perMille: {}, learnedEventIds: [] } : JSON.parse(Buffer.from(bytes).toString());
    return new ReliabilityBook(disk, book as Book);
  }

  perMilleOf(deviceId: string): number {
    return this.#book.perMille[deviceId] ?? START_PER_MILLE;
  }

  /** Learns the outcomes of one event; an event that is known already changes nothing. */
  async learn(eventId: string, outcomes: readonly DeliveryOutcome[]): Promise<void> {
    if (this.#book.learnedEventIds.includes(eventId)) return;
    const perMille = { ...this.#book.perMille };
    for (const { deviceId, orderedWh, deliveredWh } of outcomes) {
      if (orderedWh === 0n) continue;
      const before = perMille[deviceId] ?? START_PER_MILLE;
      const observed = Number((deliveredWh * 1_000n) / orderedWh);
      const after = before + Math.trunc(((observed - before) * LEARNING_RATE_PER_MILLE) / 1_000);
      perMille[deviceId] = Math.max(FLOOR_PER_MILLE, after);
    }
    const learnedEventIds = [...this.#book.learnedEventIds, eventId].slice(-LEARNED_EVENTS_MAX);
    const learned: Book = { perMille, learnedEventIds };
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(learned)));
    this.#book = learned;
  }
}
