import { MalformedMessageError } from "./decode.ts";

/**
 * Messages whose fields are all bytes or messages, read and written by hand. The generated classes of
 * @hyperledger/fabric-protos live in one global namespace, where fabric-shim's older copy replaces those that it has
 * too: a field that is new in Fabric v3 would be lost, or not, by the order in which modules are loaded.
 */
export type LengthDelimitedField = { number: number; bytes: Uint8Array };

const LENGTH_DELIMITED = 2;

/** Field numbers of one byte of tag. */
const FIELD_NUMBER_MAX = 15;

/** @throws MalformedMessageError for anything else than fields of bytes */
export function readLengthDelimited(message: Uint8Array): LengthDelimitedField[] {
  const fields: LengthDelimitedField[] = [];
  for (let offset = 0; offset < message.length; ) {
    const tag = message[offset] as number;
    const { value: length, end: start } = readVarint(message, offset + 1);
    const end = start + length;
    if ((tag & 7) !== LENGTH_DELIMITED || tag >> 3 > FIELD_NUMBER_MAX || end > message.length) throw malformed();
    fields.push({ number: tag >> 3, bytes: message.subarray(start, end) });
    offset = end;
  }
  return fields;
}

/** Empty fields are left out, as protobuf writes them. */
export function writeLengthDelimited(fields: readonly LengthDelimitedField[]): Uint8Array {
  return Buffer.concat(
    fields
      .filter(({ bytes }) => bytes.length > 0)
      .flatMap(({ number, bytes }) => [
        Uint8Array.of((number << 3) | LENGTH_DELIMITED),
        writeVarint(bytes.length),
        bytes,
      ]),
  );
}

/** Lengths of more than 28 bits do not occur in what fits a block. */
const VARINT_BYTES_MAX = 4;

function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < VARINT_BYTES_MAX; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw malformed();
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  throw malformed();
}

function writeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function malformed(): MalformedMessageError {
  return new MalformedMessageError(new RangeError("not a message of length-delimited fields"));
}
