import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import type { BatchOutcome } from "@gridpact/native";
import { rootFromPath } from "@gridpact/native";
import { decode, envelopeLeafHash } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { type EngineLog, openEngineLog, settled } from "../../test/engine-log.ts";
import { boundary, MeteringDevice, MTU_MS } from "../../test/metering-device.ts";
import { TestOutbox } from "../../test/test-outbox.ts";
import { catchUp, endOf } from "../view/index.ts";
import { Anchor, BATCH_PERIOD_MS, GRACE_MS_DEFAULT, LEAVES_WORTH_A_BATCH } from "./anchor.ts";
import { BATCHES_PER_FILE, BatchIndex } from "./batch-index.ts";
import { InclusionProofs } from "./inclusion.ts";

const LEAVES_MAX = 4;
const ZEROS = "00".repeat(32);

type CommittedBatch = { batchNo: number; size: number; rootHex: string; prevRootHex: string };

async function opened(log: EngineLog, outbox = new TestOutbox(), leavesMax = LEAVES_MAX) {
  const clock = new VirtualClock(boundary(0));
  const index = await BatchIndex.open(log.disk);
  const fatal: unknown[] = [];
  const anchor = new Anchor(
    { vnId: "district", mtuMs: MTU_MS, leavesMax, graceMs: GRACE_MS_DEFAULT },
    { clock, engine: log.engine, index, outbox, log: silentLog, onFatal: (error) => fatal.push(error) },
  );
  await catchUp(log.engine, [anchor]);
  const committed = () => outbox.argumentsOf("anchors:CommitAnchor") as CommittedBatch[];
  return { anchor, clock, index, outbox, fatal, committed, proofs: new InclusionProofs(index, log.engine) };
}

/** Envelopes `[from, to)` of a device, each durable and applied. */
async function metered(opened: { anchor: Anchor; log: EngineLog; device: MeteringDevice }, from: number, to: number) {
  const { anchor, log, device } = opened;
  const all: Uint8Array[] = [];
  for (let count = from; count < to; count++) {
    const bytes = device.envelope(boundary(0) + count * 1_000);
    const outcome = await log.submit(device, bytes);
    anchor.apply(outcome, endOf(outcome) as bigint);
    all.push(bytes);
  }
  return all;
}

describe("Anchor", () => {
  it("closes a batch when it is full, and anchors batches in sequence, each naming the root before", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const { anchor, committed, index } = await opened(log);
    await metered({ anchor, log, device }, 0, 2 * LEAVES_MAX + 3);
    await settled();
    expect(committed().map(({ batchNo, size }) => [batchNo, size])).toEqual([
      [0, LEAVES_MAX],
      [1, LEAVES_MAX],
    ]);
    expect(committed()[0]?.prevRootHex).toBe(ZEROS);
    expect(committed()[1]?.prevRootHex).toBe(committed()[0]?.rootHex);
    expect(anchor.openLeaves()).toBe(3);
    expect([index.anchoredCount(), index.anchoredLeaves()]).toEqual([2, 2 * LEAVES_MAX]);
  });

  it("closes what it has a grace after the end of the market time unit, and never an empty batch", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const { anchor, clock, committed } = await opened(log);
    await clock.advanceTo(boundary(0) + GRACE_MS_DEFAULT);
    await metered({ anchor, log, device }, 0, 1);
    await clock.advanceTo(boundary(1) + GRACE_MS_DEFAULT - 1);
    anchor.tick();
    await settled();
    expect(committed()).toEqual([]);
    await clock.advanceTo(boundary(1) + GRACE_MS_DEFAULT);
    anchor.tick();
    await clock.advanceTo(boundary(3));
    anchor.tick();
    await settled();
    expect(committed().map(({ size }) => size)).toEqual([1]);
  });

  it("closes a batch that is worth it once it has been open for a second, and not before", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const { anchor, clock, committed } = await opened(log, new TestOutbox(), 2 * LEAVES_WORTH_A_BATCH);
    let count = 0;
    const take = async (envelopes: number) => {
      const all = Array.from({ length: envelopes }, () => device.envelope(boundary(0) + count++ * 1_000));
      const outcome = await log.submit(device, ...all);
      anchor.apply(outcome, endOf(outcome) as bigint);
      await settled();
    };
    await take(LEAVES_WORTH_A_BATCH - 1);
    await clock.advanceTo(boundary(0) + BATCH_PERIOD_MS - 1);
    await take(1);
    expect(committed()).toEqual([]);
    await clock.advanceTo(boundary(0) + BATCH_PERIOD_MS);
    await take(1);
    await take(LEAVES_WORTH_A_BATCH - 1);
    await clock.advanceTo(boundary(0) + 3 * BATCH_PERIOD_MS);
    await take(1);
    expect(committed().map(({ size }) => size)).toEqual([LEAVES_WORTH_A_BATCH + 1, LEAVES_WORTH_A_BATCH]);
  });

  it("proves each envelope of an anchored batch, and none before", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const { anchor, proofs, committed } = await opened(log);
    const envelopes = await metered({ anchor, log, device }, 0, LEAVES_MAX + 1);
    await settled();
    for (let position = 0; position < LEAVES_MAX; position++) {
      const proof = await proofs.proof(BigInt(position));
      expect(proof).toMatchObject({ batchNo: 0, leafIndex: position, size: LEAVES_MAX });
      const root = rootFromPath({
        leafHash: envelopeLeafHash(decode("SignedEnvelope", envelopes[position] as Uint8Array)),
        leafIndex: position,
        size: LEAVES_MAX,
        path: (proof?.pathHex ?? []).map((hash) => Buffer.from(hash, "hex")),
      });
      expect(Buffer.from(root ?? []).toString("hex")).toBe(committed()[0]?.rootHex);
    }
    expect(await proofs.proof(BigInt(LEAVES_MAX))).toBeUndefined();
  });

  it("proves nothing as long as the ledger has not answered", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const outbox = new TestOutbox();
    outbox.failure = new Error("no ledger");
    const { anchor, proofs, index } = await opened(log, outbox);
    await metered({ anchor, log, device }, 0, LEAVES_MAX);
    await settled();
    expect([index.nextBatchNo(), index.anchoredCount()]).toEqual([1, 0]);
    expect(await proofs.proof(0n)).toBeUndefined();
    outbox.failure = undefined;
    anchor.tick();
    await settled();
    expect(await proofs.proof(0n)).toBeDefined();
  });
});

