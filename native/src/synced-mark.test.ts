import { crc32c, SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { readSyncedMark, syncedBytesOf } from "./synced-mark.ts";

function mark(segmentFirstSeq: bigint, syncedBytes: bigint): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeBigUInt64LE(segmentFirstSeq, 0);
  bytes.writeBigUInt64LE(syncedBytes, 8);
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, 16)), 16);
  return bytes;
}

async function found(bytes: Uint8Array | undefined) {
  const disk = new SimulatedDisk(new SeededRandom("mark"));
  if (bytes !== undefined) await disk.replace("wal/synced.mark", bytes);
  return readSyncedMark(disk, "wal");
}

describe("the mark of what was synced", () => {
  it("speaks of the segment that it names, and of no other", async () => {
    const read = await found(mark(40n, 1_234n));
    expect(read).toEqual({ segmentFirstSeq: 40n, syncedBytes: 1_234n });
    expect([syncedBytesOf(read, 40n), syncedBytesOf(read, 0n)]).toEqual([1_234n, 0n]);
  });

  it("proves nothing when it is missing, cut, too long, or has any byte changed", async () => {
    const whole = mark(40n, 1_234n);
    const changed = Array.from(whole, (_, at) =>
      Buffer.from(whole.map((byte, index) => (index === at ? byte ^ 1 : byte))),
    );
    for (const bytes of [undefined, whole.subarray(0, 19), Buffer.concat([whole, whole]), ...changed]) {
      expect(await found(bytes)).toEqual({ segmentFirstSeq: 0n, syncedBytes: 0n });
    }
  });
});
