import { crc32c } from "@gridpact/host";
import type { ChainPoint, DeviceState } from "../src/device-state.ts";

/** Writes what only the native engine writes, by the layout that `engine/src/checkpoint.rs` draws. */
class Packed {
  readonly #parts: Buffer[] = [];

  add(value: number | bigint, sizeBytes: 1 | 4 | 8): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    this.#parts.push(bytes.subarray(0, sizeBytes));
    return this;
  }

  addBytes(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  addPoint({ hash, measuredAtUnixMs, importWh, exportWh }: ChainPoint): this {
    return this.addBytes(hash).add(measuredAtUnixMs, 8).add(importWh, 8).add(exportWh, 8);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Bytes of a `.state` file. */
export function checkpointBytes(seq: bigint, states: ReadonlyMap<string, DeviceState>): Uint8Array {
  const packed = new Packed().add(1, 4).add(seq, 8).add(states.size, 4);
  for (const [deviceId, state] of states) {
    packed.add(deviceId.length, 1).addBytes(Buffer.from(deviceId));
    packed.add(state.bootEpoch, 4).add(state.nextSeq, 8).addPoint(state.last);
    packed.add(state.gaps.length, 1).add(state.recent.length, 1);
    packed.add(state.badSignatures, 4).add(Number(state.isQuarantined), 1);
    for (const { fromSeq, toSeq, before, after } of state.gaps) {
      packed.add(fromSeq, 8).add(toSeq, 8).addPoint(before).addPoint(after);
    }
    for (const { bootEpoch, firstSeq, hash } of state.recent) packed.add(bootEpoch, 4).add(firstSeq, 8).addBytes(hash);
  }
  return packed.add(crc32c(packed.bytes()), 4).bytes();
}

/** Bytes of a `synced.mark`. */
export function markBytes(segmentFirstSeq: bigint, syncedBytes: number): Uint8Array {
  const packed = new Packed().add(segmentFirstSeq, 8).add(syncedBytes, 8);
  return packed.add(crc32c(packed.bytes()), 4).bytes();
}
