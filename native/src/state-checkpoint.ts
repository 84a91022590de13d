import { crc32c, type Disk } from "@gridpact/host";
import { ENVELOPE_LIMITS, HASH_BYTES } from "@gridpact/proto";
import { type ChainPoint, type DeviceState, GAPS_MAX, type Gap, type RecentEnvelope } from "./device-state.ts";
import { Unpacker } from "./unpacker.ts";

/** What the engine remembered of its devices before the record `seq`, so that the records before it may be gone. */
export type StateCheckpoint = { seq: bigint; states: ReadonlyMap<string, DeviceState> };

const VERSION = 1;
const CHECKSUM_BYTES = 4;
const NAME_PATTERN = /^(\d{20})\.state$/;

/** Where a log begins that never lost a record. */
const NO_CHECKPOINT: StateCheckpoint = { seq: 0n, states: new Map() };

/**
 * The newest checkpoint of a log's directory that is whole; the empty one of record 0 when there is none. A torn one is
 * one that no segment was removed for. `engine/src/checkpoint.rs` writes them and draws the layout.
 */
export async function newestCheckpoint(disk: Disk, directory: string): Promise<StateCheckpoint> {
  const names = (await disk.list(directory)).filter((name) => NAME_PATTERN.test(name)).sort();
  for (const name of names.reverse()) {
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
