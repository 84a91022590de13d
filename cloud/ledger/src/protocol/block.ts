import { createHash } from "node:crypto";
import { common } from "@hyperledger/fabric-protos";
import {
  decodeMessage,
  derInteger,
  derOctets,
  derSequence,
  MalformedMessageError,
  readLengthDelimited,
  writeLengthDelimited,
} from "../wire/index.ts";

/** Number 0 is the configuration's; hashes are SHA-256, the previous one empty for block 0. */
export type BlockHeader = { number: number; previousHash: Uint8Array; dataHash: Uint8Array };

/** One node's signature over a block, with the header that says whose it is. */
export type BlockSignature = {
  signatureHeader: Uint8Array;
  signature: Uint8Array;
  /** In its place, a SmartBFT consenter says only which number it has in the channel's configuration. */
  identifierHeader?: Uint8Array;
};

/** Signatures over a value that belongs to a block. */
export type SignedMetadata = { value: Uint8Array; signatures: BlockSignature[] };

/** `common.Block` as plain values; `decodeBlock` has checked their form alone. */
export type Block = {
  header: BlockHeader;
  /** Transaction envelopes. */
  data: Uint8Array[];
  /** The orderers' signatures. */
  ordered: SignedMetadata;
  /** Validation code of each transaction, one byte each. */
  validationCodes: Uint8Array;
  /** Commit hash, and the signatures of the peers that validated the block. */
  committed: SignedMetadata;
};

/** Bytes that are hashed into the next block and signed: DER of number, previous hash and data hash, as in Fabric. */
export function blockHeaderBytes(header: BlockHeader): Uint8Array {
  return derSequence(derInteger(BigInt(header.number)), derOctets(header.previousHash), derOctets(header.dataHash));
}

/** SHA-256 of the header bytes: a block's hash. */
export function blockHeaderHash(header: BlockHeader): Uint8Array {
  return createHash("sha256").update(blockHeaderBytes(header)).digest();
}

/** SHA-256 over all envelopes, one after the other. */
export function blockDataHash(data: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const envelope of data) hash.update(envelope);
  return hash.digest();
}

/**
 * Hash over the outcome of the block and all before it: SHA-256 of the previous commit hash, the header hash and the
 * validation codes. Fabric hashes the state updates in place of the header; here they follow from header and codes.
 */
export function commitHash(previous: Uint8Array, header: BlockHeader, validationCodes: Uint8Array): Uint8Array {
  return createHash("sha256").update(previous).update(blockHeaderHash(header)).update(validationCodes).digest();
}

/** What an orderer signs: metadata value, signature header, block header. */
export function orderedBytes(value: Uint8Array, signatureHeader: Uint8Array, header: BlockHeader): Uint8Array {
  return Buffer.concat([value, signatureHeader, blockHeaderBytes(header)]);
}

/** What a peer signs, so that the validation codes, which no orderer knows, can be shown to a third party. */
export function committedBytes(
  value: Uint8Array,
  signatureHeader: Uint8Array,
  block: Pick<Block, "header" | "validationCodes">,
): Uint8Array {
  return Buffer.concat([value, signatureHeader, blockHeaderBytes(block.header), block.validationCodes]);
}

