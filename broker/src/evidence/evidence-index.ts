import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import type { BatchOutcome } from "@gridpact/native";
import { DAY_MS } from "../time-spans.ts";
import type { CheckpointedView } from "../view/index.ts";
import { type BoundaryEntry, DayBlock } from "./day-block.ts";

/** A file of the index is damaged. It is a view: remove its directory, and the next start rebuilds it from the log. */
export class EvidenceError extends Error {
  readonly code = "EVIDENCE_DAMAGED";
  readonly path: string;

  constructor(path: string) {
    super(`${path} is damaged; remove the directory ${DIRECTORY} to have the index rebuilt from the log`);
    this.name = "EvidenceError";
    this.path = path;
  }
}

/** Days read back from disk that stay in memory: a month of 1,000 devices. */
export const CACHE_BYTES_MAX = 80 * 1024 * 1024;

/** Boundaries not in a checkpoint yet; at the bound no more envelopes are let in until one is written. */
export const FRESH_BYTES_MAX = 160 * 1024 * 1024;

const DIRECTORY = "evidence";
const CURSOR_PATH = `${DIRECTORY}/cursor.json`;

/**
 * Which accepted reading stands at each boundary of a market time unit, for each device. One file for each UTC day,
 * read when asked for; what is newer than the last checkpoint is in memory too.
 */
export class EvidenceIndex implements CheckpointedView {
  readonly #disk: Disk;
  readonly #mtuMs: number;
  readonly #slots: number;
  #fresh = new Map<number, DayBlock>();
  /** Taken out of `fresh` for a checkpoint, and not on disk yet. */
  readonly #flushing = new Map<number, DayBlock>();
  readonly #cache = new Map<number, DayBlock>();
  /** Names of the day files that exist: a forecast asks for thousands of instants on days that have none. */
  #files = new Set<string>();
  #cursor = 0n;
  #checkpointCursor = 0n;

  private constructor(disk: Disk, mtuMs: number) {
    assert.equal(DAY_MS % mtuMs, 0, "a day has a whole number of market time units");
    this.#disk = disk;
    this.#mtuMs = mtuMs;
    this.#slots = DAY_MS / mtuMs;
  }

  /**
   * Opens the index as of its last checkpoint; the caller brings it up to the end of the log. One that was made for
   * another market time unit is removed and built anew.
   */
  static async open(disk: Disk, mtuMs: number): Promise<EvidenceIndex> {
    const index = new EvidenceIndex(disk, mtuMs);
    const bytes = await disk.read(CURSOR_PATH);
    const kept = bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Checkpoint);
    if (kept?.mtuMs === mtuMs) {
      index.#cursor = BigInt(kept.cursor);
      index.#checkpointCursor = index.#cursor;
    } else {
      await forget(disk);
    }
    index.#files = new Set(await disk.list(DIRECTORY));
    return index;
  }

  cursor(): bigint {
    return this.#cursor;
  }

  checkpointCursor(): bigint {
    return this.#checkpointCursor;
  }

  /** False when so much waits for a checkpoint that memory would not bear more. */
  canAcceptWork(): boolean {
    return sizeOf(this.#fresh) + sizeOf(this.#flushing) < FRESH_BYTES_MAX;
  }

  apply(outcome: BatchOutcome, nextWalSeq: bigint): void {
    for (const { walSeq, readingIndex, reading } of outcome.boundaryReadings()) {
      const { deviceId, measuredAtUnixMs, importWh, exportWh } = reading;
      this.#set(deviceId, measuredAtUnixMs, { walSeq, readingIndex, importWh, exportWh });
    }
    this.#cursor = nextWalSeq;
  }

  /**
   * The reading at an instant; undefined when it is no boundary, or none was accepted there.
   * @throws EvidenceError when the day's file is damaged.
   */
  async find(deviceId: string, atUnixMs: number): Promise<BoundaryEntry | undefined> {
    if (atUnixMs % this.#mtuMs !== 0) return undefined;
    const { day, slot } = this.#place(atUnixMs);
    const kept = await this.#load(day);
    // Asked for after the wait, which a checkpoint may have used to move blocks from one to the next.
    const blocks = [kept, this.#cache.get(day), this.#flushing.get(day), this.#fresh.get(day)];
    const entries = blocks.flatMap((block) => block?.find(deviceId, slot) ?? []);
    return entries.sort((left, right) => (left.walSeq < right.walSeq ? -1 : 1))[0];
  }

  /** Day files first, then the cursor: a crash in between leaves entries that will be set again, to the same. */
  async checkpoint(): Promise<void> {
    const cursor = this.#cursor;
    for (const [day, block] of this.#fresh) {
      const left = this.#flushing.get(day);
      if (left === undefined) this.#flushing.set(day, block);
      else left.merge(block);
    }
    this.#fresh = new Map();
    for (const [day, block] of [...this.#flushing]) {
      const merged = (await this.#load(day)) ?? new DayBlock(this.#slots);
      merged.merge(block);
      await this.#disk.replace(pathOf(day), merged.encode());
      this.#files.add(nameOf(day));
      this.#remember(day, merged);
      this.#flushing.delete(day);
    }
    const checkpoint: Checkpoint = { cursor: `${cursor}`, mtuMs: this.#mtuMs };
    await this.#disk.replace(CURSOR_PATH, Buffer.from(JSON.stringify(checkpoint)));
    this.#checkpointCursor = cursor;
  }

  #set(deviceId: string, atUnixMs: number, entry: BoundaryEntry): void {
    const { day, slot } = this.#place(atUnixMs);
    const block = this.#fresh.get(day) ?? new DayBlock(this.#slots);
    this.#fresh.set(day, block);
    block.set(deviceId, slot, entry);
  }

  #place(atUnixMs: number): { day: number; slot: number } {
    return { day: Math.floor(atUnixMs / DAY_MS), slot: (atUnixMs % DAY_MS) / this.#mtuMs };
  }

  /** @throws EvidenceError */
  async #load(day: number): Promise<DayBlock | undefined> {
    const cached = this.#cache.get(day);
    if (cached !== undefined) return cached;
    if (!this.#files.has(nameOf(day))) return undefined;
    const bytes = (await this.#disk.read(pathOf(day))) ?? new Uint8Array();
    const block = DayBlock.decode(bytes, this.#slots);
    if (block === undefined) throw new EvidenceError(pathOf(day));
    this.#remember(day, block);
    return block;
  }

  /** Keeps the days that were loaded last. */
  #remember(day: number, block: DayBlock): void {
    this.#cache.delete(day);
    this.#cache.set(day, block);
    for (const oldest of this.#cache.keys()) {
      if (oldest === day || sizeOf(this.#cache) <= CACHE_BYTES_MAX) return;
      this.#cache.delete(oldest);
    }
  }
}

type Checkpoint = { cursor: string; mtuMs: number };

function pathOf(day: number): string {
  return `${DIRECTORY}/${nameOf(day)}`;
}

function nameOf(day: number): string {
  return `day-${new Date(day * DAY_MS).toISOString().slice(0, 10)}.bin`;
}

/** Files of an index that is to be rebuilt: a part of them could be left of another market time unit. */
async function forget(disk: Disk): Promise<void> {
  for (const name of await disk.list(DIRECTORY)) {
    if (name.startsWith("day-")) await disk.remove(`${DIRECTORY}/${name}`);
  }
}

/** Few days are in work at a time, so counting is cheap enough to be done each time. */
function sizeOf(blocks: ReadonlyMap<number, DayBlock>): number {
  let bytes = 0;
  for (const block of blocks.values()) bytes += block.sizeBytes();
  return bytes;
}
