import { readFileSync } from "node:fs";
import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markBytes } from "../test/mark-bytes.ts";
import { Wal } from "./wal.ts";
import { encodeWalEntry, entryOf, REJECTED_BYTES_MAX } from "./wal-record.ts";
import { segmentName } from "./wal-segments.ts";

const DIRECTORY = "wal";
const FIRST_SEGMENT = `${DIRECTORY}/${segmentName(0n)}`;

function newDisk(seed = "wal"): SimulatedDisk {
  return new SimulatedDisk(new SeededRandom(seed));
}

/** Opens the log and says what it found. */
async function open(disk: SimulatedDisk, segmentBytesMax = 1_000_000): Promise<{ wal: Wal; found: string[] }> {
  const found: string[] = [];
  const wal = await Wal.open({ disk, directory: DIRECTORY, segmentBytesMax }, ({ payload }) =>
    found.push(text(payload)),
  );
  return { wal, found };
}

const text = (payload: Uint8Array) => Buffer.from(payload).toString();
const group = (...texts: string[]) => texts.map((each) => new Uint8Array(Buffer.from(each)));

async function contentOf(disk: SimulatedDisk): Promise<Uint8Array> {
  return (await disk.read(FIRST_SEGMENT)) ?? new Uint8Array();
}

describe("write-ahead log", () => {
  it("writes the bytes of the golden vectors, and reads them", async () => {
    type Vector = { verdict: number; receivedAtUnixMs: number; deviceId: string; bytesHex: string; recordHex: string };
    const path = new URL("../../proto/vectors/wal.json", import.meta.url);
    const vectors = JSON.parse(readFileSync(path, "utf8")) as Vector[];
    const entries = vectors.map(({ bytesHex, recordHex: _, ...entry }) => ({
      ...entry,
      bytes: new Uint8Array(Buffer.from(bytesHex, "hex")),
    }));
    const disk = newDisk();
    const { wal } = await open(disk);
    await wal.appendGroup(entries.slice(0, 2).map(encodeWalEntry));
    await wal.appendGroup(entries.slice(2).map(encodeWalEntry));
    const written = Buffer.from(await contentOf(disk)).toString("hex");
    expect(written).toBe(vectors.map(({ recordHex }) => recordHex).join(""));
    const read = (await wal.read(0n, 10)).map(entryOf);
    expect(read[0]).toMatchObject({ verdict: 0, deviceId: "home-1", bytes: entries[0]?.bytes });
    expect(read[2]?.bytes).toHaveLength(REJECTED_BYTES_MAX);
  });

  it("goes on after a tail torn at any byte, keeping just the whole records before it", async () => {
    const whole = newDisk();
    const { wal } = await open(whole);
    await wal.appendGroup(group("one"));
    const oneEnds = (await contentOf(whole)).length;
    await wal.appendGroup(group("two", "three"));
    const bytes = await contentOf(whole);
    const twoEnds = oneEnds + 24 + 3;
    for (let length = oneEnds; length < bytes.length; length++) {
      const disk = newDisk();
      await disk.replace(FIRST_SEGMENT, bytes.subarray(0, length));
      const reopened = await open(disk);
      expect(reopened.found, `${length} bytes`).toEqual(length < twoEnds ? ["one"] : ["one", "two"]);
      await reopened.wal.appendGroup(group("four"));
      expect((await open(disk)).found.at(-1)).toBe("four");
    }
  });

  it("refuses a log with any bit changed that a later group proves to have been synced", async () => {
    const whole = newDisk();
    const { wal } = await open(whole);
    await wal.appendGroup(group("one", "two"));
    const provenBytes = (await contentOf(whole)).length;
    await wal.appendGroup(group("three"));
    const bytes = await contentOf(whole);
    for (let bit = 0; bit < provenBytes * 8; bit++) {
      const disk = newDisk();
      await disk.replace(FIRST_SEGMENT, bytes);
      disk.flipBit(FIRST_SEGMENT, bit);
      await expect(open(disk), `bit ${bit}`).rejects.toMatchObject({ code: "WAL_DAMAGED" });
    }
  });

  it("refuses a torn segment that is not the last, and a missing one", async () => {
    const disk = newDisk();
    const { wal } = await open(disk, 1);
    for (const each of ["one", "two", "three"]) await wal.appendGroup(group(each));
    const second = `${DIRECTORY}/${segmentName(1n)}`;
    const content = (await disk.read(second)) ?? new Uint8Array();
    await disk.replace(second, content.subarray(0, content.length - 1));
    await expect(open(disk, 1)).rejects.toMatchObject({ code: "WAL_DAMAGED" });
    await disk.remove(second);
    await expect(open(disk, 1)).rejects.toMatchObject({ code: "WAL_DAMAGED" });
    await disk.replace(second, content);
    expect((await open(disk, 1)).found).toEqual(["one", "two", "three"]);
  });

  it("refuses a last group that is damaged or gone although the mark says that it was synced", async () => {
    const whole = newDisk();
    const { wal } = await open(whole);
    await wal.appendGroup(group("one"));
    const bytes = await contentOf(whole);
    for (const [kept, mark, isRefused] of [
      [bytes.length, markBytes(0n, bytes.length), false],
      [bytes.length - 1, markBytes(0n, bytes.length), true],
      [0, markBytes(0n, bytes.length), true],
      [bytes.length - 1, markBytes(0n, bytes.length - 2), true],
      [bytes.length - 1, markBytes(0n, 0), false],
      // A torn mark proves nothing.
      [bytes.length - 1, markBytes(0n, bytes.length).subarray(1), false],
      // One of a segment that is not there proves that it was.
      [bytes.length, markBytes(1n, 24), true],
    ] as const) {
      const disk = newDisk();
      await disk.replace(FIRST_SEGMENT, bytes.subarray(0, kept));
      await disk.replace(`${DIRECTORY}/synced.mark`, mark);
      const opened = open(disk);
      if (isRefused) await expect(opened).rejects.toMatchObject({ code: "WAL_DAMAGED" });
      else await expect(opened).resolves.toBeDefined();
    }
  });

  it("begins where a checkpoint says, and refuses a log that begins later", async () => {
    const disk = newDisk();
    const { wal } = await open(disk, 1);
    for (const name of ["one", "two", "three"]) await wal.appendGroup(group(name));
    await disk.remove(FIRST_SEGMENT);
    await expect(open(disk)).rejects.toMatchObject({ code: "WAL_DAMAGED" });
    const found: string[] = [];
    const visit = ({ payload }: { payload: Uint8Array }) => found.push(text(payload));
    const later = await Wal.open({ disk, directory: DIRECTORY, segmentBytesMax: 1 }, visit, 1n);
    expect(found).toEqual(["two", "three"]);
    expect((await later.read(0n, 9)).map(({ walSeq }) => walSeq)).toEqual([1n, 2n]);
  });

  it("looks quickly through a large torn tail of noise", async () => {
    const disk = newDisk();
    const { wal } = await open(disk);
    await wal.appendGroup(group("one"));
    const noise = new SeededRandom("noise").bytes(1_000_000);
    await disk.replace(FIRST_SEGMENT, Buffer.concat([await contentOf(disk), noise]));
    expect((await open(disk)).found).toEqual(["one"]);
  });

  it("closes a segment at its size and reads across segments", async () => {
    const disk = newDisk();
    const { wal } = await open(disk, 60);
    for (let seq = 0; seq < 6; seq++) await wal.appendGroup(group(`record ${seq}`));
    expect(await disk.list(DIRECTORY)).toEqual([0n, 2n, 4n].map(segmentName));
    expect((await wal.read(1n, 4)).map(({ walSeq, payload }) => [walSeq, text(payload)])).toEqual(
      [1, 2, 3, 4].map((seq) => [BigInt(seq), `record ${seq}`]),
    );
    expect(await wal.read(6n, 1)).toEqual([]);
  });

  it("notices damage that came after it was opened", async () => {
    const disk = newDisk();
    const { wal } = await open(disk);
    await wal.appendGroup(group("one"));
    disk.flipBit(FIRST_SEGMENT, 8 * 24);
    await expect(wal.read(0n, 1)).rejects.toMatchObject({ code: "WAL_DAMAGED" });
  });

  it("makes durable what it found at opening, as a resend of it is acknowledged at once", async () => {
    const disk = newDisk();
    const { wal } = await open(disk);
    disk.setFault("EIO");
    await expect(wal.appendGroup(group("one"))).rejects.toMatchObject({ code: "WAL_IO" });
    // The process died, the machine did not: the record can be read, but no sync has succeeded.
    await expect(open(disk)).rejects.toMatchObject({ code: "WAL_IO" });
    disk.setFault(undefined);
    expect((await open(disk)).found).toEqual(["one"]);
    disk.crash();
    expect((await open(disk)).found).toEqual(["one"]);
  });

  it("never loses what it synced, and shows of an unsynced group only its first records", async () => {
    const step = fc.record({ records: fc.integer({ min: 1, max: 4 }), crashes: fc.boolean(), isFaulty: fc.boolean() });
    const property = fc.asyncProperty(fc.string(), fc.array(step, { maxLength: 12 }), async (seed, steps) => {
      const run = await CrashRun.start(seed);
      for (const each of steps) await run.play(each);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

type Step = { records: number; crashes: boolean; isFaulty: boolean };

/** One disk through writes, faults and power cuts, with the memory of what was acknowledged. */
class CrashRun {
  readonly #disk: SimulatedDisk;
  #wal: Wal;
  #durable: string[] = [];
  #step = 0;

  private constructor(disk: SimulatedDisk, wal: Wal) {
    this.#disk = disk;
    this.#wal = wal;
  }

  static async start(seed: string): Promise<CrashRun> {
    const disk = newDisk(seed);
    return new CrashRun(disk, (await open(disk, 200)).wal);
  }

  async play({ records, crashes, isFaulty }: Step): Promise<void> {
    const step = this.#step++;
    const texts = Array.from({ length: records }, (_, index) => `${step}.${index}`);
    // A failed sync is fatal, so it is always followed by a crash here.
    if (isFaulty) this.#disk.setFault(crashes ? "EIO" : "ENOSPC");
    const isAcked = await this.#append(texts);
    this.#disk.setFault(undefined);
    expect(isAcked).toBe(!isFaulty);
    if (isAcked) this.#durable.push(...texts);
    if (crashes) await this.#crash(isAcked ? [] : texts);
  }

  #append(texts: string[]): Promise<boolean> {
    return this.#wal.appendGroup(group(...texts)).then(
      () => true,
      () => false,
    );
  }

  async #crash(unacked: string[]): Promise<void> {
    this.#disk.crash();
    const { wal, found } = await open(this.#disk, 200);
    const survivors = found.length - this.#durable.length;
    expect(found).toEqual([...this.#durable, ...unacked.slice(0, survivors)]);
    this.#durable = found;
    this.#wal = wal;
  }
}
