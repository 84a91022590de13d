import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import type { Outlook, ProsumerForecasts } from "./outlook.ts";

const SUFFIX = ".json";

/** A season of four outlooks a day: long enough to judge the method, a few megabytes on disk. */
export const OUTLOOKS_KEPT_MAX = 400;

/** A week of four a day: with a thousand prosumers each takes two megabytes. */
export const FORECASTS_KEPT_MAX = 28;

/** `directory` is of these documents alone: every name in it is taken for one. */
export type IssuedStoreOptions = { directory: string; keptMax: number };

/** Documents on disk, one file each, named by when they were issued. The newest is kept in memory. */
export class IssuedStore<T extends { issuedAtUnixMs: number }> {
  readonly #disk: Disk;
  readonly #options: IssuedStoreOptions;
  /** Times of issue, oldest first. */
  readonly #issued: number[];
  #newest: T | undefined;

  private constructor(disk: Disk, options: IssuedStoreOptions, issued: number[]) {
    this.#disk = disk;
    this.#options = options;
    this.#issued = issued;
  }

  static async open<T extends { issuedAtUnixMs: number }>(
    disk: Disk,
    options: IssuedStoreOptions,
  ): Promise<IssuedStore<T>> {
    const issued = (await disk.list(options.directory)).map((name) => Number(name.slice(0, -SUFFIX.length)));
    issued.sort((left, right) => left - right);
    const store = new IssuedStore<T>(disk, options, issued);
    const last = issued.at(-1);
    const bytes = last === undefined ? undefined : await disk.read(store.#pathOf(last));
    store.#newest = bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as T);
    return store;
  }

  newest(): T | undefined {
    return this.#newest;
  }

  /** Times of issue of all that are kept, oldest first. */
  issuedAt(): readonly number[] {
    return this.#issued;
  }

  /** Durable before it is visible. The oldest goes when there are too many. */
  async add(document: T): Promise<void> {
    const { issuedAtUnixMs } = document;
    assert(issuedAtUnixMs > (this.#issued.at(-1) ?? -1), "documents are issued one after the other");
    await this.#disk.replace(this.#pathOf(issuedAtUnixMs), Buffer.from(JSON.stringify(document)));
    this.#issued.push(issuedAtUnixMs);
    this.#newest = document;
    if (this.#issued.length <= this.#options.keptMax) return;
    const oldest = this.#issued.shift();
    if (oldest !== undefined) await this.#disk.remove(this.#pathOf(oldest));
  }

  #pathOf(issuedAtUnixMs: number): string {
    return `${this.#options.directory}/${issuedAtUnixMs}${SUFFIX}`;
  }
}

export type OutlookStore = IssuedStore<Outlook>;
export type ForecastStore = IssuedStore<ProsumerForecasts>;

/** Outlooks of the whole node. */
export function openOutlooks(disk: Disk): Promise<OutlookStore> {
  return IssuedStore.open(disk, { directory: "outlooks", keptMax: OUTLOOKS_KEPT_MAX });
}

/** Forecasts of single prosumers. */
export function openForecasts(disk: Disk): Promise<ForecastStore> {
  return IssuedStore.open(disk, { directory: "forecasts", keptMax: FORECASTS_KEPT_MAX });
}
