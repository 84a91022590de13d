import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { ENVELOPE_LIMITS, type EnvelopePayload, encode, VERDICT, ZERO_HASH } from "@gridpact/proto";
import { beforeEach, describe, expect, it } from "vitest";
import { DAY_UNIX_MS, DeviceFixture, forged } from "../test/device-fixture.ts";
import { type BatchOutcome, type Engine, LINES_BYTES_MIN, type ReceivedEnvelope } from "./engine.ts";
import { replayEntry } from "./judge.ts";
import { StateBook } from "./state-book.ts";
import { encodeCheckpoint } from "./state-checkpoint.ts";
import { openTwinEngine } from "./twin-engine.ts";

const MTU_MS = 900_000;
const RECEIVED_AT = DAY_UNIX_MS + 86_400_000;

let disk: SimulatedDisk;
let engine: Engine;
let device: DeviceFixture;

async function open(): Promise<Engine> {
  const opened = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
  opened.enrol([device.enrolled(), new DeviceFixture("home-2").enrolled()]);
  return opened;
}

function submit(...batch: ReceivedEnvelope[]): Promise<BatchOutcome> {
  return engine.submit(batch, RECEIVED_AT);
}

async function verdictsOf(...batch: ReceivedEnvelope[]): Promise<number[]> {
  return [...(await submit(...batch)).verdicts];
}

beforeEach(async () => {
  disk = new SimulatedDisk(new SeededRandom("twin"));
  device = new DeviceFixture("home-1");
  engine = await open();
});

