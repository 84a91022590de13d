import type { BatchOutcome } from "@gridpact/native";
import { describe, expect, it } from "vitest";
import { openEngineLog } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { catchUp, endOf, type LogView, REPLAY_RECORDS_MAX } from "./log-view.ts";

/** Remembers which positions it was shown. */
class SeenView implements LogView {
  readonly seen: bigint[] = [];
  #cursor: bigint;

  constructor(cursor: bigint) {
    this.#cursor = cursor;
  }

  cursor(): bigint {
    return this.#cursor;
  }

  apply(outcome: BatchOutcome, nextWalSeq: bigint): void {
    this.seen.push(...outcome.envelopes.map(({ walSeq }) => walSeq));
    this.#cursor = nextWalSeq;
  }
}

const positions = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => BigInt(from + index));

describe("catchUp", () => {
  it("shows each view just what it has not seen, in one pass", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const count = 2 * REPLAY_RECORDS_MAX + 5;
    for (let index = 0; index < count; index++) await log.submit(device, device.envelope(boundary(index)));
    const views = [0, 3, REPLAY_RECORDS_MAX + 1, count - 1, count].map((cursor) => new SeenView(BigInt(cursor)));
    await catchUp(log.engine, views);
    expect(views.map(({ seen }) => seen[0])).toEqual([
      0n,
      3n,
      BigInt(REPLAY_RECORDS_MAX + 1),
      BigInt(count - 1),
      undefined,
    ]);
    expect(views[0]?.seen).toEqual(positions(0, count));
    expect(views[2]?.seen).toEqual(positions(REPLAY_RECORDS_MAX + 1, count));
    expect(views.map((view) => view.cursor())).toEqual(views.map(() => BigInt(count)));
  });

  it("passes over rejected envelopes", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const outcome = await log.submit(device, device.envelope(boundary(0)), new Uint8Array([9]));
    const view = new SeenView(0n);
    await catchUp(log.engine, [view]);
    expect(view.seen).toEqual([0n]);
    expect(view.cursor()).toBe(2n);
    expect(endOf(outcome)).toBe(1n);
  });
});
