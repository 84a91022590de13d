import { crc32c } from "@gridpact/host";

/** What stands at one boundary: where the reading is, and its registers. */
export type BoundaryEntry = { walSeq: bigint; readingIndex: number; importWh: bigint; exportWh: bigint };

/**
 * A day of one device: 26 bytes for each boundary, so 2.5 KiB with quarters of an hour. Positions in the log are kept
 * plus one, as 0 says that there is no reading.
 */
type DeviceDay = {
  walSeqPlusOne: BigUint64Array;
  importWh: BigUint64Array;
  exportWh: BigUint64Array;
  readingIndex: Uint16Array;
};

const ENTRY_BYTES = 26;
const MAGIC = 0x31455047; // "GPE1"
const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** Boundaries of all devices on one UTC day. Of two readings at one instant, the one that was accepted first counts. */
export class DayBlock {
  readonly #slots: number;
  readonly #devices = new Map<string, DeviceDay>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Memory of the entries; names and maps are small beside them. */
  sizeBytes(): number {
    return this.#devices.size * this.#slots * ENTRY_BYTES;
  }

  find(deviceId: string, slot: number): BoundaryEntry | undefined {
    const day = this.#devices.get(deviceId);
    const walSeqPlusOne = day?.walSeqPlusOne[slot] ?? 0n;
    if (day === undefined || walSeqPlusOne === 0n) return undefined;
    return {
      walSeq: walSeqPlusOne - 1n,
      readingIndex: day.readingIndex[slot] ?? 0,
      importWh: day.importWh[slot] ?? 0n,
      exportWh: day.exportWh[slot] ?? 0n,
    };
  }

  /** Idempotent, so a part of the log may be applied again. */
  set(deviceId: string, slot: number, entry: BoundaryEntry): void {
    const day = this.#devices.get(deviceId) ?? this.#emptyDay();
    this.#devices.set(deviceId, day);
    const kept = day.walSeqPlusOne[slot] ?? 0n;
    if (kept !== 0n && kept <= entry.walSeq) return;
    day.walSeqPlusOne[slot] = entry.walSeq + 1n;
    day.readingIndex[slot] = entry.readingIndex;
    day.importWh[slot] = entry.importWh;
    day.exportWh[slot] = entry.exportWh;
  }

  /** Takes over what the other block has; where both have a reading, the rule above decides. */
  merge(other: DayBlock): void {
    for (const deviceId of other.#devices.keys()) {
      for (let slot = 0; slot < this.#slots; slot++) {
        const entry = other.find(deviceId, slot);
        if (entry !== undefined) this.set(deviceId, slot, entry);
      }
    }
  }

  /**
   * Little-endian: magic, slots, devices (u32 each); for each device its id (u8 length, text) and its boundaries
   * (u64 position plus one, u64 import, u64 export, u16 reading); CRC-32C of all before it.
   */
  encode(): Uint8Array {
    const parts: Uint8Array[] = [words(MAGIC, this.#slots, this.#devices.size)];
    for (const [deviceId, day] of this.#devices) {
      parts.push(Uint8Array.of(deviceId.length), Buffer.from(deviceId), this.#encodeDay(day));
    }
    const content = Buffer.concat(parts);
    return Buffer.concat([content, words(crc32c(content))]);
  }

  /** Undefined when the bytes are damaged, or made for another market time unit. */
  static decode(bytes: Uint8Array, slots: number): DayBlock | undefined {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = view.length - CHECKSUM_BYTES;
    if (end < HEADER_BYTES || crc32c(view.subarray(0, end)) !== view.readUInt32LE(end)) return undefined;
    if (view.readUInt32LE(0) !== MAGIC || view.readUInt32LE(4) !== slots) return undefined;
    const block = new DayBlock(slots);
    for (let offset = HEADER_BYTES; offset < end; ) {
      const idEnd = offset + 1 + view.readUInt8(offset);
      block.#devices.set(view.toString("latin1", offset + 1, idEnd), block.#decodeDay(view.subarray(idEnd)));
      offset = idEnd + slots * ENTRY_BYTES;
    }
    return block;
  }

  #emptyDay(): DeviceDay {
    return {
      walSeqPlusOne: new BigUint64Array(this.#slots),
      importWh: new BigUint64Array(this.#slots),
      exportWh: new BigUint64Array(this.#slots),
      readingIndex: new Uint16Array(this.#slots),
    };
  }

  #encodeDay(day: DeviceDay): Uint8Array {
    const bytes = Buffer.alloc(this.#slots * ENTRY_BYTES);
    for (let slot = 0; slot < this.#slots; slot++) {
      const at = slot * ENTRY_BYTES;
      bytes.writeBigUInt64LE(day.walSeqPlusOne[slot] ?? 0n, at);
      bytes.writeBigUInt64LE(day.importWh[slot] ?? 0n, at + 8);
      bytes.writeBigUInt64LE(day.exportWh[slot] ?? 0n, at + 16);
      bytes.writeUInt16LE(day.readingIndex[slot] ?? 0, at + 24);
    }
    return bytes;
  }

  #decodeDay(bytes: Buffer): DeviceDay {
    const day = this.#emptyDay();
    for (let slot = 0; slot < this.#slots; slot++) {
      const at = slot * ENTRY_BYTES;
      day.walSeqPlusOne[slot] = bytes.readBigUInt64LE(at);
      day.importWh[slot] = bytes.readBigUInt64LE(at + 8);
      day.exportWh[slot] = bytes.readBigUInt64LE(at + 16);
      day.readingIndex[slot] = bytes.readUInt16LE(at + 24);
    }
    return day;
  }
}

function words(...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
