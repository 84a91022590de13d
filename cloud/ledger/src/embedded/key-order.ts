/** Compares two keys by their UTF-8 bytes, which is the order of every Fabric state database. */
export function compareKeys(left: string, right: string): number {
  return compareText(byteOrder(left), byteOrder(right));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: composite keys begin with U+0000.
const ASCII_ONLY = /^[\u0000-\u007f]*$/;

/** A text of one character per UTF-8 byte: compares as the bytes do. Plain ASCII, the usual key, is that already. */
function byteOrder(key: string): string {
  return ASCII_ONLY.test(key) ? key : Buffer.from(key, "utf8").toString("latin1");
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