describe("verdicts", () => {
  it("accepts a chain of envelopes and describes them", async () => {
    const outcome = await submit(device.next(2), device.next(1));
    expect([...outcome.verdicts]).toEqual([VERDICT.ACCEPTED, VERDICT.ACCEPTED]);
    expect(outcome.envelopes.map(({ walSeq, firstSeq, readingCount }) => [walSeq, firstSeq, readingCount])).toEqual([
      [0n, 0n, 2],
      [1n, 2n, 1],
    ]);
    const { readings } = await engine.loggedReadings(0n, 10);
    expect(readings.map(({ seq, importWh }) => [seq, importWh])).toEqual([
      [0n, 1_010n],
      [1n, 1_020n],
      [2n, 1_030n],
    ]);
    expect(outcome.envelopes.some(({ isAfterGap }) => isAfterGap)).toBe(false);
  });

  it("calls bytes that are no envelope malformed, and too many of them too large", async () => {
    const large = { deviceId: "home-1", bytes: new Uint8Array(ENVELOPE_LIMITS.bytesMax + 1) };
    const atLimit = { deviceId: "home-1", bytes: new Uint8Array(ENVELOPE_LIMITS.bytesMax) };
    expect(await verdictsOf(large, atLimit)).toEqual([VERDICT.TOO_LARGE, VERDICT.MALFORMED]);
  });

  it("accepts as many readings as the limit allows and not one more", async () => {
    const most = device.next(ENVELOPE_LIMITS.readingsMax);
    const one = device.next(ENVELOPE_LIMITS.readingsMax + 1);
    const outcome = await engine.submit([most, one], DAY_UNIX_MS + 10 * 86_400_000);
    expect([...outcome.verdicts]).toEqual([VERDICT.ACCEPTED, VERDICT.TOO_LARGE]);
  });

  it("refuses a device that is unknown, revoked, or not the one its payload names", async () => {
    const stranger = new DeviceFixture("stranger");
    const borrowed = { ...device.next(), deviceId: "home-2" };
    expect(await verdictsOf(stranger.next(), borrowed)).toEqual([VERDICT.UNKNOWN_DEVICE, VERDICT.IDENTITY_MISMATCH]);
    engine.revoke("home-1");
    expect(await verdictsOf(device.next())).toEqual([VERDICT.UNKNOWN_DEVICE]);
  });

  it("acknowledges a resend once more without storing it", async () => {
    const envelope = device.next();
    expect(await verdictsOf(envelope, envelope)).toEqual([VERDICT.ACCEPTED, VERDICT.DUPLICATE]);
    expect(await verdictsOf(envelope)).toEqual([VERDICT.DUPLICATE]);
    expect(await engine.readLog(0n, 10)).toHaveLength(1);
  });

  it("quarantines a device that signs two envelopes for one place, but not one that is forged so", async () => {
    const payload = device.payload(1);
    const other = { ...payload, readings: payload.readings.map((reading) => ({ ...reading, powerW: 1n })) };
    const first = device.sign(encode("EnvelopePayload", payload));
    const second = device.sign(encode("EnvelopePayload", other));
    expect(await verdictsOf(first, forged(second))).toEqual([VERDICT.ACCEPTED, VERDICT.BAD_SIGNATURE]);
    expect(engine.quarantined()).toEqual([]);
    expect(await verdictsOf(second, device.next())).toEqual([VERDICT.EQUIVOCATION, VERDICT.QUARANTINED]);
    expect(engine.quarantined()).toEqual(["home-1"]);
  });

  it("quarantines a device at its sixteenth bad signature, and no other device", async () => {
    const envelope = device.next();
    const bad = Array.from({ length: ENVELOPE_LIMITS.badSignaturesMax - 1 }, () => forged(envelope));
    expect(new Set(await verdictsOf(...bad))).toEqual(new Set([VERDICT.BAD_SIGNATURE]));
    expect(engine.quarantined()).toEqual([]);
    expect(await verdictsOf(forged(envelope), envelope)).toEqual([VERDICT.BAD_SIGNATURE, VERDICT.QUARANTINED]);
    expect(await verdictsOf(new DeviceFixture("home-2").next())).toEqual([VERDICT.ACCEPTED]);
  });

  it("refuses a broken chain, and goes on with the device after the gap that this leaves", async () => {
    const broken = (device: DeviceFixture) => device.next(1, { previousEnvelopeHash: new Uint8Array(32).fill(7) });
    expect(await verdictsOf(device.next(), broken(device))).toEqual([VERDICT.ACCEPTED, VERDICT.CHAIN_BROKEN]);
    const outcome = await submit(device.next());
    expect([...outcome.verdicts]).toEqual([VERDICT.ACCEPTED]);
    expect(outcome.envelopes[0]?.isAfterGap).toBe(true);
  });

  it("accepts what fills a gap, in any order, and calls stale what lies in none", async () => {
    const [first, second, third, fourth] = [device.next(), device.next(), device.next(), device.next()];
    expect(await verdictsOf(first, fourth, third, second)).toEqual([0, 0, 0, 0]);
    const rest = Array.from({ length: ENVELOPE_LIMITS.replayWindowEnvelopes }, () => device.next(1));
    await submit(...rest);
    expect(await verdictsOf(first)).toEqual([VERDICT.STALE]);
  });

  it("refuses what would fill a gap with another chain", async () => {
    const [first, second, third] = [device.payload(1), device.payload(1), device.payload(1)];
    const sign = (payload: EnvelopePayload) => device.sign(encode("EnvelopePayload", payload));
    const other = { ...second, readings: second.readings.map((reading) => ({ ...reading, powerW: 1n })) };
    expect(await verdictsOf(sign(first), sign(third), sign(other), sign(second))).toEqual([
      VERDICT.ACCEPTED,
      VERDICT.ACCEPTED,
      VERDICT.CHAIN_BROKEN,
      VERDICT.ACCEPTED,
    ]);
  });

  it("takes a new boot epoch, marks its unknown past as a gap, and refuses the old epoch", async () => {
    const old = [device.next(), device.next()];
    await submit(...old);
    const late = device.next();
    const outcome = await submit(device.next(2, { bootEpoch: 2, firstSeq: 0n, previousEnvelopeHash: ZERO_HASH }), late);
    expect([...outcome.verdicts]).toEqual([VERDICT.ACCEPTED, VERDICT.STALE]);
    expect(outcome.envelopes[0]?.isAfterGap).toBe(true);
  });

  it("refuses registers that ran backwards and clocks that run backwards or ahead", async () => {
    await submit(device.next());
    device.importWh -= 100n;
    expect(await verdictsOf(device.next())).toEqual([VERDICT.REGISTER_DECREASED]);
    device.importWh += 1_000n;
    device.measuredAtUnixMs = DAY_UNIX_MS;
    expect(await verdictsOf(device.next(1))).toEqual([VERDICT.CLOCK_SKEW]);
    const limit = RECEIVED_AT + Number(ENVELOPE_LIMITS.clockAheadMsMax);
    device.measuredAtUnixMs = limit - 60_000;
    expect(await verdictsOf(device.next(1))).toEqual([VERDICT.ACCEPTED]);
    device.measuredAtUnixMs = limit + 1 - 60_000;
    expect(await verdictsOf(device.next(1))).toEqual([VERDICT.CLOCK_SKEW]);
  });
});

