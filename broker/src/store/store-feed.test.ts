import { silentLog } from "@gridpact/host";
import type { BatchOutcome } from "@gridpact/native";
import { describe, expect, it } from "vitest";
import { type EngineLog, openEngineLog, settled } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import type { HistoryPoint, ReadingStore, StoreBatch } from "./reading-store.ts";
import { READINGS_WAITING_MAX, StoreFeed } from "./store-feed.ts";

/** Keeps the times of the readings in order, and can be away. */
class ListStore implements ReadingStore {
  readonly kind = "list";
  readonly times: number[] = [];
  isAway = false;
  #cursor: bigint;

  constructor(cursor = 0n) {
    this.#cursor = cursor;
  }

  async cursor(): Promise<bigint> {
    return this.#cursor;
  }

  async write({ readings, nextWalSeq }: StoreBatch): Promise<void> {
    if (this.isAway) throw new Error("away");
    this.times.push(...readings.map(({ measuredAtUnixMs }) => measuredAtUnixMs));
    this.#cursor = nextWalSeq;
  }

  async history(): Promise<HistoryPoint[]> {
    return [];
  }

  async close(): Promise<void> {}
}

async function fed(store: ListStore) {
  const device = new MeteringDevice("meter-1", 1);
  const log: EngineLog = await openEngineLog([device]);
  const feed = new StoreFeed(store, { engine: log.engine, log: silentLog });
  let next = 0;
  const read = () => log.submit(device, device.envelope(boundary(next++)));
  const offer = async () => feed.offer(await read());
  return { feed, log, device, read, offer };
}

const times = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => boundary(from + index));

describe("StoreFeed", () => {
  it("catches up from the store's cursor and then follows live batches", async () => {
    const store = new ListStore(2n);
    const { feed, read, offer } = await fed(store);
    for (let index = 0; index < 5; index++) await read();
    feed.task().wake();
    await feed.task().idle();
    expect(store.times).toEqual(times(2, 5));
    expect(feed.isBehind()).toBe(false);
    await offer();
    await feed.task().idle();
    expect(store.times).toEqual(times(2, 6));
    expect(feed.cursor()).toBe(6n);
    expect(feed.storedReadings()).toBe(4);
  });

  it("loses nothing of what comes while the store is away", async () => {
    const store = new ListStore();
    const { feed, offer } = await fed(store);
    feed.task().wake();
    await feed.task().idle();
    store.isAway = true;
    for (let index = 0; index < 3; index++) await offer();
    await settled();
    expect(store.times).toEqual([]);
    expect(feed.task().failures()).toBeGreaterThan(0);
    store.isAway = false;
    feed.task().wake();
    await feed.task().idle();
    expect(store.times).toEqual(times(0, 3));
  });

  it("drops its queue at the bound and reads from the log instead", async () => {
    const store = new ListStore();
    const { feed, read, offer } = await fed(store);
    feed.task().wake();
    await feed.task().idle();
    store.isAway = true;
    await offer();
    // Stands for a batch as large as the bound; the log holds one reading of it.
    const outcome = await read();
    feed.offer({ ...outcome, readings: new Array(READINGS_WAITING_MAX - 1).fill(outcome.readings[0]) });
    expect(feed.isBehind()).toBe(false);
    feed.offer(await read());
    expect(feed.isBehind()).toBe(true);
    store.isAway = false;
    await offer();
    await feed.task().idle();
    expect(store.times).toEqual(times(0, 4));
    expect(feed.isBehind()).toBe(false);
  });

  it("takes neither twice nor halfway what log and live batches both bring", async () => {
    const store = new ListStore();
    const { feed, log, device } = await fed(store);
    const pair = await log.submit(device, device.envelope(boundary(0)), device.envelope(boundary(1)));
    const more: BatchOutcome = await log.submit(device, device.envelope(boundary(2)));
    feed.task().wake();
    await feed.task().idle();
    expect(store.times).toEqual(times(0, 3));
    feed.offer(pair);
    feed.offer(more);
    await feed.task().idle();
    expect(store.times).toEqual(times(0, 3));
  });

  it("begins nothing after it was stopped", async () => {
    const store = new ListStore();
    const { feed, offer } = await fed(store);
    feed.task().stop();
    await offer();
    await settled();
    expect(store.times).toEqual([]);
  });
});
