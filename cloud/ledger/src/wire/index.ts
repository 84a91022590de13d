/** Encodings that everything else is built from: safe protobuf decoding, and the few parts of DER. */
export { decodeMessage, MalformedMessageError } from "./decode.ts";
export {
  type DerElement,
  derBits,
  derElement,
  derInteger,
  derObjectId,
  derOctets,
  derSequence,
  derSet,
  derTime,
  derTrue,
  derUtf8,
  readDer,
} from "./der.ts";
export { readLengthDelimited, writeLengthDelimited } from "./length-delimited.ts";
