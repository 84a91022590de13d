import { createHash } from "node:crypto";
import { common, gateway, peer } from "@hyperledger/fabric-protos";
import { decodeMessage, MalformedMessageError } from "../wire/index.ts";
import { timedChannelHeader } from "./channel-header.ts";

/** Whatever a proposal depends on: equal contents have equal bytes, and the same transaction id. */
export type ProposalContent = {
  channelName: string;
  chaincodeName: string;
  /** Function name first, then its arguments. */
  args: Uint8Array[];
  /** Data for the contract that does not become part of the transaction. */
  transientMap?: Record<string, Uint8Array>;
  /** For the gateway alone: no part of what is signed. */
  endorsingOrganisations?: readonly string[];
  /** Serialized identity of the one who will sign. */
  creator: Uint8Array;
  nonce: Uint8Array;
  atUnixMs: number;
};

/** Unsigned; the creator may be far away. */
export type BuiltProposal = {
  transactionId: string;
  /** What the creator signs. */
  proposalBytes: Uint8Array;
  /** What the gateway client takes: the proposal, still unsigned, with its id. */
  proposedTransactionBytes: Uint8Array;
};

/** Bytes of random that make a proposal unique, as the Fabric clients draw them. */
export const NONCE_BYTES = 24;

/**
 * Builds a proposal from its parts alone. The gateway client's own builder draws nonce and time itself, so that no
 * two runs of a simulation would agree.
 */
export function buildProposal(content: ProposalContent): BuiltProposal {
  const transactionId = transactionIdOf(content.nonce, content.creator);
  const proposal = new peer.Proposal();
  proposal.setHeader(buildHeader(content, transactionId).serializeBinary());
  proposal.setPayload(buildPayload(content).serializeBinary());
  const proposalBytes = proposal.serializeBinary();
  const signedProposal = new peer.SignedProposal();
  signedProposal.setProposalBytes(proposalBytes);
  const proposed = new gateway.ProposedTransaction();
  proposed.setTransactionId(transactionId);
  proposed.setProposal(signedProposal);
  proposed.setEndorsingOrganizationsList([...(content.endorsingOrganisations ?? [])]);
  return { transactionId, proposalBytes, proposedTransactionBytes: proposed.serializeBinary() };
}

/** SHA-256 of nonce and creator, in hex: whoever knows the id cannot take it, as he cannot sign as its creator. */
export function transactionIdOf(nonce: Uint8Array, creator: Uint8Array): string {
  return createHash("sha256").update(nonce).update(creator).digest("hex");
}

/**
 * Header fields that proposals and transactions have in common. The two headers are kept as bytes too: hashes are over
 * what was received, never over what was parsed and written again.
 */
export type ParsedHeader = {
  type: number;
  channelName: string;
  transactionId: string;
  atUnixMs: number;
  chaincodeName: string;
  epoch: number;
  creator: Uint8Array;
  nonce: Uint8Array;
  channelHeaderBytes: Uint8Array;
  signatureHeaderBytes: Uint8Array;
};

/** As received; that it is fit to be run is for `ProposalChecker` to say. */
export type ParsedProposal = ParsedHeader & {
  args: Uint8Array[];
  transientMap: ReadonlyMap<string, Uint8Array>;
  /** Chaincode name in the payload; MUST equal the header's. */
  invokedChaincodeName: string;
  headerBytes: Uint8Array;
  /** Payload without the transient map: the part that becomes public. */
  publicPayloadBytes: Uint8Array;
};

/** @throws MalformedMessageError */
export function parseProposal(proposalBytes: Uint8Array): ParsedProposal {
  const proposal = decodeMessage(peer.Proposal, proposalBytes);
  const headerBytes = proposal.getHeader_asU8();
  const payload = decodeMessage(peer.ChaincodeProposalPayload, proposal.getPayload_asU8());
  const transientMap = new Map<string, Uint8Array>();
  payload.getTransientmapMap().forEach((value: Uint8Array | string, key: string) => {
    transientMap.set(key, typeof value === "string" ? Buffer.from(value, "base64") : value);
  });
  const publicPayload = new peer.ChaincodeProposalPayload();
  publicPayload.setInput(payload.getInput_asU8());
  const { args, chaincodeName } = parseInvocation(payload.getInput_asU8());
  return {
    ...parseHeader(decodeMessage(common.Header, headerBytes)),
    args,
    transientMap,
    invokedChaincodeName: chaincodeName,
    headerBytes,
    publicPayloadBytes: publicPayload.serializeBinary(),
  };
}