/** `common.Block` bytes, with Fabric's places in the metadata. */
export function encodeBlock(block: Block): Uint8Array {
  const header = new common.BlockHeader();
  header.setNumber(block.header.number);
  header.setPreviousHash(block.header.previousHash);
  header.setDataHash(block.header.dataHash);
  const data = new common.BlockData();
  data.setDataList(block.data);
  const message = new common.Block();
  message.setHeader(header);
  message.setData(data);
  const metadata = new common.BlockMetadata();
  const { SIGNATURES, TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;
  const entries: Uint8Array[] = Array.from({ length: COMMIT_HASH + 1 }, () => new Uint8Array());
  entries[SIGNATURES] = encodeSigned(block.ordered);
  entries[TRANSACTIONS_FILTER] = block.validationCodes;
  entries[COMMIT_HASH] = encodeSigned(block.committed);
  metadata.setMetadataList(entries);
  message.setMetadata(metadata);
  return message.serializeBinary();
}

/** @throws MalformedMessageError */
export function decodeBlock(bytes: Uint8Array): Block {
  const message = decodeMessage(common.Block, bytes);
  const header = message.getHeader();
  const metadata = message.getMetadata()?.getMetadataList_asU8() ?? [];
  if (header === undefined) throw new MalformedMessageError(new RangeError("a block without header"));
  const entry = (index: number) => metadata[index] ?? new Uint8Array();
  return {
    header: {
      number: header.getNumber(),
      previousHash: header.getPreviousHash_asU8(),
      dataHash: header.getDataHash_asU8(),
    },
    data: message.getData()?.getDataList_asU8() ?? [],
    ordered: decodeSigned(entry(common.BlockMetadataIndex.SIGNATURES)),
    validationCodes: entry(common.BlockMetadataIndex.TRANSACTIONS_FILTER),
    committed: decodeSigned(entry(common.BlockMetadataIndex.COMMIT_HASH)),
  };
}

/** `SignatureHeader` bytes of a node. */
export function encodeSignatureHeader(creator: Uint8Array, nonce: Uint8Array): Uint8Array {
  const header = new common.SignatureHeader();
  header.setCreator(creator);
  header.setNonce(nonce);
  return header.serializeBinary();
}

/** `IdentifierHeader` bytes of a consenter. */
export function encodeIdentifierHeader(consenterId: number, nonce: Uint8Array): Uint8Array {
  const header = new common.IdentifierHeader();
  header.setIdentifier(consenterId);
  header.setNonce(nonce);
  return header.serializeBinary();
}

/** Number of the consenter that an identifier header names. @throws MalformedMessageError */
export function consenterIdOf(identifierHeader: Uint8Array): number {
  return decodeMessage(common.IdentifierHeader, identifierHeader).getIdentifier();
}

/** Serialized identity in a signature header. @throws MalformedMessageError */
export function signatureHeaderCreator(bytes: Uint8Array): Uint8Array {
  return decodeMessage(common.SignatureHeader, bytes).getCreator_asU8();
}

/** Field numbers of `common.Metadata` and `common.MetadataSignature`. */
const VALUE = 1;
const SIGNATURES = 2;
const SIGNATURE_HEADER = 1;
const SIGNATURE = 2;
const IDENTIFIER_HEADER = 3;

function encodeSigned({ value, signatures }: SignedMetadata): Uint8Array {
  const entries = signatures.map(({ signatureHeader, signature, identifierHeader = new Uint8Array() }) => ({
    number: SIGNATURES,
    bytes: writeLengthDelimited([
      { number: SIGNATURE_HEADER, bytes: signatureHeader },
      { number: SIGNATURE, bytes: signature },
      { number: IDENTIFIER_HEADER, bytes: identifierHeader },
    ]),
  }));
  return writeLengthDelimited([{ number: VALUE, bytes: value }, ...entries]);
}

function decodeSigned(bytes: Uint8Array): SignedMetadata {
  const fields = readLengthDelimited(bytes);
  const signatures = fields.filter(({ number }) => number === SIGNATURES).map((field) => decodeSignature(field.bytes));
  return { value: lastOf(fields, VALUE), signatures };
}

function decodeSignature(bytes: Uint8Array): BlockSignature {
  const fields = readLengthDelimited(bytes);
  const identifierHeader = lastOf(fields, IDENTIFIER_HEADER);
  return {
    signatureHeader: lastOf(fields, SIGNATURE_HEADER),
    signature: lastOf(fields, SIGNATURE),
    ...(identifierHeader.length > 0 && { identifierHeader }),
  };
}

/** Of a field that comes twice the last counts. [protobuf encoding] */
function lastOf(fields: ReturnType<typeof readLengthDelimited>, number: number): Uint8Array {
  return fields.findLast((field) => field.number === number)?.bytes ?? new Uint8Array();
}
