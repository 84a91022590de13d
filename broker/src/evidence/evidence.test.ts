import { openTwinEngine, rootOfLeaves } from "@gridpact/native";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EngineLog, openEngineLog } from "../../test/engine-log.ts";
import { boundary, MeteringDevice, MTU_MS } from "../../test/metering-device.ts";
import { BatchIndex, InclusionProofs } from "../anchor/index.ts";
import { readLeaves } from "../anchor/logged-leaves.ts";
import { catchUp } from "../view/index.ts";
import { DayBlock } from "./day-block.ts";
import { EvidenceIndex } from "./evidence-index.ts";
import { INSTANTS_MAX, LogEvidence } from "./log-evidence.ts";

async function evidenceOf(log: EngineLog) {
  const index = await EvidenceIndex.open(log.disk, MTU_MS);
  await catchUp(log.engine, [index]);
  const batches = await BatchIndex.open(log.disk);
  const evidence = new LogEvidence({ index, proofs: new InclusionProofs(batches, log.engine), engine: log.engine });
  const close = async (endWalSeq: bigint) => {
    const { hashes } = await readLeaves(log.engine, batches.nextWalSeq(), endWalSeq);
    const rootHex = Buffer.from(rootOfLeaves(hashes)).toString("hex");
    const batch = { batchNo: batches.nextBatchNo(), firstWalSeq: batches.nextWalSeq(), endWalSeq };
    await batches.append({ ...batch, size: hashes.length / 32, rootHex, prevRootHex: batches.lastRootHex() });
    return () => batches.setAnchored(batch.batchNo, { transactionId: "tx", blockNumber: 1 });
  };
  return { index, evidence, close };
}

describe("LogEvidence", () => {
  it("gives registers at boundaries, from whichever envelope carries them", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(boundary(0), boundary(0) + 1_000, boundary(1)));
    await log.submit(device, device.envelope(boundary(2)));
    const { evidence } = await evidenceOf(log);
    expect(await evidence.registersAt("meter-1", [boundary(1), boundary(2), boundary(3)])).toEqual([
      { atUnixMs: boundary(1), importWh: 1_750n, exportWh: 0n },
      { atUnixMs: boundary(2), importWh: 2_000n, exportWh: 0n },
      undefined,
    ]);
    expect(await evidence.registersAt("meter-1", [boundary(0) + 1_000])).toEqual([undefined]);
    expect(await evidence.registersAt("meter-2", [boundary(0)])).toEqual([undefined]);
  });

  it("gives each envelope once, with its proof, as soon as all are anchored", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    const envelopes = [device.envelope(boundary(0), boundary(1)), device.envelope(boundary(2))];
    await log.submit(device, ...envelopes);
    const { evidence, close } = await evidenceOf(log);
    const instants = [boundary(0), boundary(1), boundary(2), boundary(3)];
    expect(await evidence.boundaryEvidence("meter-1", instants)).toBeUndefined();
    const anchorFirst = await close(1n);
    const anchorSecond = await close(2n);
    await anchorFirst();
    expect(await evidence.boundaryEvidence("meter-1", instants)).toBeUndefined();
    expect(await evidence.boundaryEvidence("meter-1", instants.slice(0, 2))).toBeDefined();
    await anchorSecond();
    expect(await evidence.boundaryEvidence("meter-1", instants)).toEqual({
      envelopes: envelopes.map((bytes, batchNo) => ({
        envelopeHex: Buffer.from(bytes).toString("hex"),
        proof: { batchNo, leafIndex: 0, size: 1, pathHex: [] },
      })),
      boundaries: [{ envelope: 0, reading: 0 }, { envelope: 0, reading: 1 }, { envelope: 1, reading: 0 }, null],
    });
  });

  it("answers as many instants as its bound, and no more", async () => {
    const log = await openEngineLog([]);
    const { evidence } = await evidenceOf(log);
    const instants = (count: number) => Array.from({ length: count }, (_, index) => boundary(index));
    expect((await evidence.registersAt("meter-1", instants(INSTANTS_MAX))).length).toBe(INSTANTS_MAX);
    await expect(evidence.registersAt("meter-1", instants(INSTANTS_MAX + 1))).rejects.toThrow(/at most/);
  });
});

