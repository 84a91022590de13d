import { crc32c, type Disk } from "@gridpact/host";
import { ENVELOPE_LIMITS, HASH_BYTES } from "@gridpact/proto";
import { type ChainPoint, type DeviceState, GAPS_MAX, type Gap, type RecentEnvelope } from "./device-state.ts";
import { Packer } from "./packer.ts";
import { Unpacker } from "./unpacker.ts";

/** What the engine remembered of its devices before the record `seq`, so that the records before it may be gone. */
export type StateCheckpoint = { seq: bigint; states: ReadonlyMap<string, DeviceState> };

const VERSION = 1;
const CHECKSUM_BYTES = 4;
const NAME_PATTERN = /^(\d{20})\.state$/;

/** Where a log begins that never lost a record. */
const NO_CHECKPOINT: StateCheckpoint = { seq: 0n, states: new Map() };

/** Twenty digits, as many as a u64 has: names sort as the numbers do. */
export function stateName(seq: bigint): string {
  return `${seq.toString().padStart(20, "0")}.state`;
}

/** Names of the checkpoints in a log's directory, oldest first. */
export async function listCheckpoints(disk: Disk, directory: string): Promise<string[]> {
  return (await disk.list(directory)).filter((name) => NAME_PATTERN.test(name)).sort();
}

/**
 * The newest checkpoint of a log's directory that is whole; the empty one of record 0 when there is none. A torn one is
 * one that no segment was removed for. `engine/src/checkpoint.rs` draws the layout.
 */
export async function newestCheckpoint(disk: Disk, directory: string): Promise<StateCheckpoint> {
  for (const name of (await listCheckpoints(disk, directory)).reverse()) {
    const bytes = (await disk.read(`${directory}/${name}`)) ?? new Uint8Array();
    const checkpoint = decodeCheckpoint(bytes);
    if (checkpoint !== undefined && checkpoint.seq === BigInt(name.slice(0, 20))) return checkpoint;
  }
  return NO_CHECKPOINT;
}

/** Undefined when the bytes are damaged or of another version. */
export function decodeCheckpoint(bytes: Uint8Array): StateCheckpoint | undefined {
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  const [checksum] = [Buffer.from(bytes.subarray(content.length))];
  if (checksum.length < CHECKSUM_BYTES || crc32c(content) !== checksum.readUInt32LE(0)) return undefined;
  const unpacker = new Unpacker(content);
  if (unpacker.u32() !== VERSION) return undefined;
  const seq = unpacker.u64();
  const states = new Map(unpacker.list(unpacker.u32(), () => [unpacker.text(), unpackState(unpacker)] as const));
  return unpacker.isAtEnd() && [...states.values()].every(isWithinBounds) ? { seq, states } : undefined;
}

/** Byte for byte as the native engine writes it, which opens it at the next start perhaps. */
export function encodeCheckpoint({ seq, states }: StateCheckpoint): Uint8Array {
  const packer = new Packer().u32(VERSION).u64(seq).u32(states.size);
  for (const [deviceId, state] of states) packState(packer.text(deviceId), state);
  return packer.u32(crc32c(packer.packed())).packed();
}

function packState(packer: Packer, state: DeviceState): void {
  packPoint(packer.u32(state.bootEpoch).u64(state.nextSeq), state.last);
  packer.u8(state.gaps.length).u8(state.recent.length);
  packer.u32(state.badSignatures).u8(Number(state.isQuarantined));
  for (const { fromSeq, toSeq, before, after } of state.gaps) {
    packPoint(packPoint(packer.u64(fromSeq).u64(toSeq), before), after);
  }
  for (const { bootEpoch, firstSeq, hash } of state.recent) packer.u32(bootEpoch).u64(firstSeq).bytes(hash);
}

function packPoint(packer: Packer, { hash, measuredAtUnixMs, importWh, exportWh }: ChainPoint): Packer {
  return packer.bytes(hash).u64(BigInt(measuredAtUnixMs)).u64(importWh).u64(exportWh);
}

function isWithinBounds({ gaps, recent }: DeviceState): boolean {
  return gaps.length <= GAPS_MAX && recent.length <= ENVELOPE_LIMITS.replayWindowEnvelopes;
}

function unpackState(unpacker: Unpacker): DeviceState {
  const bootEpoch = unpacker.u32();
  const nextSeq = unpacker.u64();
  const last = unpackPoint(unpacker);
  const [gapCount, recentCount] = [unpacker.u8(), unpacker.u8()];
  const badSignatures = unpacker.u32();
  const isQuarantined = unpacker.u8() !== 0;
  const gaps = unpacker.list(gapCount, () => unpackGap(unpacker));
  const recent = unpacker.list(recentCount, () => unpackRecent(unpacker));
  return { bootEpoch, nextSeq, last, gaps, recent, badSignatures, isQuarantined };
}

function unpackGap(unpacker: Unpacker): Gap {
  return {
    fromSeq: unpacker.u64(),
    toSeq: unpacker.u64(),
    before: unpackPoint(unpacker),
    after: unpackPoint(unpacker),
  };
}

function unpackPoint(unpacker: Unpacker): ChainPoint {
  return {
    hash: unpackHash(unpacker),
    measuredAtUnixMs: unpacker.number(),
    importWh: unpacker.u64(),
    exportWh: unpacker.u64(),
  };
}

function unpackRecent(unpacker: Unpacker): RecentEnvelope {
  return { bootEpoch: unpacker.u32(), firstSeq: unpacker.u64(), hash: unpackHash(unpacker) };
}

/** A copy: a view would keep the whole checkpoint in memory. */
function unpackHash(unpacker: Unpacker): Uint8Array {
  return new Uint8Array(unpacker.bytes(HASH_BYTES));
}
