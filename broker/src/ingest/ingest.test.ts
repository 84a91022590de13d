import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { type BatchOutcome, type Engine, EngineError, type EnvelopeBatch, openTwinEngine } from "@gridpact/native";
import { VERDICT } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { boundary, MeteringDevice, MTU_MS, START_UNIX_MS } from "../../test/metering-device.ts";
import { BATCH_ENVELOPES_MAX, DISK_FULL_RETRY_MS, Ingest, WAITING_ENVELOPES_MAX } from "./ingest.ts";
import { IngestError } from "./ingest-error.ts";

/** An engine whose batches become durable when the test says so. */
class HeldEngine {
  readonly batches: { size: number; release: () => void; fail: (error: unknown) => void }[] = [];

  submit(batch: EnvelopeBatch): Promise<BatchOutcome> {
    const size = batch.count();
    return new Promise((resolve, reject) => {
      const release = () => resolve({ verdicts: new Uint8Array(size), readingCount: size } as BatchOutcome);
      this.batches.push({ size, release, fail: reject });
    });
  }
}

const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

function heldIngest() {
  const engine = new HeldEngine();
  const clock = new VirtualClock(START_UNIX_MS);
  const fatal: unknown[] = [];
  const ingest = new Ingest({
    clock,
    engine: engine as unknown as Engine,
    log: silentLog,
    onOutcome: () => undefined,
    onFatal: (error) => fatal.push(error),
  });
  return { engine, clock, ingest, fatal };
}

const envelope = (size = 10) => ({ deviceId: "meter-1", bytes: new Uint8Array(size) });

describe("Ingest with an engine", () => {
  it("gives each envelope its own verdict and tells of the batch before it acknowledges", async () => {
    const disk = new SimulatedDisk(new SeededRandom("ingest"));
    const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
    const device = new MeteringDevice("meter-1", 1);
    engine.enrol([device.enrolled()]);
    const order: string[] = [];
    const ingest = new Ingest({
      clock: new VirtualClock(boundary(1)),
      engine,
      log: silentLog,
      onOutcome: ({ envelopes }) => order.push(`outcome of ${envelopes.length}`),
      onFatal: () => undefined,
    });
    const first = device.envelope(boundary(0), boundary(1));
    const verdicts = await Promise.all(
      [first, first, new Uint8Array([1, 2, 3])].map(async (bytes) => {
        const verdict = await ingest.accept({ deviceId: "meter-1", bytes });
        order.push("acknowledged");
        return verdict;
      }),
    );
    expect(verdicts).toEqual([VERDICT.ACCEPTED, VERDICT.DUPLICATE, VERDICT.MALFORMED]);
    expect(order[0]).toBe("outcome of 1");
    expect(ingest.counts()).toEqual({
      received: 3,
      accepted: 1,
      duplicates: 1,
      rejected: { malformed: 1 },
      readingsAccepted: 2,
      batches: 1,
      diskFullWaits: 0,
      overloads: 0,
    });
  });
});

describe("Ingest batching", () => {
  it("makes the next batch of what arrives while one is being made durable", async () => {
    const { engine, ingest } = heldIngest();
    const all = [ingest.accept(envelope()), ingest.accept(envelope())];
    await turns();
    all.push(ingest.accept(envelope()), ingest.accept(envelope()), ingest.accept(envelope()));
    await turns();
    expect(engine.batches.map(({ size }) => size)).toEqual([2]);
    engine.batches[0]?.release();
    await turns();
    expect(engine.batches.map(({ size }) => size)).toEqual([2, 3]);
    engine.batches[1]?.release();
    expect(await Promise.all(all)).toEqual([0, 0, 0, 0, 0]);
  });

  it("acknowledges nothing before its batch is durable", async () => {
    const { engine, ingest } = heldIngest();
    let isAcknowledged = false;
    const accepted = ingest.accept(envelope()).then(() => {
      isAcknowledged = true;
    });
    await turns();
    expect(isAcknowledged).toBe(false);
    engine.batches[0]?.release();
    await accepted;
    expect(isAcknowledged).toBe(true);
  });

  it("fills a batch up to its bound and no further", async () => {
    const { engine, ingest } = heldIngest();
    const all = Array.from({ length: BATCH_ENVELOPES_MAX + 1 }, () => ingest.accept(envelope()));
    await turns();
    engine.batches[0]?.release();
    await turns();
    engine.batches[1]?.release();
    await Promise.all(all);
    expect(engine.batches.map(({ size }) => size)).toEqual([BATCH_ENVELOPES_MAX, 1]);
  });
});

describe("Ingest at its bounds", () => {
  it("stops reading at half of the queue, refuses at the whole, and takes up work again", async () => {
    const { engine, ingest } = heldIngest();
    const first = ingest.accept(envelope());
    await turns();
    const waiting = Array.from({ length: WAITING_ENVELOPES_MAX / 2 - 1 }, () => ingest.accept(envelope()));
    expect(ingest.canAcceptWork()).toBe(true);
    waiting.push(ingest.accept(envelope()));
    expect(ingest.canAcceptWork()).toBe(false);
    const again = ingest.whenAccepting();
    waiting.push(...Array.from({ length: WAITING_ENVELOPES_MAX / 2 }, () => ingest.accept(envelope())));
    await expect(ingest.accept(envelope())).rejects.toMatchObject({ code: "INGEST_OVERLOADED" });
    expect(ingest.counts().overloads).toBe(1);
    for (let batch = 0; engine.batches[batch] !== undefined; batch++) {
      engine.batches[batch]?.release();
      await turns();
    }
    await Promise.all([first, ...waiting, again]);
    expect(ingest.canAcceptWork()).toBe(true);
  });
});

describe("Ingest with a full disk", () => {
  it("holds the batch back and acknowledges it when there is room again", async () => {
    const { engine, clock, ingest } = heldIngest();
    const accepted = ingest.accept(envelope());
    await turns();
    engine.batches[0]?.fail(new EngineError("WAL_FULL", "full"));
    await turns();
    expect(ingest.state()).toBe("disk-full");
    expect(ingest.canAcceptWork()).toBe(false);
    const again = ingest.whenAccepting();
    await clock.advanceTo(START_UNIX_MS + DISK_FULL_RETRY_MS);
    engine.batches[1]?.release();
    expect(await accepted).toBe(VERDICT.ACCEPTED);
    await again;
    expect(ingest.state()).toBe("accepting");
    expect(ingest.counts().diskFullWaits).toBe(1);
  });

  it("can be closed, without acknowledging what waited", async () => {
    const { engine, ingest } = heldIngest();
    const accepted = ingest.accept(envelope());
    await turns();
    engine.batches[0]?.fail(new EngineError("WAL_FULL", "full"));
    await turns();
    const refused = expect(accepted).rejects.toMatchObject({ code: "INGEST_CLOSED" });
    await ingest.close();
    await refused;
  });
});

describe("Ingest with a broken log", () => {
  it("acknowledges nothing, refuses what waits and what comes, and says so once", async () => {
    const { engine, ingest, fatal } = heldIngest();
    const submitted = ingest.accept(envelope());
    await turns();
    const waiting = ingest.accept(envelope());
    const failure = new EngineError("WAL_IO", "sync failed");
    const refused = [
      expect(submitted).rejects.toBe(failure),
      expect(waiting).rejects.toMatchObject({ code: "INGEST_FAILED" }),
    ];
    engine.batches[0]?.fail(failure);
    await Promise.all(refused);
    await expect(ingest.accept(envelope())).rejects.toBeInstanceOf(IngestError);
    expect(ingest.state()).toBe("failed");
    expect(fatal).toEqual([failure]);
  });
});
