import { common, peer } from "@hyperledger/fabric-protos";
import { decodeMessage, MalformedMessageError } from "../wire/index.ts";
import { type ParsedHeader, type ParsedProposal, parseHeader, parseInvocation, proposalHash } from "./proposal.ts";
import { decodeReadWriteSet, type NamespaceReadWriteSet } from "./read-write-set.ts";

/** At most one of each transaction; its payload is the contract's canonical JSON. */
export type ChaincodeEvent = { name: string; payload: Uint8Array };

/** Answer of a contract: a status below 400 is a success. */
export type ChaincodeResponse = { status: number; message: string; payload: Uint8Array };

/** One organisation's peer vouches for the result: signature over result bytes, then its own serialized identity. */
export type Endorsement = { endorser: Uint8Array; signature: Uint8Array };

/** What endorsers sign, before it is bound to its proposal. */
export type SimulationResult = {
  response: ChaincodeResponse;
  readWriteSetBytes: Uint8Array;
  event: ChaincodeEvent | undefined;
};

/**
 * `ProposalResponsePayload` bytes: what endorsers sign. It binds the result to the proposal by the proposal's hash, so
 * that no endorsement can be moved to another call.
 */
export function buildResponsePayload(proposal: ParsedProposal, result: SimulationResult): Uint8Array {
  const action = new peer.ChaincodeAction();
  action.setResults(result.readWriteSetBytes);
  if (result.event !== undefined) action.setEvents(encodeEvent(proposal, result.event));
  action.setResponse(encodeResponse(result.response));
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(proposal.chaincodeName);
  action.setChaincodeId(chaincodeId);
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(proposalHash(proposal));
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}

/**
 * The transaction of an endorsed proposal, for its creator to sign.
 * ```
 * Envelope { Payload { Header, Transaction { TransactionAction { ChaincodeActionPayload {
 *   proposal payload without transient data, ChaincodeEndorsedAction { response payload, endorsements } } } } } }
 * ```
 */
