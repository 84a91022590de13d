import type { AcceptedEnvelope, AcceptedReading, BatchOutcome, LoggedEnvelope, WindowDelta } from "./engine.ts";

/**
 * Bytes that cross between TypeScript and Rust, little-endian: one buffer each way for a batch, never an object for
 * a reading. `engine/src/frame.rs` and `engine/src/outcome.rs` are the other side and draw the layout.
 */

/** A packed outcome; its readings become objects only for who asks for them. */
export class PackedOutcome implements BatchOutcome {
  readonly verdicts: Uint8Array;
  readonly envelopes: AcceptedEnvelope[];
  readonly windows: WindowDelta[];
  readonly lineProtocol: Uint8Array;
  readonly #packedReadings: Unpacker;
  #readings: AcceptedReading[] | undefined;

  constructor(packed: Buffer) {
    const unpacker = new Unpacker(packed);
    const [verdicts, devices, feeders, envelopes, readings, windows] = unpacker.list(6, () => unpacker.u32());
    this.verdicts = unpacker.bytes(verdicts ?? 0);
    const deviceIds = unpacker.list(devices ?? 0, () => unpacker.text());
    const feederNames = unpacker.list(feeders ?? 0, () => unpacker.text());
    this.envelopes = unpacker.list(envelopes ?? 0, () => unpackEnvelope(unpacker, deviceIds));
    this.#packedReadings = new Unpacker(unpacker.bytes((readings ?? 0) * READING_BYTES));
    this.windows = unpacker.list(windows ?? 0, () => unpackWindow(unpacker, feederNames));
    this.lineProtocol = unpacker.rest();
  }

  get readings(): AcceptedReading[] {
    this.#readings ??= this.envelopes.flatMap((envelope) =>
      this.#packedReadings.list(envelope.readingCount, (index) => unpackReading(this.#packedReadings, envelope, index)),
    );
    return this.#readings;
  }
}

/** Records of the log, each `walSeq u64, receivedAt u64, verdict u8, deviceId text, bytes u32 length + bytes`. */
export function unpackLog(packed: Buffer): LoggedEnvelope[] {
  const unpacker = new Unpacker(packed);
  const records: LoggedEnvelope[] = [];
  while (!unpacker.isAtEnd()) {
    const walSeq = unpacker.u64();
    const receivedAtUnixMs = unpacker.number();
    const verdict = unpacker.u8();
    const deviceId = unpacker.text();
    records.push({ walSeq, verdict, receivedAtUnixMs, deviceId, bytes: unpacker.bytes(unpacker.u32()) });
  }
  return records;
}

/** Where to go on, then an outcome. */
export function unpackReplay(packed: Buffer): { outcome: BatchOutcome; nextWalSeq: bigint } {
  const nextWalSeq = packed.readBigUInt64LE(0);
  return { outcome: new PackedOutcome(packed.subarray(8)), nextWalSeq };
}

const READING_BYTES = 32;

function unpackEnvelope(unpacker: Unpacker, deviceIds: readonly string[]): AcceptedEnvelope {
  const walSeq = unpacker.u64();
  const firstSeq = unpacker.u64();
  const firstMeasuredAtUnixMs = unpacker.number();
  const lastMeasuredAtUnixMs = unpacker.number();
  const deviceId = deviceIds[unpacker.u32()] ?? "";
  const bootEpoch = unpacker.u32();
  const readingCount = unpacker.u32();
  const isAfterGap = unpacker.u32() === 1;
  const leafHash = unpacker.bytes(32);
  return {
    walSeq,
    deviceId,
    bootEpoch,
    firstSeq,
    readingCount,
    firstMeasuredAtUnixMs,
    lastMeasuredAtUnixMs,
    leafHash,
    isAfterGap,
  };
}

function unpackReading(unpacker: Unpacker, envelope: AcceptedEnvelope, index: number): AcceptedReading {
  const { deviceId, bootEpoch, firstSeq } = envelope;
  const measuredAtUnixMs = unpacker.number();
  const powerW = unpacker.signedNumber();
  const importWh = unpacker.u64();
  const exportWh = unpacker.u64();
  return { deviceId, bootEpoch, seq: firstSeq + BigInt(index), measuredAtUnixMs, powerW, importWh, exportWh };
}

function unpackWindow(unpacker: Unpacker, feeders: readonly string[]): WindowDelta {
  const feeder = feeders[unpacker.u32()] ?? "";
  const readingCount = unpacker.u32();
  const startUnixMs = unpacker.number();
  return { feeder, startUnixMs, importWh: unpacker.u64(), exportWh: unpacker.u64(), readingCount };
}

/** Takes packed values off the front of a buffer; reading beyond its end throws, as only a bug can do so. */
class Unpacker {
  readonly #packed: Buffer;
  #offset = 0;

  constructor(packed: Uint8Array) {
    this.#packed = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  }

  isAtEnd(): boolean {
    return this.#offset === this.#packed.length;
  }

  u8(): number {
    return this.#packed.readUInt8(this.#advance(1));
  }

  u32(): number {
    return this.#packed.readUInt32LE(this.#advance(4));
  }

  u64(): bigint {
    return this.#packed.readBigUInt64LE(this.#advance(8));
  }

  /** A u64 that is known to be a safe integer: half the cost of a bigint. */
  number(): number {
    const offset = this.#advance(8);
    return this.#packed.readUInt32LE(offset) + this.#packed.readUInt32LE(offset + 4) * 2 ** 32;
  }

  /** An i64 that is known to be a safe integer. */
  signedNumber(): number {
    const offset = this.#advance(8);
    return this.#packed.readUInt32LE(offset) + this.#packed.readInt32LE(offset + 4) * 2 ** 32;
  }

  text(): string {
    const length = this.u8();
    const start = this.#advance(length);
    return this.#packed.toString("utf8", start, start + length);
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return new Uint8Array(this.#packed.buffer, this.#packed.byteOffset + start, length);
  }

  rest(): Uint8Array {
    return this.bytes(this.#packed.length - this.#offset);
  }

  list<T>(count: number, take: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => take(index));
  }

  #advance(length: number): number {
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
