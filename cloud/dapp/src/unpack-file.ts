import { RECEIPT_CHARS_MAX } from "@gridpact/ledger/receipts";

/** How a gzip member begins. [RFC1952 s.2.3.1] */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * Contents of a receipt's file: what is in the gzip, or the file as it is. As `unpackReceipt`, by the means of a
 * browser, which takes one gzip member and nothing behind it.
 * @param bytesMax - Bound of what comes out, as a small file may unpack to any size
 * @returns undefined when the packing is damaged or holds more
 */
export async function unpackFile(file: Uint8Array, bytesMax = RECEIPT_CHARS_MAX): Promise<Uint8Array | undefined> {
  if (!GZIP_MAGIC.every((byte, index) => file[index] === byte)) return file;
  const packed = new Blob([file as Uint8Array<ArrayBuffer>]).stream();
  const unpacked = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await unpacked.read(); !next.done; next = await unpacked.read()) {
      length += next.value.length;
      if (length > bytesMax) {
        await unpacked.cancel();
        return undefined;
      }
      chunks.push(next.value);
    }
  } catch {
    return undefined; // Whatever the stream says of it: what is in there cannot be had.
  }
  return Buffer.concat(chunks);
}
