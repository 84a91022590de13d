import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Disk } from "./disk.ts";
import { Journal, JournalDamagedError, JournalWriteError } from "./journal.ts";
import { decodeRecordAt, encodeRecord, RECORD_HEADER_BYTES } from "./journal-record.ts";
import { SeededRandom } from "./random.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function contents(journal: Journal, fromSeq = 0n): Promise<string[]> {
  const texts: string[] = [];
  for await (const record of journal.read(fromSeq)) texts.push(new TextDecoder().decode(record.payload));
  return texts;
}

function open(disk: SimulatedDisk, segmentBytesMax = 1_000_000): Promise<Journal> {
  return Journal.open({ disk, directory: "log", segmentBytesMax });
}

/** A disk whose methods may be replaced one by one. */
function methodsOf(disk: SimulatedDisk): Disk {
  return {
    openAppend: (path) => disk.openAppend(path),
    read: (path) => disk.read(path),
    list: (path) => disk.list(path),
    replace: (path, bytes) => disk.replace(path, bytes),
    remove: (path) => disk.remove(path),
  };
}

describe("Journal", () => {
  it("numbers records from 0 and gives them back in order after a restart", async () => {
    const disk = new SimulatedDisk(new SeededRandom("order"));
    const journal = await open(disk);
    expect(await Promise.all(["a", "b", "c"].map((text) => journal.append(bytesOf(text))))).toEqual([0n, 1n, 2n]);
    const reopened = await open(disk);
    expect(reopened.nextSeq()).toBe(3n);
    expect(await contents(reopened, 1n)).toEqual(["b", "c"]);
  });

  it("writes what is appended while an earlier group is being synced", async () => {
    const disk = new SimulatedDisk(new SeededRandom("overlap"));
    const journal = await open(disk);
    const first = journal.append(bytesOf("first"));
    await Promise.resolve();
    const second = journal.append(bytesOf("second"));
    expect(await Promise.all([first, second])).toEqual([0n, 1n]);
    expect(await contents(await open(disk))).toEqual(["first", "second"]);
  });

  it("makes durable at opening what it then gives back", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(`kill-${seed}`));
      const file = await disk.openAppend("log/00000000000000000000.log");
      await file.append(encodeRecord({ seq: 0n, groupFirstSeq: 0n, payload: bytesOf("unsynced") }));
      const seen = await contents(await open(disk));
      disk.crash();
      expect(await contents(await open(disk))).toEqual(seen);
    }
  });

  it("reads across segments and forgets whole segments only", async () => {
    const disk = new SimulatedDisk(new SeededRandom("segments"));
    const journal = await open(disk, 40);
    for (const text of ["a", "b", "c", "d", "e"]) await journal.append(bytesOf(text));
    expect((await disk.list("log")).length).toBeGreaterThan(2);
    expect(await contents(journal)).toEqual(["a", "b", "c", "d", "e"]);
    await journal.dropBefore(3n);
    const kept = await contents(journal);
    expect(kept).toContain("d");
    expect(kept).not.toContain("a");
    expect(await contents(await open(disk, 40))).toEqual(kept);
  });

  it("loses no acknowledged record over a crash, whatever the torn tail", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 30 }), async (seed, count) => {
        const disk = new SimulatedDisk(new SeededRandom(seed));
        const acknowledged: string[] = [];
        const journal = await open(disk, 200);
        const appends = Array.from({ length: count }, (_, index) =>
          journal.append(bytesOf(`record-${index}`)).then(
            () => acknowledged.push(`record-${index}`),
            () => undefined,
          ),
        );
        await Promise.race([Promise.all(appends), Promise.resolve()]);
        const survivors = [...acknowledged];
        disk.crash();
        const recovered = await contents(await open(disk, 200));
        expect(recovered.slice(0, survivors.length)).toEqual(survivors);
      }),
    );
  });

  it("cuts a torn tail at every byte of the last record and goes on", async () => {
    const whole = encodeRecord({ seq: 1n, groupFirstSeq: 1n, payload: bytesOf("second") });
    for (let cut = 0; cut < whole.length; cut++) {
      const disk = new SimulatedDisk(new SeededRandom("torn"));
      const first = encodeRecord({ seq: 0n, groupFirstSeq: 0n, payload: bytesOf("first") });
      await disk.replace("log/00000000000000000000.log", Buffer.concat([first, whole.subarray(0, cut)]));
      const journal = await open(disk);
      expect(journal.nextSeq()).toBe(1n);
      expect(await journal.append(bytesOf("again"))).toBe(1n);
      expect(await contents(await open(disk))).toEqual(["first", "again"]);
    }
  });

  it("refuses to skip a record that was synced and then damaged", async () => {
    const disk = new SimulatedDisk(new SeededRandom("damage"));
    const journal = await open(disk);
    for (const text of ["a", "b", "c"]) await journal.append(bytesOf(text));
    disk.flipBit("log/00000000000000000000.log", (RECORD_HEADER_BYTES + 2) * 8);
    await expect(open(disk)).rejects.toThrow(JournalDamagedError);
  });

  it("leaves segments alone that were checked before, and finds damage in them when it reads them", async () => {
    const disk = new SimulatedDisk(new SeededRandom("checked"));
    const journal = await open(disk, 1);
    for (const text of ["a", "b", "c"]) await journal.append(bytesOf(text));
    const reads: string[] = [];
    const counting = { ...methodsOf(disk), read: (path: string) => disk.read(path).finally(() => reads.push(path)) };
    const reopen = (checkedBefore: bigint) => Journal.open({ disk: counting, directory: "log", checkedBefore });
    expect((await reopen(2n)).nextSeq()).toBe(3n);
    expect(reads).toEqual(["log/00000000000000000002.log"]);
    expect(await contents(await reopen(2n))).toEqual(["a", "b", "c"]);
    disk.flipBit("log/00000000000000000001.log", RECORD_HEADER_BYTES * 8);
    await expect(reopen(1n)).rejects.toThrow(JournalDamagedError);
    const opened = await reopen(2n);
    await expect(contents(opened)).rejects.toThrow(/00001.log: damaged record at byte 0/);
    expect(await contents(opened, 2n)).toEqual(["c"]);
  });

  it("reads what was durable when it began, whatever is appended meanwhile", async () => {
    const disk = new SimulatedDisk(new SeededRandom("meanwhile"));
    const journal = await open(disk, 1);
    for (const text of ["a", "b"]) await journal.append(bytesOf(text));
    const seen: bigint[] = [];
    for await (const { seq } of journal.read()) {
      seen.push(seq);
      await journal.append(bytesOf("more"));
    }
    expect(seen).toEqual([0n, 1n]);
  });

  it("fails every append after a failed sync, since a later sync may lie", async () => {
    const disk = new SimulatedDisk(new SeededRandom("eio"));
    const journal = await open(disk);
    disk.setFault("EIO");
    await expect(journal.append(bytesOf("a"))).rejects.toThrow(JournalWriteError);
    disk.setFault(undefined);
    expect(journal.canAcceptWork()).toBe(false);
    await expect(journal.append(bytesOf("b"))).rejects.toThrow(JournalWriteError);
  });

  it("accepts work up to its bound and not beyond", async () => {
    const disk = new SimulatedDisk(new SeededRandom("bound"));
    const journal = await open(disk);
    const appends: Promise<bigint>[] = [];
    while (journal.canAcceptWork()) appends.push(journal.append(new Uint8Array()));
    expect(appends.length).toBe(65_536);
    expect(() => journal.append(new Uint8Array())).toThrow(/canAcceptWork/);
    await Promise.all(appends);
    expect(journal.canAcceptWork()).toBe(true);
  });
});

