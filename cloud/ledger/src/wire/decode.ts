import { createRequire } from "node:module";

/** Received bytes are not a well-formed message; who sent them is at fault. */
export class MalformedMessageError extends Error {
  readonly code = "MESSAGE_MALFORMED";

  constructor(cause: unknown) {
    super("not a well-formed protobuf message", { cause });
    this.name = "MalformedMessageError";
  }
}

/**
 * Decodes a message of @hyperledger/fabric-protos from bytes that nobody has checked yet. Everything received MUST go
 * through here or through a module that imports this one: it also makes the decoder itself safe, see below.
 * @throws MalformedMessageError when the bytes are not such a message.
 */
export function decodeMessage<T>(type: { deserializeBinary(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.deserializeBinary(bytes);
  } catch (cause) {
    // The library has no error class of its own: whatever it throws was caused by these bytes.
    throw new MalformedMessageError(cause);
  }
}

/** The part of google-protobuf's reader that is replaced below. */
interface BinaryReader {
  readBytes(): Uint8Array;
  readString(): string;
  readMessage(message: unknown, readFields: (message: unknown, reader: BinaryReader) => void): void;
}

type GoogleProtobuf = { BinaryReader: { new (bytes: Uint8Array): BinaryReader; prototype: BinaryReader } };

/**
 * google-protobuf 3.21 reads a text or an embedded message up to its *stated* length without looking where the bytes
 * end: ten bytes that state 2^32 keep the process busy for more than ten seconds (measured: 13 s). `readBytes` does
 * check, so both are read by way of it. The library is resolved as the generated code resolves it, so that it is the
 * same copy.
 */
function boundReads(): void {
  const fromProtos = createRequire(import.meta.resolve("@hyperledger/fabric-protos"));
  const library: GoogleProtobuf = fromProtos("google-protobuf");
  library.BinaryReader.prototype.readString = function readString() {
    const bytes = this.readBytes();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  };
  library.BinaryReader.prototype.readMessage = function readMessage(message, readFields) {
    readFields(message, new library.BinaryReader(this.readBytes()));
  };
}

boundReads();
