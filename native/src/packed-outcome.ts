import type { AcceptedEnvelope, AcceptedReading, BatchOutcome, PlacedReading, WindowDelta } from "./engine.ts";
import { Unpacker } from "./unpacker.ts";

/** Where the fields of an envelope stand; `engine/src/outcome.rs` draws the layout. */
const ENVELOPE = {
  walSeq: 0,
  firstSeq: 8,
  firstMeasuredAt: 16,
  lastMeasuredAt: 24,
  device: 32,
  bootEpoch: 36,
  readingCount: 40,
  isAfterGap: 44,
  sizeBytes: 48,
} as const;

const HASH_BYTES = 32;

const READING = { measuredAt: 0, powerW: 8, importWh: 16, exportWh: 24, sizeBytes: 32 } as const;

/** A reading with its envelope's place and its own in the envelope. */
const PLACED = { envelope: 0, readingIndex: 4, reading: 8, sizeBytes: 8 + READING.sizeBytes } as const;

/** An outcome as it came from Rust: read in place, and made objects of as late as can be. */
export class PackedOutcome implements BatchOutcome {
  readonly verdicts: Uint8Array;
  readonly windows: readonly WindowDelta[];
  readonly readingCount: number;
  readonly #packed: Buffer;
  readonly #deviceIds: readonly string[];
  readonly #leavesAt: number;
  readonly #envelopesAt: number;
  readonly #envelopeCount: number;
  readonly #newestAt: number;
  readonly #boundariesAt: number;
  readonly #boundaryCount: number;
  #envelopes: AcceptedEnvelope[] | undefined;

  constructor(packed: Buffer) {
    const unpacker = new Unpacker(packed);
    const counts = unpacker.list(7, () => unpacker.u32());
    const [verdicts = 0, devices = 0, feeders = 0, envelopes = 0, readings = 0, boundaries = 0, windows = 0] = counts;
    this.#packed = packed;
    this.verdicts = unpacker.bytes(verdicts);
    this.#deviceIds = unpacker.list(devices, () => unpacker.text());
    const feederNames = unpacker.list(feeders, () => unpacker.text());
    this.#leavesAt = unpacker.skip(envelopes * HASH_BYTES);
    this.#envelopeCount = envelopes;
    this.#envelopesAt = unpacker.skip(envelopes * ENVELOPE.sizeBytes);
    this.#newestAt = unpacker.skip(devices * PLACED.sizeBytes);
    this.#boundaryCount = boundaries;
    this.#boundariesAt = unpacker.skip(boundaries * PLACED.sizeBytes);
    this.windows = unpacker.list(windows, () => unpackWindow(unpacker, feederNames));
    this.readingCount = readings;
  }

  get envelopes(): readonly AcceptedEnvelope[] {
    this.#envelopes ??= Array.from({ length: this.#envelopeCount }, (_, index) => this.#envelope(index));
    return this.#envelopes;
  }

  get walRange(): BatchOutcome["walRange"] {
    if (this.#envelopeCount === 0) return undefined;
    return { start: this.walSeqOf(0), end: this.walSeqOf(this.#envelopeCount - 1) + 1n };
  }

  walSeqOf(index: number): bigint {
    return this.#packed.readBigUInt64LE(this.#placeOf(index) + ENVELOPE.walSeq);
  }

  leafHashes(): Uint8Array {
    return this.#packed.subarray(this.#leavesAt, this.#envelopesAt);
  }

  boundaryReadings(): PlacedReading[] {
    return Array.from({ length: this.#boundaryCount }, (_, index) => {
      const at = this.#boundariesAt + index * PLACED.sizeBytes;
      const walSeq = this.walSeqOf(this.#packed.readUInt32LE(at + PLACED.envelope));
      return { walSeq, readingIndex: this.#packed.readUInt32LE(at + PLACED.readingIndex), reading: this.#placed(at) };
    });
  }

  newestReadings(): AcceptedReading[] {
    return this.#deviceIds.map((_, device) => this.#placed(this.#newestAt + device * PLACED.sizeBytes));
  }

  #placed(at: number): AcceptedReading {
    const envelope = this.#placeOf(this.#packed.readUInt32LE(at + PLACED.envelope));
    return this.#reading(envelope, this.#packed.readUInt32LE(at + PLACED.readingIndex), at + PLACED.reading);
  }

  #placeOf(index: number): number {
    return this.#envelopesAt + index * ENVELOPE.sizeBytes;
  }

  #envelope(index: number): AcceptedEnvelope {
    const packed = this.#packed;
    const at = this.#placeOf(index);
    const leafAt = packed.byteOffset + this.#leavesAt + index * HASH_BYTES;
    return {
      walSeq: packed.readBigUInt64LE(at + ENVELOPE.walSeq),
      deviceId: this.#deviceIdAt(at),
      bootEpoch: packed.readUInt32LE(at + ENVELOPE.bootEpoch),
      firstSeq: packed.readBigUInt64LE(at + ENVELOPE.firstSeq),
      readingCount: packed.readUInt32LE(at + ENVELOPE.readingCount),
      firstMeasuredAtUnixMs: this.#number(at + ENVELOPE.firstMeasuredAt),
      lastMeasuredAtUnixMs: this.#number(at + ENVELOPE.lastMeasuredAt),
      leafHash: new Uint8Array(packed.buffer, leafAt, HASH_BYTES),
      isAfterGap: packed.readUInt32LE(at + ENVELOPE.isAfterGap) === 1,
    };
  }

  #reading(envelope: number, readingIndex: number, at: number): AcceptedReading {
    const packed = this.#packed;
    return {
      deviceId: this.#deviceIdAt(envelope),
      bootEpoch: packed.readUInt32LE(envelope + ENVELOPE.bootEpoch),
      seq: packed.readBigUInt64LE(envelope + ENVELOPE.firstSeq) + BigInt(readingIndex),
      measuredAtUnixMs: this.#number(at + READING.measuredAt),
      // An i64 that is known to be a safe integer.
      powerW: packed.readUInt32LE(at + READING.powerW) + packed.readInt32LE(at + READING.powerW + 4) * 2 ** 32,
      importWh: packed.readBigUInt64LE(at + READING.importWh),
      exportWh: packed.readBigUInt64LE(at + READING.exportWh),
    };
  }

  #deviceIdAt(envelope: number): string {
    return this.#deviceIds[this.#packed.readUInt32LE(envelope + ENVELOPE.device)] ?? "";
  }

  /** A u64 that is known to be a safe integer: half the cost of a bigint. */
  #number(at: number): number {
    return this.#packed.readUInt32LE(at) + this.#packed.readUInt32LE(at + 4) * 2 ** 32;
  }
}

function unpackWindow(unpacker: Unpacker, feeders: readonly string[]): WindowDelta {
  const feeder = feeders[unpacker.u32()] ?? "";
  const readingCount = unpacker.u32();
  const startUnixMs = unpacker.number();
  return { feeder, startUnixMs, importWh: unpacker.u64(), exportWh: unpacker.u64(), readingCount };
}