describe("windows", () => {
  it("gives a boundary reading to the window that it ends, and energy to the later of two readings", async () => {
    device.measuredAtUnixMs = DAY_UNIX_MS + MTU_MS - 120_000;
    const outcome = await submit(device.next(3));
    expect(outcome.windows).toEqual([
      { feeder: "feeder-1", startUnixMs: DAY_UNIX_MS, importWh: 10n, exportWh: 0n, readingCount: 2 },
      { feeder: "feeder-1", startUnixMs: DAY_UNIX_MS + MTU_MS, importWh: 10n, exportWh: 0n, readingCount: 1 },
    ]);
  });

  it("counts the energy of a gap once, with the reading after it", async () => {
    const [first, lost, third] = [device.next(1), device.next(2), device.next(1)];
    const before = await submit(first, third);
    const filler = await submit(lost);
    expect(before.windows[0]).toMatchObject({ importWh: 30n, readingCount: 2 });
    expect(filler.windows[0]).toMatchObject({ importWh: 0n, readingCount: 2 });
  });
});

describe("durability", () => {
  it("rebuilds chains, replay window and quarantine from the log", async () => {
    const hostile = new DeviceFixture("home-2");
    const bad = Array.from({ length: ENVELOPE_LIMITS.badSignaturesMax }, () => forged(hostile.next()));
    const [first, lost, third] = [device.next(), device.next(), device.next()];
    await submit(first, third, ...bad);
    await engine.close();
    engine = await open();
    expect(engine.quarantined()).toEqual(["home-2"]);
    expect(await verdictsOf(first, lost, device.next(), hostile.next())).toEqual([
      VERDICT.DUPLICATE,
      VERDICT.ACCEPTED,
      VERDICT.ACCEPTED,
      VERDICT.QUARANTINED,
    ]);
  });

  it("replays the outcomes of the log in pieces of any size, and from any place", async () => {
    const live = [await submit(device.next(2), device.next(3)), await submit(forged(device.next()), device.next(1))];
    const whole = await engine.replay(0n, 100);
    expect(whole.nextWalSeq).toBe(4n);
    expect(whole.outcome.envelopes).toEqual(live.flatMap(({ envelopes }) => envelopes));
    const last = await engine.replay(3n, 100);
    expect(last.outcome.windows).toEqual(live[1]?.windows);
    expect(last.nextWalSeq).toBe(4n);
    expect((await engine.replay(1n, 1)).outcome.envelopes).toEqual(live[0]?.envelopes.slice(1));
    expect((await engine.replay(4n, 10)).nextWalSeq).toBe(4n);
  });

  it("reads readings and leaf hashes from any place of the log, again and again", async () => {
    const live = [await submit(device.next(2), device.next(3)), await submit(forged(device.next()), device.next(1))];
    const { readings } = await engine.loggedReadings(0n, 100);
    expect(readings.map(({ seq }) => seq)).toEqual([0n, 1n, 2n, 3n, 4n, 7n]);
    for (let time = 0; time < 2; time++) {
      const whole = await engine.loggedReadings(0n, 100);
      expect(whole.nextWalSeq).toBe(4n);
      expect(whole.readings).toEqual(readings);
      expect((await engine.loggedReadings(1n, 2)).readings).toEqual(readings.slice(2, 5));
      expect((await engine.loggedReadings(4n, 1)).nextWalSeq).toBe(4n);
      const leaves = await engine.leafHashes(0n, 100);
      expect(leaves.walSeqs).toEqual(BigUint64Array.of(0n, 1n, 3n));
      expect(Buffer.from(leaves.hashes)).toEqual(Buffer.concat(live.map((outcome) => outcome.leafHashes())));
      expect(leaves.nextWalSeq).toBe(4n);
      expect(await engine.leafHashes(2n, 1)).toEqual({
        walSeqs: new BigUint64Array(),
        hashes: Buffer.alloc(0),
        nextWalSeq: 3n,
      });
    }
  });

  it("tells of a batch what a view needs: boundaries, newest readings, places", async () => {
    const outcome = await submit(device.next(2), device.next(3));
    const { readings } = await engine.loggedReadings(0n, 10);
    expect(outcome.newestReadings()).toEqual([readings.at(-1)]);
    expect(outcome.walRange).toEqual({ start: 0n, end: 2n });
    expect([outcome.walSeqOf(0), outcome.walSeqOf(1)]).toEqual([0n, 1n]);
    expect(outcome.boundaryReadings()).toEqual([]);
    const none = await submit(forged(device.next()));
    expect([none.walRange, none.readingCount, none.newestReadings()]).toEqual([undefined, 0, []]);
  });

  it("goes on from a checkpoint, when the records before it are gone, as if they were there", async () => {
    const own = new SimulatedDisk(new SeededRandom("checkpoint"));
    const options = { disk: own, directory: "wal", mtuMs: MTU_MS, segmentBytesMax: 1 };
    const first = await openTwinEngine(options);
    first.enrol([device.enrolled()]);
    const logged = [device.next(2), device.next(3), device.next(1)];
    for (const envelope of logged) await first.submit([envelope], RECEIVED_AT);
    const whole = await first.replay(1n, 10);
    await first.close();
    const states = new StateBook(new Map());
    replayEntry(states, {
      verdict: VERDICT.ACCEPTED,
      receivedAtUnixMs: RECEIVED_AT,
      ...(logged[0] as ReceivedEnvelope),
    });
    const remembered = encodeCheckpoint({ seq: 1n, states: new Map([["home-1", states.draft("home-1")]]) });
    await own.replace(`wal/${"1".padStart(20, "0")}.state`, remembered);
    await own.remove(`wal/${"0".padStart(20, "0")}.log`);
    const second = await openTwinEngine(options);
    second.enrol([device.enrolled()]);
    const again = await second.submit([...logged, device.next(1)], RECEIVED_AT);
    const { DUPLICATE, ACCEPTED } = VERDICT;
    expect([...again.verdicts]).toEqual([DUPLICATE, DUPLICATE, DUPLICATE, ACCEPTED]);
    const replayed = await second.replay(0n, 2);
    expect(replayed.outcome.windows).toEqual(whole.outcome.windows);
    expect(replayed.outcome.envelopes).toEqual(whole.outcome.envelopes);
  });

  it("tells which readings stand on a boundary of market time units", async () => {
    const own = new SimulatedDisk(new SeededRandom("boundaries"));
    // Readings are a minute apart.
    const everySecond = await openTwinEngine({ disk: own, directory: "wal", mtuMs: 120_000 });
    everySecond.enrol([device.enrolled()]);
    const outcome = await everySecond.submit([device.next(2), device.next(3)], RECEIVED_AT);
    const found = outcome.boundaryReadings();
    expect(found.map(({ walSeq, readingIndex }) => [walSeq, readingIndex])).toEqual([
      [0n, 1],
      [1n, 1],
    ]);
    const { readings } = await everySecond.loggedReadings(0n, 10);
    expect(found.map(({ reading }) => reading)).toEqual([readings[1], readings[3]]);
  });

  it("makes lines of whole envelopes from any place of the log, as many as have room", async () => {
    await submit(device.next(2), forged(device.next()), device.next(1));
    const into = new Uint8Array(LINES_BYTES_MIN);
    const lines = async (from: bigint) => {
      const { sizeBytes, ...rest } = await engine.loggedLines(from, into);
      return { ...rest, lines: Buffer.from(into.subarray(0, sizeBytes)).toString().split("\n") };
    };
    const line = (minute: number) => {
      const fields = `power_w=600i,import_wh=${1_000 + minute * 10}i,export_wh=5i`;
      return `reading,device=home-1,feeder=feeder-1 ${fields} ${DAY_UNIX_MS + minute * 60_000}`;
    };
    expect(await lines(0n)).toEqual({ lines: [line(1), line(2), line(5), ""], readingCount: 3, nextWalSeq: 3n });
    expect(await lines(1n)).toEqual({ lines: [line(5), ""], readingCount: 1, nextWalSeq: 3n });
    expect(await lines(3n)).toEqual({ lines: [""], readingCount: 0, nextWalSeq: 3n });
    await expect(engine.loggedLines(0n, new Uint8Array(LINES_BYTES_MIN - 1))).rejects.toThrow("more room");
  });

  it("refuses a batch while the disk is full, forgets it, and takes it again when there is room", async () => {
    const envelope = device.next();
    disk.setFault("ENOSPC");
    await expect(submit(envelope)).rejects.toMatchObject({ code: "WAL_FULL" });
    expect(engine.canAcceptWork()).toBe(true);
    disk.setFault(undefined);
    expect(await verdictsOf(envelope)).toEqual([VERDICT.ACCEPTED]);
  });

  it("takes nothing more after a failed sync, as the next one may lie", async () => {
    const envelope = device.next();
    disk.setFault("EIO");
    await expect(submit(envelope)).rejects.toMatchObject({ code: "WAL_IO" });
    disk.setFault(undefined);
    expect(engine.canAcceptWork()).toBe(false);
    await expect(submit(envelope)).rejects.toMatchObject({ code: "WAL_IO" });
  });

  it("writes batches that wait together as one group and answers each of them", async () => {
    const outcomes = await Promise.all([submit(device.next()), submit(device.next()), submit()]);
    expect(outcomes.map(({ verdicts }) => [...verdicts])).toEqual([[0], [0], []]);
    expect((await engine.readLog(0n, 10)).map(({ walSeq, verdict }) => [walSeq, verdict])).toEqual([
      [0n, 0],
      [1n, 0],
    ]);
  });

  it("finishes what was submitted before it was closed, and takes nothing afterwards", async () => {
    const pending = submit(device.next());
    await engine.close();
    expect([...(await pending).verdicts]).toEqual([VERDICT.ACCEPTED]);
    await expect(submit(device.next())).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  });
});