describe("Anchor over a restart", () => {
  it("goes on with the same batches, and commits none twice", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const outbox = new TestOutbox();
    const before = await opened(log, outbox);
    await metered({ anchor: before.anchor, log, device }, 0, LEAVES_MAX + 2);
    await settled();
    const after = await opened(log, outbox);
    expect(after.anchor.openLeaves()).toBe(2);
    await metered({ anchor: after.anchor, log, device }, LEAVES_MAX + 2, LEAVES_MAX + 4);
    await settled();
    expect(after.committed().map(({ batchNo, size }) => [batchNo, size])).toEqual([
      [0, LEAVES_MAX],
      [1, LEAVES_MAX],
    ]);
    expect(await after.proofs.proof(6n)).toMatchObject({ batchNo: 1, leafIndex: 2 });
  });

  it("commits what was closed but not on the ledger when it stopped", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const outbox = new TestOutbox();
    outbox.failure = new Error("no ledger");
    const before = await opened(log, outbox);
    await metered({ anchor: before.anchor, log, device }, 0, LEAVES_MAX);
    await settled();
    outbox.failure = undefined;
    const after = await opened(log, outbox);
    after.anchor.tick();
    await settled();
    expect(after.committed().map(({ batchNo }) => batchNo)).toEqual([0]);
  });
});

describe("Anchor on a disk that fails", () => {
  it("commits nothing of a full disk, and goes on when there is room", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const { anchor, committed } = await opened(log);
    await metered({ anchor, log, device }, 0, LEAVES_MAX - 1);
    const outcome = await log.submit(device, device.envelope(boundary(1)));
    log.disk.setFault("ENOSPC");
    anchor.apply(outcome, endOf(outcome) as bigint);
    await settled();
    expect(committed()).toEqual([]);
    log.disk.setFault(undefined);
    anchor.tick();
    await settled();
    expect(committed().length).toBe(1);
  });

  it("refuses to anchor a root that the log on disk does not give", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const { anchor, committed, fatal } = await opened(log);
    await metered({ anchor, log, device }, 0, LEAVES_MAX - 1);
    const outcome = await log.submit(device, device.envelope(boundary(1)));
    const forged: BatchOutcome = Object.assign(Object.create(outcome), { leafHashes: () => new Uint8Array(32) });
    anchor.apply(forged, endOf(outcome) as bigint);
    await settled();
    expect(committed()).toEqual([]);
    expect(fatal).toMatchObject([{ code: "ANCHOR_LOG_MISMATCH", batchNo: 0 }]);
  });
});

describe("BatchIndex", () => {
  it("keeps all batches and receipts over a restart, beyond one file", async () => {
    const disk = new SimulatedDisk(new SeededRandom("index"));
    const index = await BatchIndex.open(disk);
    const count = BATCHES_PER_FILE + 2;
    for (let batchNo = 0; batchNo < count; batchNo++) {
      const rootHex = batchNo.toString(16).padStart(64, "0");
      const range = { firstWalSeq: BigInt(10 * batchNo), endWalSeq: BigInt(10 * batchNo + 10) };
      await index.append({ batchNo, ...range, size: 10, rootHex, prevRootHex: index.lastRootHex() });
      if (batchNo < count - 1) await index.setAnchored(batchNo, { transactionId: `tx-${batchNo}`, blockNumber: 7 });
    }
    const reopened = await BatchIndex.open(disk);
    expect(reopened.nextBatchNo()).toBe(count);
    expect(reopened.anchoredCount()).toBe(count - 1);
    expect(reopened.find(BATCHES_PER_FILE)).toEqual(index.find(BATCHES_PER_FILE));
    expect(reopened.batchOf(10n * BigInt(BATCHES_PER_FILE) + 9n)?.batchNo).toBe(BATCHES_PER_FILE);
    expect(reopened.batchOf(10n)?.batchNo).toBe(1);
    expect(reopened.batchOf(BigInt(10 * count))).toBeUndefined();
  });

  it("loses neither of two changes that come at once", async () => {
    const disk = new SimulatedDisk(new SeededRandom("index"));
    const index = await BatchIndex.open(disk);
    const batch = { size: 1, rootHex: ZEROS, prevRootHex: ZEROS };
    await index.append({ ...batch, batchNo: 0, firstWalSeq: 0n, endWalSeq: 1n });
    await Promise.all([
      index.setAnchored(0, { transactionId: "tx", blockNumber: 1 }),
      index.append({ ...batch, batchNo: 1, firstWalSeq: 1n, endWalSeq: 2n }),
    ]);
    const reopened = await BatchIndex.open(disk);
    expect([reopened.anchoredCount(), reopened.nextBatchNo()]).toEqual([1, 2]);
  });
});