/** @throws MalformedMessageError */
export function parseHeader(header: common.Header): ParsedHeader {
  const channelHeaderBytes = header.getChannelHeader_asU8();
  const signatureHeaderBytes = header.getSignatureHeader_asU8();
  const channelHeader = decodeMessage(common.ChannelHeader, channelHeaderBytes);
  const signatureHeader = decodeMessage(common.SignatureHeader, signatureHeaderBytes);
  const extension = decodeMessage(peer.ChaincodeHeaderExtension, channelHeader.getExtension_asU8());
  const timestamp = channelHeader.getTimestamp();
  return {
    type: channelHeader.getType(),
    channelName: channelHeader.getChannelId(),
    transactionId: channelHeader.getTxId(),
    atUnixMs: timestamp === undefined ? 0 : timestamp.getSeconds() * 1000 + Math.floor(timestamp.getNanos() / 1e6),
    chaincodeName: extension.getChaincodeId()?.getName() ?? "",
    epoch: channelHeader.getEpoch(),
    creator: signatureHeader.getCreator_asU8(),
    nonce: signatureHeader.getNonce_asU8(),
    channelHeaderBytes,
    signatureHeaderBytes,
  };
}

/**
 * Chaincode name and arguments of a proposal payload's input.
 * @throws MalformedMessageError
 */
export function parseInvocation(input: Uint8Array): { chaincodeName: string; args: Uint8Array[] } {
  const spec = decodeMessage(peer.ChaincodeInvocationSpec, input).getChaincodeSpec();
  if (spec === undefined) throw new MalformedMessageError(new RangeError("no chaincode specification"));
  return {
    chaincodeName: spec.getChaincodeId()?.getName() ?? "",
    args: spec.getInput()?.getArgsList_asU8() ?? [],
  };
}

/** What endorsers commit to of a proposal: its two headers and the payload without transient data. */
export function proposalHash(parts: {
  channelHeaderBytes: Uint8Array;
  signatureHeaderBytes: Uint8Array;
  publicPayloadBytes: Uint8Array;
}): Uint8Array {
  return createHash("sha256")
    .update(parts.channelHeaderBytes)
    .update(parts.signatureHeaderBytes)
    .update(parts.publicPayloadBytes)
    .digest();
}

function buildHeader(content: ProposalContent, transactionId: string): common.Header {
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(content.creator);
  signatureHeader.setNonce(content.nonce);
  const header = new common.Header();
  header.setChannelHeader(buildChannelHeader(content, transactionId).serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}

function buildChannelHeader(content: ProposalContent, transactionId: string): common.ChannelHeader {
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(content.chaincodeName));
  const channelHeader = timedChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.getTimestamp()?.setSeconds(Math.floor(content.atUnixMs / 1000));
  channelHeader.getTimestamp()?.setNanos((content.atUnixMs % 1000) * 1e6);
  channelHeader.setChannelId(content.channelName);
  channelHeader.setTxId(transactionId);
  channelHeader.setExtension$(extension.serializeBinary());
  return channelHeader;
}

/** Chaincode type NODE, as the Fabric client for Node.js says; peers do not look at it. */
function buildPayload(content: ProposalContent): peer.ChaincodeProposalPayload {
  const input = new peer.ChaincodeInput();
  input.setArgsList(content.args);
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(chaincodeId(content.chaincodeName));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  for (const [key, value] of Object.entries(content.transientMap ?? {})) payload.getTransientmapMap().set(key, value);
  return payload;
}

function chaincodeId(name: string): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  return id;
}
