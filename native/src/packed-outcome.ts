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
  leafHash: 48,
  sizeBytes: 80,
} as const;

const HASH_BYTES = 32;

const READING = { measuredAt: 0, powerW: 8, importWh: 16, exportWh: 24, sizeBytes: 32 } as const;

/** An outcome as it came from Rust: read in place, and made objects of as late as can be. */
export class PackedOutcome implements BatchOutcome {
  readonly verdicts: Uint8Array;
  readonly windows: readonly WindowDelta[];
  readonly lineProtocol: Uint8Array;
  readonly readingCount: number;
  readonly #packed: Buffer;
  readonly #deviceIds: readonly string[];
  readonly #envelopesAt: number;
  readonly #envelopeCount: number;
  readonly #readingsAt: number;
  #envelopes: AcceptedEnvelope[] | undefined;
  #readings: AcceptedReading[] | undefined;

  constructor(packed: Buffer) {
    const unpacker = new Unpacker(packed);
    const [verdicts = 0, devices = 0, feeders = 0, envelopes = 0, readings = 0, windows = 0] = unpacker.list(6, () =>
      unpacker.u32(),
    );
    this.#packed = packed;
    this.verdicts = unpacker.bytes(verdicts);
    this.#deviceIds = unpacker.list(devices, () => unpacker.text());
    const feederNames = unpacker.list(feeders, () => unpacker.text());
    this.#envelopeCount = envelopes;
    this.#envelopesAt = unpacker.skip(envelopes * ENVELOPE.sizeBytes);
    this.readingCount = readings;
    this.#readingsAt = unpacker.skip(readings * READING.sizeBytes);
    this.windows = unpacker.list(windows, () => unpackWindow(unpacker, feederNames));
    this.lineProtocol = unpacker.rest();
  }

  get envelopes(): readonly AcceptedEnvelope[] {
    this.#envelopes ??= Array.from({ length: this.#envelopeCount }, (_, index) => this.#envelope(this.#placeOf(index)));
    return this.#envelopes;
  }

  get readings(): readonly AcceptedReading[] {
    this.#readings ??= this.#allReadings();
    return this.#readings;
  }

  get walRange(): BatchOutcome["walRange"] {
    if (this.#envelopeCount === 0) return undefined;
    return { start: this.walSeqOf(0), end: this.walSeqOf(this.#envelopeCount - 1) + 1n };
  }

  walSeqOf(index: number): bigint {
    return this.#packed.readBigUInt64LE(this.#placeOf(index) + ENVELOPE.walSeq);
  }

  leafHashes(): Uint8Array {
    const hashes = Buffer.allocUnsafe(this.#envelopeCount * HASH_BYTES);
    for (let index = 0; index < this.#envelopeCount; index++) {
      const start = this.#placeOf(index) + ENVELOPE.leafHash;
      this.#packed.copy(hashes, index * HASH_BYTES, start, start + HASH_BYTES);
    }
    return hashes;
  }

  /** Most envelopes have none, which their first and last instants tell. */
  boundaryReadings(mtuMs: number): PlacedReading[] {
    const found: PlacedReading[] = [];
    for (let index = 0, firstReading = 0; index < this.#envelopeCount; index++) {
      const envelope = this.#placeOf(index);
      const count = this.#packed.readUInt32LE(envelope + ENVELOPE.readingCount);
      const last = this.#number(envelope + ENVELOPE.lastMeasuredAt);
      if (last - (last % mtuMs) >= this.#number(envelope + ENVELOPE.firstMeasuredAt)) {
        this.#addBoundaries(found, { envelope, firstReading, count, mtuMs });
      }
      firstReading += count;
    }
    return found;
  }

  newestReadings(): AcceptedReading[] {
    const newestAt = new Float64Array(this.#deviceIds.length);
    const envelopes = new Uint32Array(this.#deviceIds.length);
    const places = new Uint32Array(this.#deviceIds.length);
    for (let index = 0, firstReading = 0; index < this.#envelopeCount; index++) {
      const envelope = this.#placeOf(index);
      const device = this.#packed.readUInt32LE(envelope + ENVELOPE.device);
      const last = this.#number(envelope + ENVELOPE.lastMeasuredAt);
      firstReading += this.#packed.readUInt32LE(envelope + ENVELOPE.readingCount);
      if (last <= (newestAt[device] ?? 0)) continue;
      newestAt[device] = last;
      envelopes[device] = envelope;
      places[device] = firstReading - 1;
    }
    return this.#deviceIds.map((_, device) => {
      const envelope = envelopes[device] ?? 0;
      const readingIndex = this.#packed.readUInt32LE(envelope + ENVELOPE.readingCount) - 1;
      return this.#reading(envelope, readingIndex, places[device] ?? 0);
    });
  }

  #addBoundaries(
    found: PlacedReading[],
    { envelope, firstReading, count, mtuMs }: { envelope: number; firstReading: number; count: number; mtuMs: number },
  ): void {
    for (let readingIndex = 0; readingIndex < count; readingIndex++) {
      const place = firstReading + readingIndex;
      if (this.#number(this.#readingsAt + place * READING.sizeBytes) % mtuMs !== 0) continue;
      const walSeq = this.#packed.readBigUInt64LE(envelope + ENVELOPE.walSeq);
      found.push({ walSeq, readingIndex, reading: this.#reading(envelope, readingIndex, place) });
    }
  }

  #allReadings(): AcceptedReading[] {
    const readings: AcceptedReading[] = [];
    for (let index = 0; index < this.#envelopeCount; index++) {
      const envelope = this.#placeOf(index);
      const count = this.#packed.readUInt32LE(envelope + ENVELOPE.readingCount);
      for (let readingIndex = 0; readingIndex < count; readingIndex++) {
        readings.push(this.#reading(envelope, readingIndex, readings.length));
      }
    }
    return readings;
  }

  #placeOf(index: number): number {
    return this.#envelopesAt + index * ENVELOPE.sizeBytes;
  }

  #envelope(at: number): AcceptedEnvelope {
    const packed = this.#packed;
    return {
      walSeq: packed.readBigUInt64LE(at + ENVELOPE.walSeq),
      deviceId: this.#deviceIdAt(at),
      bootEpoch: packed.readUInt32LE(at + ENVELOPE.bootEpoch),
      firstSeq: packed.readBigUInt64LE(at + ENVELOPE.firstSeq),
      readingCount: packed.readUInt32LE(at + ENVELOPE.readingCount),
      firstMeasuredAtUnixMs: this.#number(at + ENVELOPE.firstMeasuredAt),
      lastMeasuredAtUnixMs: this.#number(at + ENVELOPE.lastMeasuredAt),
      leafHash: new Uint8Array(packed.buffer, packed.byteOffset + at + ENVELOPE.leafHash, HASH_BYTES),
      isAfterGap: packed.readUInt32LE(at + ENVELOPE.isAfterGap) === 1,
    };
  }

  #reading(envelope: number, readingIndex: number, place: number): AcceptedReading {
    const packed = this.#packed;
    const at = this.#readingsAt + place * READING.sizeBytes;
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
