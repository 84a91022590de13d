import { readFileSync } from "node:fs";
import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { ENVELOPE_LIMITS } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { type ChainPoint, type DeviceState, newDeviceState } from "./device-state.ts";
import { decodeCheckpoint, encodeCheckpoint, newestCheckpoint } from "./state-checkpoint.ts";

const checkpointBytes = (seq: bigint, states: ReadonlyMap<string, DeviceState>) => encodeCheckpoint({ seq, states });

/** The Rust test writes the same state and compares it with the same file. */
const VECTOR = readFileSync(new URL("../engine/tests/state-checkpoint.hex", import.meta.url), "utf8").trim();

const hash = (number: number) => new Uint8Array(32).fill(number);
const point = (number: number): ChainPoint => ({
  hash: hash(number),
  measuredAtUnixMs: number,
  importWh: 7n,
  exportWh: 9n,
});

const STATES = new Map<string, DeviceState>([
  [
    "home-1",
    {
      bootEpoch: 2,
      nextSeq: 6n,
      last: point(4),
      gaps: [{ fromSeq: 3n, toSeq: 5n, before: point(1), after: point(2) }],
      recent: [{ bootEpoch: 2, firstSeq: 5n, hash: hash(3) }],
      badSignatures: 16,
      isQuarantined: true,
    },
  ],
  ["home-2", newDeviceState()],
]);

describe("a checkpoint of the devices' states", () => {
  it("has the bytes that the native engine writes", () => {
    expect(decodeCheckpoint(Buffer.from(VECTOR, "hex"))).toEqual({ seq: 1_000n, states: STATES });
    expect(Buffer.from(checkpointBytes(1_000n, STATES)).toString("hex")).toBe(VECTOR);
  });

  it("is none with any byte changed, with any cut, and of another version", () => {
    const bytes = checkpointBytes(1_000n, STATES);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(decodeCheckpoint(changed), `byte ${at}`).toBeUndefined();
      expect(decodeCheckpoint(bytes.subarray(0, at)), `${at} bytes`).toBeUndefined();
    }
  });

  it("is none that remembers more than its bounds", () => {
    const recent = Array.from({ length: ENVELOPE_LIMITS.replayWindowEnvelopes + 1 }, () => ({
      bootEpoch: 1,
      firstSeq: 0n,
      hash: hash(1),
    }));
    const withRecent = (count: number) =>
      decodeCheckpoint(checkpointBytes(1n, new Map([["a", { ...newDeviceState(), recent: recent.slice(0, count) }]])));
    expect(withRecent(recent.length - 1)).toBeDefined();
    expect(withRecent(recent.length)).toBeUndefined();
  });

  it("is the newest one that is whole and named as it says; of record 0 where there is none", async () => {
    const disk = new SimulatedDisk(new SeededRandom("checkpoints"));
    expect(await newestCheckpoint(disk, "wal")).toEqual({ seq: 0n, states: new Map() });
    const name = (seq: bigint) => `wal/${seq.toString().padStart(20, "0")}.state`;
    await disk.replace(name(5n), checkpointBytes(5n, STATES));
    await disk.replace(name(8n), checkpointBytes(7n, STATES));
    await disk.replace(name(9n), checkpointBytes(9n, STATES).subarray(1));
    expect((await newestCheckpoint(disk, "wal")).seq).toBe(5n);
  });
});
