import { SeededRandom, SimulatedDisk, signingKeyFromSeed } from "@gridpact/host";
import { QUALITY, type Reading } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { EnvelopeChain, freshChain } from "../sign/index.ts";
import { Spool } from "./spool.ts";

const key = signingKeyFromSeed(new SeededRandom("spool").bytes(32));

function reading(index: number): Reading {
  return {
    measuredAtUnixMs: BigInt(index),
    powerW: -1n,
    importWh: BigInt(index),
    exportWh: 2n,
    quality: QUALITY.ESTIMATED,
  };
}

function setUp(bytesMax = 100_000) {
  const disk = new SimulatedDisk(new SeededRandom("disk"));
  const chain = new EnvelopeChain({ deviceId: "d-1", key }, freshChain(1));
  return { disk, chain, open: () => Spool.open({ disk, directory: "spool", bytesMax }) };
}

describe("Spool", () => {
  it("is empty on a new disk only", async () => {
    const { open, disk } = setUp();
    const { spool, recovered } = await open();
    expect(recovered).toEqual({ isEmpty: true, lastEnvelope: undefined, unsigned: [] });
    await spool.appendReading(reading(1));
    disk.crash();
    expect((await open()).recovered).toEqual({ isEmpty: false, lastEnvelope: undefined, unsigned: [reading(1)] });
  });

  it("gives back after a crash what was not acknowledged, in order, and what was not signed", async () => {
    const { open, disk, chain } = setUp();
    const { spool } = await open();
    const sealed = [chain.seal([reading(1)]), chain.seal([reading(2), reading(3)]), chain.seal([reading(4)])];
    await Promise.all(sealed.map((envelope) => spool.appendEnvelope(envelope)));
    spool.acknowledgeFirst();
    await spool.appendReading(reading(5));
    disk.crash();
    const again = await open();
    expect(again.spool.unacked.map(({ bytes }) => Buffer.from(bytes))).toEqual(
      sealed.slice(1).map(({ bytes }) => Buffer.from(bytes)),
    );
    expect(again.spool.unacked.map(({ readingCount }) => readingCount)).toEqual([2, 1]);
    expect(again.recovered.unsigned).toEqual([reading(5)]);
    expect(again.recovered.lastEnvelope?.payload.readings).toEqual([reading(4)]);
  });

  it("does not sign again a reading that an envelope has", async () => {
    const { open, disk, chain } = setUp();
    const { spool } = await open();
    for (const index of [1, 2, 3]) await spool.appendReading(reading(index));
    await spool.appendEnvelope(chain.seal([reading(1), reading(2)]));
    disk.crash();
    expect((await open()).recovered.unsigned).toEqual([reading(3)]);
  });

  it("counts acknowledged envelopes that a restart would send again, until a record tells of them", async () => {
    const { open, chain, disk } = setUp();
    const { spool } = await open();
    await spool.appendEnvelope(chain.seal([reading(1)]));
    spool.acknowledgeFirst();
    expect(spool.resendable).toBe(1);
    await spool.saveCursor();
    expect(spool.resendable).toBe(0);
    disk.crash();
    const again = await open();
    expect(again.spool.unacked).toEqual([]);
    expect(again.recovered.lastEnvelope?.payload.readings).toEqual([reading(1)]);
  });

  it("takes all readings below three quarters of its bound, then boundaries, then nothing", async () => {
    const recordBytes = 66;
    const { spool } = await setUp(recordBytes * 8).open();
    const rooms = [];
    for (let index = 0; index <= 8; index++) {
      rooms.push(spool.room());
      await spool.appendReading(reading(index));
    }
    expect(rooms).toEqual([...Array(6).fill("all_readings"), "boundaries_only", "boundaries_only", "nothing"]);
  });

  it("gives the space of acknowledged envelopes back, but never the newest envelope", async () => {
    const { open, disk, chain } = setUp(8_000);
    const { spool } = await open();
    for (let index = 0; index < 200; index++) {
      await spool.appendEnvelope(chain.seal([reading(index)]));
      spool.acknowledgeFirst();
    }
    await spool.saveCursor();
    expect((await disk.list("spool")).length).toBeLessThanOrEqual(2);
    expect((await open()).recovered.lastEnvelope?.payload.firstSeq).toBe(199n);
  });

  it("says that it is damaged and gives nothing when a durable byte has changed", async () => {
    const { open, disk, chain } = setUp();
    const { spool } = await open();
    for (const index of [1, 2]) await spool.appendEnvelope(chain.seal([reading(index)]));
    disk.flipBit("spool/00000000000000000000.log", 400);
    await expect(open()).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  });
});
