/** What the protobuf field with the number of its place may be; `none` stands at place 0, which no field has. */
export type FieldKind = "none" | "varint" | "bytes" | "repeated";

/** Fields of one message by number; an absent one leaves a hole. */
export type Fields = {
  varints: (number | undefined)[];
  slices: (Uint8Array | undefined)[];
  /** Elements of the message's one repeated field, in order. */
  repeated: Uint8Array[];
};

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/** Tags of fields 1..15 take one byte; ours are all below. */
const TAG_MAX = 127;

/** A minimal varint up to 2^53 - 1 has at most this many bytes. */
const VARINT_BYTES_MAX = 8;

/**
 * Splits a message into its fields.
 * @returns undefined when a field is unknown, doubled, of another wire type, cut off or not minimal.
 */
export function readFields(bytes: Uint8Array, kinds: readonly FieldKind[]): Fields | undefined {
  const cursor = { bytes, position: 0 };
  const fields: Fields = { varints: [], slices: [], repeated: [] };
  while (cursor.position < bytes.length) {
    const tag = readVarint(cursor);
    if (tag < 0 || tag > TAG_MAX) return undefined;
    const kind = kinds[tag >> 3] ?? "none";
    const isRead = kind === "varint" ? readNumber(cursor, tag, fields) : readSlice(cursor, tag, kind, fields);
    if (!isRead) return undefined;
  }
  return fields;
}

type Cursor = { bytes: Uint8Array; position: number };

function readNumber(cursor: Cursor, tag: number, fields: Fields): boolean {
  const field = tag >> 3;
  if ((tag & 7) !== WIRE_VARINT || fields.varints[field] !== undefined) return false;
  const value = readVarint(cursor);
  fields.varints[field] = value;
  return value >= 0;
}

function readSlice(cursor: Cursor, tag: number, kind: FieldKind, fields: Fields): boolean {
  const field = tag >> 3;
  if (kind === "none" || (tag & 7) !== WIRE_BYTES || fields.slices[field] !== undefined) return false;
  const length = readVarint(cursor);
  const end = cursor.position + length;
  if (length < 0 || end > cursor.bytes.length) return false;
  const slice = cursor.bytes.subarray(cursor.position, end);
  cursor.position = end;
  if (kind === "repeated") fields.repeated.push(slice);
  else fields.slices[field] = slice;
  return true;
}

/** The varint at the cursor, or -1 when it is cut off, beyond 2^53 - 1 or longer than it need be. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (let count = 1; count <= VARINT_BYTES_MAX; count++) {
    const byte = cursor.bytes[cursor.position++];
    if (byte === undefined) return -1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return (byte === 0 && count > 1) || value > Number.MAX_SAFE_INTEGER ? -1 : value;
    scale *= 128;
  }
  return -1;
}
