import { strict as assert } from "node:assert";
import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import { common, msp, peer } from "@hyperledger/fabric-protos";
import { accept, type Checked, refuse } from "./refusal.ts";

/** What a device needs to know of a Fabric proposal before it signs it. */
export type ReadProposal = {
  transactionId: string;
  /** Of the one argument. */
  argumentText: string;
  /** SHA-256 (hex) that endorsers put into their answers; see `proposalHash`. */
  proposalHashHex: string;
};

/** Who may ask for what: everything else is refused. */
export type ExpectedProposal = {
  channelId: string;
  chaincodeName: string;
  /** As `contract:Transaction`. */
  transactionName: string;
  /** Ed25519, 32 bytes: the creator's certificate MUST hold this key. */
  publicKey: Uint8Array;
};

/** Reads the bytes of a peer.Proposal and checks everything but the argument. */
export function readProposal(bytes: Uint8Array, expected: ExpectedProposal): Checked<ReadProposal> {
  try {
    return checkProposal(parseProposal(bytes), expected);
  } catch {
    return refuse("malformed"); // The parsers' only way to say so is to throw; nothing here does I/O.
  }
}

/**
 * SHA-256 over channel header, signature header and chaincode proposal payload without transient data. Endorsers sign
 * it in their answer, which thereby belongs to one proposal. [Fabric protoutil, GetProposalHash1]
 */
export function proposalHash(header: common.Header, payloadForTransaction: Uint8Array): Uint8Array {
  return createHash("sha256")
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(payloadForTransaction)
    .digest();
}

type ParsedProposal = {
  header: common.Header;
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
  /** Names of the chaincode in the header and in the call; both MUST be the expected one. */
  chaincodeNames: (string | undefined)[];
  callArguments: Uint8Array[];
  payloadForTransaction: Uint8Array;
};

function parseProposal(bytes: Uint8Array): ParsedProposal {
  const proposal = parseExactly(peer.Proposal, bytes);
  const header = parseExactly(common.Header, proposal.getHeader_asU8());
  const channelHeader = parseExactly(common.ChannelHeader, header.getChannelHeader_asU8());
  const extension = parseExactly(peer.ChaincodeHeaderExtension, channelHeader.getExtension_asU8());
  const payload = parseExactly(peer.ChaincodeProposalPayload, proposal.getPayload_asU8());
  const spec = parseExactly(peer.ChaincodeInvocationSpec, payload.getInput_asU8()).getChaincodeSpec();
  const payloadForTransaction = new peer.ChaincodeProposalPayload();
  payloadForTransaction.setInput(payload.getInput_asU8());
  return {
    header,
    channelHeader,
    signatureHeader: parseExactly(common.SignatureHeader, header.getSignatureHeader_asU8()),
    chaincodeNames: [extension.getChaincodeId()?.getName(), spec?.getChaincodeId()?.getName()],
    callArguments: spec?.getInput()?.getArgsList_asU8() ?? [],
    payloadForTransaction: payloadForTransaction.serializeBinary(),
  };
}

/**
 * Parses bytes that are the one plain encoding of what they say. Protobuf lets a message stand twice in another: this
 * parser keeps the last, those of peers merge them, so a device could be made to sign a call other than it saw.
 */
function parseExactly<T extends { serializeBinary(): Uint8Array }>(
  type: { deserializeBinary(bytes: Uint8Array): T },
  bytes: Uint8Array,
): T {
  const message = type.deserializeBinary(bytes);
  assert(Buffer.from(message.serializeBinary()).equals(bytes), "not the plain encoding");
  return message;
}

function checkProposal(parsed: ParsedProposal, expected: ExpectedProposal): Checked<ReadProposal> {
  const { channelHeader, signatureHeader, callArguments } = parsed;
  const [name, argument] = callArguments.map((part) => Buffer.from(part).toString("utf8"));
  if (channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return refuse("malformed");
  if (channelHeader.getChannelId() !== expected.channelId) return refuse("wrong_channel");
  if (parsed.chaincodeNames.some((chaincode) => chaincode !== expected.chaincodeName)) return refuse("wrong_chaincode");
  if (name !== expected.transactionName) return refuse("wrong_transaction");
  if (argument === undefined || callArguments.length !== 2) return refuse("wrong_argument");
  const creator = signatureHeader.getCreator_asU8();
  if (!holdsKey(creator, expected.publicKey)) return refuse("wrong_creator");
  const transactionId = createHash("sha256").update(signatureHeader.getNonce_asU8()).update(creator).digest("hex");
  if (transactionId !== channelHeader.getTxId()) return refuse("wrong_transaction_id");
  const proposalHashHex = Buffer.from(proposalHash(parsed.header, parsed.payloadForTransaction)).toString("hex");
  return accept({ transactionId, argumentText: argument, proposalHashHex });
}

function holdsKey(creator: Uint8Array, publicKey: Uint8Array): boolean {
  const identity = msp.SerializedIdentity.deserializeBinary(creator);
  return Buffer.from(publicKey).equals(rawKey(new X509Certificate(identity.getIdBytes_asU8()).publicKey));
}

/** The end of a SubjectPublicKeyInfo is the key itself. [RFC8410 s.4] */
function rawKey(key: KeyObject): Uint8Array {
  return key.export({ format: "der", type: "spki" }).subarray(-32);
}
