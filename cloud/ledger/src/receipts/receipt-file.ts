import { gunzipSync, gzipSync } from "node:zlib";
import { writeUnitJson } from "@gridpact/settlement";
import type { Receipt } from "./receipt.ts";

/** A receipt's file: its canonical text within gzip, a seventh of it, since blocks are hex and share certificates. */
export function packReceipt(receipt: Receipt): Uint8Array {
  return gzipSync(writeUnitJson(receipt));
}

/** How a gzip member begins. [RFC1952 s.2.3.1] */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * The text of a receipt's file in UTF-8; of a file that is not packed the very bytes. What gzip adds is no part of the
 * receipt and means nothing.
 * @param bytesMax - Bound of what comes out, as a small file may unpack to any size
 * @throws Error with a `code` of zlib when the packing is damaged or holds more
 */
export function unpackReceipt(file: Uint8Array, bytesMax: number): Uint8Array {
  const isPacked = GZIP_MAGIC.every((byte, index) => file[index] === byte);
  return isPacked ? gunzipSync(file, { maxOutputLength: bytesMax }) : file;
}
