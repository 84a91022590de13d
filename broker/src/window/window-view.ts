import type { Disk } from "@gridpact/host";
import type { BatchOutcome } from "@gridpact/native";
import type { CheckpointedView } from "../view/index.ts";

/** Energy of one market time unit, as metered so far. For display and steering: nothing is settled on it. */
export type WindowSum = { startUnixMs: number; importWh: bigint; exportWh: bigint; readingCount: number };

/** Windows kept: 35 days of 96, enough for a look at the same day a month ago. Older ones fall out. */
export const WINDOWS_MAX = 3_360;

type Sum = { importWh: bigint; exportWh: bigint; readingCount: number };

/** Start, then for each feeder its name, import and export as decimal text, and number of readings. */
type Checkpoint = { cursor: string; windows: [number, [string, string, string, number][]][] };

const PATH = "window/checkpoint.json";

/**
 * Energy per feeder and market time unit, and for the whole virtual node. Which window a reading's energy belongs to is
 * the engine's rule, so the sums are the same live and replayed; adding twice is prevented by the cursor alone, which
 * is why sums and cursor are one file.
 */
export class WindowView implements CheckpointedView {
  readonly #disk: Disk;
  readonly #windows = new Map<number, Map<string, Sum>>();
  #cursor = 0n;
  #checkpointCursor = 0n;

  private constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Opens the newest checkpoint; the caller brings the view up to the end of the log. */
  static async open(disk: Disk): Promise<WindowView> {
    const view = new WindowView(disk);
    const bytes = await disk.read(PATH);
    if (bytes !== undefined) view.#restore(JSON.parse(Buffer.from(bytes).toString()) as Checkpoint);
    return view;
  }

  cursor(): bigint {
    return this.#cursor;
  }

  checkpointCursor(): bigint {
    return this.#checkpointCursor;
  }

  apply(outcome: BatchOutcome, nextWalSeq: bigint): void {
    for (const { feeder, startUnixMs, importWh, exportWh, readingCount } of outcome.windows) {
      const feeders = this.#windows.get(startUnixMs) ?? new Map<string, Sum>();
      this.#windows.set(startUnixMs, feeders);
      feeders.set(feeder, added(feeders.get(feeder), { importWh, exportWh, readingCount }));
    }
    this.#forgetOldest();
    this.#cursor = nextWalSeq;
  }

  /** Feeders with readings in any kept window, sorted. */
  feeders(): string[] {
    return [...new Set([...this.#windows.values()].flatMap((feeders) => [...feeders.keys()]))].sort();
  }

  /** Sum of one feeder, or of the whole virtual node; undefined when the window has no reading. */
  sum(startUnixMs: number, feeder?: string): WindowSum | undefined {
    const feeders = this.#windows.get(startUnixMs);
    if (feeders === undefined) return undefined;
    const sums = feeder === undefined ? [...feeders.values()] : [feeders.get(feeder)];
    const total = sums.reduce<Sum | undefined>((sum, one) => (one === undefined ? sum : added(sum, one)), undefined);
    return total === undefined ? undefined : { startUnixMs, ...total };
  }

  /** Windows that have readings in `[fromUnixMs, toUnixMs)`, in order. */
  between(fromUnixMs: number, toUnixMs: number, feeder?: string): WindowSum[] {
    return [...this.#windows.keys()]
      .filter((startUnixMs) => startUnixMs >= fromUnixMs && startUnixMs < toUnixMs)
      .sort((left, right) => left - right)
      .flatMap((startUnixMs) => this.sum(startUnixMs, feeder) ?? []);
  }

  /** The newest window that has a reading. */
  newest(): WindowSum | undefined {
    const starts = [...this.#windows.keys()];
    return starts.length === 0 ? undefined : this.sum(Math.max(...starts));
  }

  async checkpoint(): Promise<void> {
    // Cursor and sums are taken at one moment; what is applied while the disk works belongs to the next checkpoint.
    const cursor = this.#cursor;
    const windows = [...this.#windows].map(([startUnixMs, feeders]): Checkpoint["windows"][number] => [
      startUnixMs,
      [...feeders].map(([feeder, sum]) => [feeder, `${sum.importWh}`, `${sum.exportWh}`, sum.readingCount]),
    ]);
    const checkpoint: Checkpoint = { cursor: `${cursor}`, windows };
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(checkpoint)));
    this.#checkpointCursor = cursor;
  }

  #restore(checkpoint: Checkpoint): void {
    for (const [startUnixMs, feeders] of checkpoint.windows) {
      const sums = feeders.map(([feeder, importWh, exportWh, readingCount]): [string, Sum] => [
        feeder,
        { importWh: BigInt(importWh), exportWh: BigInt(exportWh), readingCount },
      ]);
      this.#windows.set(startUnixMs, new Map(sums));
    }
    this.#cursor = BigInt(checkpoint.cursor);
    this.#checkpointCursor = this.#cursor;
  }

  /** By time, not by arrival: a device that sends its whole spool must not push out what is new. */
  #forgetOldest(): void {
    const surplus = this.#windows.size - WINDOWS_MAX;
    if (surplus <= 0) return;
    const oldest = [...this.#windows.keys()].sort((left, right) => left - right).slice(0, surplus);
    for (const startUnixMs of oldest) this.#windows.delete(startUnixMs);
  }
}

function added(left: Sum | undefined, right: Sum): Sum {
  if (left === undefined) return { ...right };
  return {
    importWh: left.importWh + right.importWh,
    exportWh: left.exportWh + right.exportWh,
    readingCount: left.readingCount + right.readingCount,
  };
}