describe("EvidenceIndex", () => {
  const twoDays = Array.from({ length: 2 * 96 }, (_, index) => boundary(index));

  it("is the same from checkpoint and log as from the log alone", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(...twoDays.slice(0, 100)));
    const { index: live } = await evidenceOf(log);
    await live.checkpoint();
    await log.submit(device, device.envelope(...twoDays.slice(100)));
    await catchUp(log.engine, [live]);
    const restarted = await EvidenceIndex.open(log.disk, MTU_MS);
    expect(restarted.cursor()).toBe(1n);
    await catchUp(log.engine, [restarted]);
    for (const instant of twoDays) {
      const entry = await live.find("meter-1", instant);
      expect(entry).toBeDefined();
      expect(await restarted.find("meter-1", instant)).toEqual(entry);
    }
    await restarted.checkpoint();
    const again = await EvidenceIndex.open(log.disk, MTU_MS);
    expect(await again.find("meter-1", twoDays[150] as number)).toEqual(
      await live.find("meter-1", twoDays[150] as number),
    );
  });

  it("takes up a checkpoint that failed halfway", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(...twoDays));
    const { index } = await evidenceOf(log);
    log.disk.setFault("ENOSPC");
    await expect(index.checkpoint()).rejects.toThrow();
    expect(await index.find("meter-1", boundary(5))).toBeDefined();
    log.disk.setFault(undefined);
    await index.checkpoint();
    const reopened = await EvidenceIndex.open(log.disk, MTU_MS);
    expect(reopened.cursor()).toBe(1n);
    expect(await reopened.find("meter-1", boundary(5))).toEqual(await index.find("meter-1", boundary(5)));
  });

  it("is rebuilt from the log for another market time unit", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(boundary(0), boundary(0) + MTU_MS / 3));
    const { index } = await evidenceOf(log);
    await index.checkpoint();
    const finer = await EvidenceIndex.open(log.disk, MTU_MS / 3);
    expect(finer.cursor()).toBe(0n);
    const engine = await openTwinEngine({ disk: log.disk, directory: "wal", mtuMs: MTU_MS / 3 });
    await catchUp(engine, [finer]);
    expect(await finer.find("meter-1", boundary(0) + MTU_MS / 3)).toBeDefined();
  });

  it("says which file is damaged", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(boundary(0)));
    const { index } = await evidenceOf(log);
    await index.checkpoint();
    log.disk.flipBit("evidence/day-2016-01-28.bin", 100);
    const reopened = await EvidenceIndex.open(log.disk, MTU_MS);
    await expect(reopened.find("meter-1", boundary(0))).rejects.toMatchObject({
      code: "EVIDENCE_DAMAGED",
      path: "evidence/day-2016-01-28.bin",
    });
  });
});

describe("DayBlock", () => {
  const SLOTS = 96;
  const entry = fc.record({
    walSeq: fc.bigInt({ min: 0n, max: 2n ** 48n }),
    readingIndex: fc.nat({ max: 1_439 }),
    importWh: fc.bigInt({ min: 0n, max: 2n ** 48n }),
    exportWh: fc.bigInt({ min: 0n, max: 2n ** 48n }),
  });
  const place = fc.tuple(fc.constantFrom("meter-1", "meter-2", "m"), fc.nat({ max: SLOTS - 1 }), entry);

  it("comes back from its bytes as it was, and from no others", () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), fc.nat(), (places, position) => {
        const block = new DayBlock(SLOTS);
        for (const [deviceId, slot, each] of places) block.set(deviceId, slot, each);
        const bytes = Buffer.from(block.encode());
        const decoded = DayBlock.decode(bytes, SLOTS);
        for (const [deviceId, slot] of places)
          expect(decoded?.find(deviceId, slot)).toEqual(block.find(deviceId, slot));
        expect(DayBlock.decode(bytes, SLOTS / 2)).toBeUndefined();
        const at = position % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        expect(DayBlock.decode(bytes, SLOTS)).toBeUndefined();
      }),
    );
  });

  it("keeps the reading that was accepted first, in whichever order it is told", () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (entries) => {
        const block = new DayBlock(SLOTS);
        const other = new DayBlock(SLOTS);
        for (const [index, each] of entries.entries()) (index % 2 === 0 ? block : other).set("meter-1", 0, each);
        block.merge(other);
        const first = entries.reduce((least, each) => (each.walSeq < least.walSeq ? each : least));
        expect(block.find("meter-1", 0)?.walSeq).toBe(first.walSeq);
      }),
    );
  });
});