export function buildTransaction(
  proposal: ParsedProposal,
  responsePayload: Uint8Array,
  endorsements: readonly Endorsement[],
): common.Envelope {
  const action = new peer.ChaincodeEndorsedAction();
  action.setProposalResponsePayload(responsePayload);
  for (const { endorser, signature } of endorsements) {
    const endorsement = action.addEndorsements();
    endorsement.setEndorser(endorser);
    endorsement.setSignature(signature);
  }
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposal.publicPayloadBytes);
  actionPayload.setAction(action);
  const transaction = new peer.Transaction();
  const transactionAction = transaction.addActions();
  transactionAction.setHeader(proposal.signatureHeaderBytes);
  transactionAction.setPayload(actionPayload.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(decodeMessage(common.Header, proposal.headerBytes));
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

/** An endorser transaction taken apart and not yet believed: `checkTransaction` says whether it holds. */
export type ParsedTransaction = {
  header: ParsedHeader;
  /** What the creator's signature covers. */
  payloadBytes: Uint8Array;
  signature: Uint8Array;
  /** Function name first, then its arguments. */
  args: Uint8Array[];
  /** Chaincode that the arguments were for; MUST equal the header's. */
  invokedChaincodeName: string;
  /** Hash of headers and payload as they stand; MUST equal `endorsedProposalHash`. */
  proposalHash: Uint8Array;
  endorsedProposalHash: Uint8Array;
  responsePayloadBytes: Uint8Array;
  endorsements: Endorsement[];
  response: ChaincodeResponse;
  event: ChaincodeEvent | undefined;
  readWriteSets: NamespaceReadWriteSet[];
};

/**
 * Takes an endorser transaction apart. That its parts fit together is for the validator to check.
 * @throws MalformedMessageError
 */
export function parseTransaction(envelopeBytes: Uint8Array): ParsedTransaction {
  const envelope = decodeMessage(common.Envelope, envelopeBytes);
  const payloadBytes = envelope.getPayload_asU8();
  const payload = decodeMessage(common.Payload, payloadBytes);
  const header = parseHeader(required(payload.getHeader()));
  const actions = decodeMessage(peer.Transaction, payload.getData_asU8()).getActionsList();
  if (actions.length !== 1) throw new MalformedMessageError(new RangeError("a transaction has one action"));
  return {
    header,
    payloadBytes,
    signature: envelope.getSignature_asU8(),
    ...parseAction(header, required(actions[0]).getPayload_asU8()),
  };
}

/** As `parseTransaction`, for bytes that anyone may have shown; undefined for what is no endorser transaction. */
export function tryParseTransaction(envelopeBytes: Uint8Array): ParsedTransaction | undefined {
  try {
    return parseTransaction(envelopeBytes);
  } catch (error) {
    if (error instanceof MalformedMessageError) return undefined;
    throw error;
  }
}

/** Header alone, for those who only need to know whose transaction this is and of what type. */
export function parseTransactionHeader(envelopeBytes: Uint8Array): ParsedHeader {
  const envelope = decodeMessage(common.Envelope, envelopeBytes);
  return parseHeader(required(decodeMessage(common.Payload, envelope.getPayload_asU8()).getHeader()));
}

type ParsedAction = Omit<ParsedTransaction, "header" | "payloadBytes" | "signature">;

function parseAction(header: ParsedHeader, actionPayloadBytes: Uint8Array): ParsedAction {
  const actionPayload = decodeMessage(peer.ChaincodeActionPayload, actionPayloadBytes);
  const publicPayloadBytes = actionPayload.getChaincodeProposalPayload_asU8();
  const action = required(actionPayload.getAction());
  const responsePayloadBytes = action.getProposalResponsePayload_asU8();
  const responsePayload = decodeMessage(peer.ProposalResponsePayload, responsePayloadBytes);
  const chaincodeAction = decodeMessage(peer.ChaincodeAction, responsePayload.getExtension_asU8());
  const response = required(chaincodeAction.getResponse());
  const proposalPayload = decodeMessage(peer.ChaincodeProposalPayload, publicPayloadBytes);
  const invocation = parseInvocation(proposalPayload.getInput_asU8());
  return {
    args: invocation.args,
    invokedChaincodeName: invocation.chaincodeName,
    proposalHash: proposalHash({ ...header, publicPayloadBytes }),
    endorsedProposalHash: responsePayload.getProposalHash_asU8(),
    responsePayloadBytes,
    endorsements: action.getEndorsementsList().map((endorsement) => ({
      endorser: endorsement.getEndorser_asU8(),
      signature: endorsement.getSignature_asU8(),
    })),
    response: { status: response.getStatus(), message: response.getMessage(), payload: response.getPayload_asU8() },
    event: decodeEvent(chaincodeAction.getEvents_asU8()),
    readWriteSets: decodeReadWriteSet(chaincodeAction.getResults_asU8()),
  };
}

function encodeResponse(response: ChaincodeResponse): peer.Response {
  const message = new peer.Response();
  message.setStatus(response.status);
  message.setMessage(response.message);
  message.setPayload(response.payload);
  return message;
}

function encodeEvent(proposal: ParsedProposal, event: ChaincodeEvent): Uint8Array {
  const message = new peer.ChaincodeEvent();
  message.setChaincodeId(proposal.chaincodeName);
  message.setTxId(proposal.transactionId);
  message.setEventName(event.name);
  message.setPayload(event.payload);
  return message.serializeBinary();
}

function decodeEvent(bytes: Uint8Array): ChaincodeEvent | undefined {
  if (bytes.length === 0) return undefined;
  const message = decodeMessage(peer.ChaincodeEvent, bytes);
  return { name: message.getEventName(), payload: message.getPayload_asU8() };
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new MalformedMessageError(new RangeError("a required part is missing"));
  return part;
}
