import { describe, expect, it } from "vitest";
import * as host from "./index.ts";

describe("@gridpact/host", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(host).sort()).toEqual([
      "Journal",
      "JournalDamagedError",
      "JournalWriteError",
      "RECORD_HEADER_BYTES",
      "SEED_BYTES",
      "SeededRandom",
      "SimulatedDisk",
      "SimulatedDiskError",
      "VirtualClock",
      "acceleratedClock",
      "crc32c",
      "decodeRecordAt",
      "encodeRecord",
      "jsonLog",
      "nodeDisk",
      "readOptions",
      "repeat",
      "signingKeyFromSeed",
      "silentLog",
      "sleep",
      "systemRandom",
      "wallClock",
    ]);
  });

  it("computes the check value of CRC-32C", () => {
    expect(host.crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  });

  it("derives the key of RFC 8032 test 1 from its seed", () => {
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const key = host.signingKeyFromSeed(seed);
    expect(Buffer.from(key.publicKey).toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
    expect(Buffer.from(key.sign(new Uint8Array())).toString("hex").slice(0, 16)).toBe("e5564300c360ac72");
    expect(() => host.signingKeyFromSeed(seed.subarray(1))).toThrow(RangeError);
  });

  it("writes one JSON line for each log event, bigint as text", () => {
    const lines: string[] = [];
    const log = host.jsonLog((line) => lines.push(line), { nowUnixMs: () => 0 });
    log.warn("wal_full", { freeBytes: 5n });
    expect(lines).toEqual(['{"at":"1970-01-01T00:00:00.000Z","level":"warn","event":"wal_full","freeBytes":"5"}\n']);
    host.silentLog.info("nothing");
    expect(lines).toHaveLength(1);
  });
});
