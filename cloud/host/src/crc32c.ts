/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), as in RFC 3720 appendix B.4; unsigned 32-bit result. Four
 * bytes at a time by four tables, as a log's records may have megabytes.
 * @param previous - Result for the bytes before these
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  const wordsEnd = bytes.length - (bytes.length % 4);
  for (let at = 0; at < wordsEnd; at += 4) {
    crc ^=
      byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24);
    crc =
      entry(THREE_BYTES_ON, crc) ^
      entry(TWO_BYTES_ON, crc >>> 8) ^
      entry(BYTE_ON, crc >>> 16) ^
      entry(BYTE, crc >>> 24);
  }
  for (let at = wordsEnd; at < bytes.length; at++) crc = entry(BYTE, crc ^ byteAt(bytes, at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What a byte does to the checksum, and what it does when so many bytes follow it. */
const BYTE = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});
const BYTE_ON = followed(BYTE);
const TWO_BYTES_ON = followed(BYTE_ON);
const THREE_BYTES_ON = followed(TWO_BYTES_ON);

function followed(table: Int32Array): Int32Array {
  return table.map((value) => entry(BYTE, value) ^ (value >>> 8));
}

/** The index is below 256 always. */
function entry(table: Int32Array, value: number): number {
  return table[value & 0xff] as number;
}

/** MUST be within the bytes. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}
