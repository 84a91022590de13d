import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import type { ImportForecast } from "@gridpact/proto";

/** A forecast of the whole node with what was known when: enough to make it again, and to judge it later. */
export type Outlook = {
  issuedAtUnixMs: number;
  /** No reading after this was used. */
  dataUntilUnixMs: number;
  /** The method; what it learned follows from the input. */
  modelVersion: string;
  /** SHA-256 of the history that it was made from. */
  inputHashHex: string;
  /** Devices of the node, and how many of them the history was summed over. */
  deviceCount: number;
  summedCount: number;
  /** Backtest error relative to repeating the day before; null where nothing could be judged. */
  mase: number | null;
  flags: readonly string[];
  forecast: ImportForecast;
};

const DIRECTORY = "outlooks";
const SUFFIX = ".json";

/** A season of four outlooks a day: long enough to judge the method, a few megabytes on disk. */
export const OUTLOOKS_KEPT_MAX = 400;

/** Outlooks on disk, one file each, named by when they were issued. The newest is kept in memory. */
export class OutlookStore {
  readonly #disk: Disk;
  /** Times of issue, oldest first. */
  readonly #issued: number[];
  #newest: Outlook | undefined;

  private constructor(disk: Disk, issued: number[], newest: Outlook | undefined) {
    this.#disk = disk;
    this.#issued = issued;
    this.#newest = newest;
  }

  static async open(disk: Disk): Promise<OutlookStore> {
    const issued = (await disk.list(DIRECTORY)).map((name) => Number(name.slice(0, -SUFFIX.length)));
    issued.sort((left, right) => left - right);
    const last = issued.at(-1);
    const bytes = last === undefined ? undefined : await disk.read(pathOf(last));
    const newest = bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Outlook);
    return new OutlookStore(disk, issued, newest);
  }

  newest(): Outlook | undefined {
    return this.#newest;
  }

  /** Times of issue of all that are kept, oldest first. */
  issuedAt(): readonly number[] {
    return this.#issued;
  }

  /** Durable before it is visible. The oldest goes when there are too many. */
  async add(outlook: Outlook): Promise<void> {
    const { issuedAtUnixMs } = outlook;
    assert(issuedAtUnixMs > (this.#issued.at(-1) ?? -1), "outlooks are issued one after the other");
    await this.#disk.replace(pathOf(issuedAtUnixMs), Buffer.from(JSON.stringify(outlook)));
    this.#issued.push(issuedAtUnixMs);
    this.#newest = outlook;
    if (this.#issued.length <= OUTLOOKS_KEPT_MAX) return;
    const oldest = this.#issued.shift();
    if (oldest !== undefined) await this.#disk.remove(pathOf(oldest));
  }
}

function pathOf(issuedAtUnixMs: number): string {
  return `${DIRECTORY}/${issuedAtUnixMs}${SUFFIX}`;
}