describe("decodeRecordAt", () => {
  it("finds no record when any single bit is flipped", () => {
    const bytes = encodeRecord({ seq: 7n, groupFirstSeq: 5n, payload: bytesOf("payload") });
    expect(decodeRecordAt(bytes, 0)?.seq).toBe(7n);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeRecordAt(damaged, 0)).toBeUndefined();
    }
  });

  it("waits while the disk is full, and then writes everything in its order", async () => {
    const disk = new SimulatedDisk(new SeededRandom("full"));
    let waits = 0;
    const whenFull = async () => {
      waits += 1;
      expect(journal.canAcceptWork()).toBe(false);
      if (waits === 3) disk.setFault(undefined);
    };
    const journal = await Journal.open({ disk, directory: "log", segmentBytesMax: 1, whenFull });
    await journal.append(bytesOf("a"));
    disk.setFault("ENOSPC");
    const seqs = await Promise.all(["b", "c", "d"].map((text) => journal.append(bytesOf(text))));
    expect([seqs, waits]).toEqual([[1n, 2n, 3n], 3]);
    expect(journal.canAcceptWork()).toBe(true);
    expect(await contents(await open(disk))).toEqual(["a", "b", "c", "d"]);
  });

  it("cuts off what a write that found no room left behind", async () => {
    const disk = new SimulatedDisk(new SeededRandom("partly"));
    let isFull = true;
    const torn = {
      ...methodsOf(disk),
      openAppend: async (path: string) => {
        const file = await disk.openAppend(path);
        const append = async (bytes: Uint8Array) => {
          await file.append(isFull ? bytes.subarray(0, 5) : bytes);
          if (isFull) throw Object.assign(new Error("no room"), { code: "ENOSPC" });
        };
        return { ...file, append };
      },
    };
    const whenFull = async () => {
      isFull = false;
    };
    const journal = await Journal.open({ disk: torn, directory: "log", whenFull });
    await journal.append(bytesOf("a"));
    expect(await contents(await open(disk))).toEqual(["a"]);
  });

  it("fails for good on a full disk when nobody makes room, or nobody was asked to", async () => {
    const disk = new SimulatedDisk(new SeededRandom("nobody"));
    const whenFull = () => Promise.reject(new Error("closed"));
    for (const options of [{}, { whenFull }]) {
      const journal = await Journal.open({ disk, directory: "log", ...options });
      disk.setFault("ENOSPC");
      await expect(journal.append(bytesOf("a"))).rejects.toBeInstanceOf(JournalWriteError);
      disk.setFault(undefined);
      await expect(journal.append(bytesOf("b"))).rejects.toBeInstanceOf(JournalWriteError);
    }
  });
});
