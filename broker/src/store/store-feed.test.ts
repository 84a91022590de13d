import { silentLog, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { type EngineLog, openEngineLog, settled } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { type Copied, type HistoryPoint, type ReadingLog, type ReadingStore, StoreError } from "./reading-store.ts";
import { StoreFeed } from "./store-feed.ts";

/** Records that the store below takes at once. */
const RECORDS_AT_ONCE = 8;

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

  async copyFrom(log: ReadingLog, fromWalSeq: bigint): Promise<Copied> {
    const { readings, nextWalSeq } = await log.loggedReadings(fromWalSeq, RECORDS_AT_ONCE);
    if (nextWalSeq === fromWalSeq) return { readings: 0, nextWalSeq };
    this.writes += 1;
    if (this.isAway) throw new StoreError("STORE_UNAVAILABLE", "away", { retryAfterMs: this.retryAfterMs });
    this.times.push(...readings.map(({ measuredAtUnixMs }) => measuredAtUnixMs));
    this.#cursor = nextWalSeq;
    return { readings: readings.length, nextWalSeq };
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
  const offer = async () => {
    await read();
    feed.task().wake();
  };
  return { feed, read, offer, pass };
}

const times = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => boundary(from + index));

describe("StoreFeed", () => {
  it("goes on from the store's cursor and then follows the log", async () => {
    const store = new ListStore(2n);
    const { feed, read, offer } = await fed(store);
    for (let index = 0; index < 5; index++) await read();
    feed.task().wake();
    await feed.task().idle();
    expect(store.times).toEqual(times(2, 5));
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

  it("asks a store that is away ever more seldom", async () => {
    const store = new ListStore();
    const { feed, offer, pass } = await fed(store);
    store.isAway = true;
    for (let index = 0; index < 3; index++) await offer();
    for (let minute = 0; minute < 60; minute++) {
      await offer();
      await pass(60_000);
    }
    expect(feed.task().failures()).toBeGreaterThan(400);
    expect(feed.task().failures()).toBeLessThan(460);
    store.isAway = false;
    await pass(10_000);
    expect(store.times).toEqual(times(0, 63));
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

  it("has the store take what gathered meanwhile in one go, in order, as often as it takes", async () => {
    const store = new ListStore();
    const { feed, offer, pass } = await fed(store);
    store.isAway = true;
    for (let index = 0; index < RECORDS_AT_ONCE + 1; index++) await offer();
    store.isAway = false;
    store.writes = 0;
    await pass(10_000);
    expect(store.times).toEqual(times(0, RECORDS_AT_ONCE + 1));
    expect(store.writes).toBe(2);
    expect(feed.storedReadings()).toBe(RECORDS_AT_ONCE + 1);
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
