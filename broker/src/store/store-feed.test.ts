import { silentLog, VirtualClock } from "@gridpact/host";
import type { BatchOutcome } from "@gridpact/native";
import { describe, expect, it } from "vitest";
import { type EngineLog, openEngineLog, settled } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { type HistoryPoint, type ReadingStore, type StoreBatch, StoreError } from "./reading-store.ts";
import { READINGS_WAITING_MAX, StoreFeed } from "./store-feed.ts";

/** Keeps the times of the readings in order, and can be away. */
class ListStore implements ReadingStore {
  readonly kind = "list";
  readonly times: number[] = [];
  writes = 0;
  isAway = false;
  retryAfterMs: number | undefined;
  #cursor: bigint;

  constructor(cursor = 0n) {
    this.#cursor = cursor;
  }

  async cursor(): Promise<bigint> {
    return this.#cursor;
  }

  async write({ readings, nextWalSeq }: StoreBatch): Promise<void> {
    this.writes += 1;
    if (this.isAway) throw new StoreError("STORE_UNAVAILABLE", "away", { retryAfterMs: this.retryAfterMs });
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
  const clock = new VirtualClock(0);
  const feed = new StoreFeed(store, { engine: log.engine, log: silentLog, clock });
  /** Lets so much time pass, and everything happen in it. */
  const pass = async (ms: number) => {
    await clock.advanceTo(clock.nowUnixMs() + ms);
    await feed.task().idle();
  };
  let next = 0;
  const read = () => log.submit(device, device.envelope(boundary(next++)));
  const offer = async () => feed.offer(await read());
  return { feed, log, device, read, offer, pass };
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
    const { feed, offer, pass } = await fed(store);
    feed.task().wake();
    await feed.task().idle();
    store.isAway = true;
    for (let index = 0; index < 3; index++) await offer();
    await settled();
    expect(store.times).toEqual([]);
    expect(feed.task().failures()).toBeGreaterThan(0);
    store.isAway = false;
    await pass(10_000);
    expect(store.times).toEqual(times(0, 3));
    expect(store.writes).toBe(2);
  });

  it("asks a store that is away ever more seldom, and reads the log once for all the asking", async () => {
    const store = new ListStore();
    const { feed, log, offer, pass } = await fed(store);
    store.isAway = true;
    for (let index = 0; index < 3; index++) await offer();
    let reads = 0;
    const { loggedReadings } = log.engine;
    log.engine.loggedReadings = (...range) => {
      reads += 1;
      return loggedReadings.apply(log.engine, range);
    };
    for (let minute = 0; minute < 60; minute++) {
      await offer();
      await pass(60_000);
    }
    expect(feed.task().failures()).toBeGreaterThan(400);
    expect(feed.task().failures()).toBeLessThan(460);
    expect([reads, feed.waitingReadings()]).toEqual([0, 0]);
    store.isAway = false;
    await pass(10_000);
    expect(store.times).toEqual(times(0, 63));
    expect(feed.isBehind()).toBe(false);
  });

  it("leaves a store alone for as long as it asked for", async () => {
    const store = new ListStore();
    const { offer, pass } = await fed(store);
    store.isAway = true;
    store.retryAfterMs = 30_000;
    await offer();
    await pass(29_999);
    expect(store.writes).toBe(1);
    store.isAway = false;
    await pass(1);
    expect(store.times).toEqual(times(0, 1));
  });

  it("writes batches that have gathered in one go, in order", async () => {
    const store = new ListStore();
    const { feed, offer, pass } = await fed(store);
    feed.task().wake();
    await feed.task().idle();
    store.isAway = true;
    for (let index = 0; index < 20; index++) await offer();
    store.isAway = false;
    store.writes = 0;
    await pass(10_000);
    expect(store.times).toEqual(times(0, 20));
    expect(store.writes).toBeLessThanOrEqual(2);
  });

  it("drops its queue at the bound and reads from the log instead", async () => {
    const store = new ListStore();
    const { feed, read, offer, pass } = await fed(store);
    feed.task().wake();
    await feed.task().idle();
    store.isAway = true;
    await offer();
    // Stands for a batch as large as the bound; the log holds one reading of it.
    const outcome = await read();
    feed.offer(Object.create(outcome, { readingCount: { value: READINGS_WAITING_MAX - 1 } }));
    expect(feed.isBehind()).toBe(false);
    feed.offer(await read());
    expect(feed.isBehind()).toBe(true);
    store.isAway = false;
    await offer();
    await pass(10_000);
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
