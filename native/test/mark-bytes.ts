import { crc32c } from "@gridpact/host";
import { Packer } from "../src/packer.ts";

/** Bytes of a `synced.mark`, which only the native engine writes. */
export function markBytes(segmentFirstSeq: bigint, syncedBytes: number): Uint8Array {
  const packer = new Packer().u64(segmentFirstSeq).u64(BigInt(syncedBytes));
  return packer.u32(crc32c(packer.packed())).packed();
}
