import { VERDICT } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { EngineError } from "./engine.ts";
import { encodeWalEntry, entryOf, REJECTED_BYTES_MAX } from "./wal-record.ts";

const entry = { receivedAtUnixMs: 1_453_939_200_000, deviceId: "meter-1" };
const read = (payload: Uint8Array) => entryOf({ walSeq: 7n, payload });

describe("a record of the log", () => {
  it("keeps all of an accepted envelope, and the beginning of a rejected one", () => {
    const bytes = new Uint8Array(REJECTED_BYTES_MAX + 1).fill(9);
    const accepted = { ...entry, verdict: VERDICT.ACCEPTED, bytes };
    expect(read(encodeWalEntry(accepted))).toEqual(accepted);
    const rejected = { ...entry, verdict: VERDICT.BAD_SIGNATURE, bytes };
    expect(read(encodeWalEntry(rejected)).bytes).toHaveLength(REJECTED_BYTES_MAX);
    const shorter = { ...rejected, bytes: bytes.subarray(1) };
    expect(read(encodeWalEntry(shorter))).toEqual(shorter);
  });

  it("that no engine wrote is damage: cut in its header, or in the name that it announces", () => {
    const whole = encodeWalEntry({ ...entry, verdict: VERDICT.STALE, bytes: new Uint8Array() });
    expect(read(whole).bytes).toHaveLength(0);
    for (let length = 0; length < whole.length; length++) {
      expect(() => read(whole.subarray(0, length))).toThrow(EngineError);
      expect(() => read(whole.subarray(0, length))).toThrow("record 7 holds no envelope");
    }
  });

  it("has room for a name of 255 bytes and none longer", () => {
    const named = (deviceId: string) => encodeWalEntry({ ...entry, deviceId, verdict: 0, bytes: new Uint8Array() });
    expect(read(named("a".repeat(255))).deviceId).toHaveLength(255);
    expect(() => named("a".repeat(256))).toThrow("255");
  });
});
