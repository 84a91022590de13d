import { status } from "@grpc/grpc-js";
import { type common, gateway, peer } from "@hyperledger/fabric-protos";
import { type GatewayService, GatewayStatusError } from "../gateway/index.ts";
import { isSignedBy } from "../identity/index.ts";
import type { ChaincodeResponse } from "../protocol/index.ts";
import { decodeMessage } from "../wire/index.ts";
import { WaitGivenUpError } from "./commit-waiters.ts";
import type { EmbeddedLedger, SubmitRefusal } from "./embedded-ledger.ts";
import { chaincodeEventsOf, type EventRequest } from "./event-stream.ts";
import type { RefusedProposal, SignedProposal } from "./proposal-checker.ts";

/** Address that the embedded ledger's peers give in the details of a failure. */
const EMBEDDED_ADDRESS = "embedded";

/**
 * The gateway service of an embedded ledger. Status codes and texts are those of a Fabric peer's gateway
 * [fabric internal/pkg/gateway], because callers decide by them: which errors are a refusal that will come again, which
 * may pass, and which code a contract gave. What the contract said is in the details, as there.
 */
export class EmbeddedGateway implements GatewayService {
  readonly #ledger: EmbeddedLedger;
  readonly #now: () => number;

  constructor(ledger: EmbeddedLedger, modules: { clock: { nowUnixMs(): number } }) {
    this.#ledger = ledger;
    this.#now = () => modules.clock.nowUnixMs();
  }

  async evaluate(request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse> {
    const signed = signedProposalOf(request.getProposedTransaction());
    const outcome = await this.#ledger.evaluate(signed, request.getTargetOrganizationsList());
    if (outcome.kind === "refused") throw evaluationRefused(outcome);
    if (outcome.kind === "contract-refused") {
      // UNKNOWN, not ABORTED: that is what a peer answers when the contract itself failed an evaluation.
      const text = refusalText(outcome.response);
      throw failure(status.UNKNOWN, `evaluate call to endorser returned error: ${text}`, text);
    }
    const result = new peer.Response();
    result.setStatus(outcome.response.status);
    result.setMessage(outcome.response.message);
    result.setPayload(outcome.response.payload);
    const response = new gateway.EvaluateResponse();
    response.setResult(result);
    return response;
  }

  async endorse(request: gateway.EndorseRequest): Promise<gateway.EndorseResponse> {
    const signed = signedProposalOf(request.getProposedTransaction());
    const outcome = await this.#ledger.endorse(signed, request.getEndorsingOrganizationsList());
    if (outcome.kind === "refused") throw endorsementRefused(outcome);
    if (outcome.kind === "contract-refused")
      throw failure(status.ABORTED, ENDORSE_FAILED, refusalText(outcome.response));
    const response = new gateway.EndorseResponse();
    response.setPreparedTransaction(outcome.envelope);
    return response;
  }

  async submit(request: gateway.SubmitRequest): Promise<gateway.SubmitResponse> {
    const envelope = request.getPreparedTransaction();
    if (envelope === undefined) throw invalid("a prepared transaction is required");
    if (envelope.getSignature_asU8().length === 0) throw invalid("prepared transaction must be signed");
    // What is ordered are these bytes, not the received ones: unknown fields do not get into a block.
    const taken = this.#ledger.submit(envelope.serializeBinary());
    if (!taken.ok) throw submitRefused(taken.reason);
    return new gateway.SubmitResponse();
  }

  async commitStatus(signed: gateway.SignedCommitStatusRequest): Promise<gateway.CommitStatusResponse> {
    const request = decodeMessage(gateway.CommitStatusRequest, signed.getRequest_asU8());
    if (request.getTransactionId() === "") throw invalid("transaction ID should not be empty");
    this.#checkAccess(request, signed);
    const committed = await this.#ledger.commitStatus(request.getTransactionId()).catch((error: unknown) => {
      if (error instanceof WaitGivenUpError) throw new GatewayStatusError(status.UNAVAILABLE, error.message);
      throw error;
    });
    const response = new gateway.CommitStatusResponse();
    response.setResult(committed.code as peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap]);
    response.setBlockNumber(committed.blockNumber);
    return response;
  }

  async *chaincodeEvents(
    signed: gateway.SignedChaincodeEventsRequest,
  ): AsyncGenerator<gateway.ChaincodeEventsResponse> {
    const request = decodeMessage(gateway.ChaincodeEventsRequest, signed.getRequest_asU8());
    this.#checkAccess(request, signed);
    yield* chaincodeEventsOf(this.#ledger.channel, eventRequest(request));
  }

  /** Who asks must be a member of the channel and have signed the question. */
  #checkAccess(
    request: { getChannelId(): string; getIdentity_asU8(): Uint8Array },
    signed: { getRequest_asU8(): Uint8Array; getSignature_asU8(): Uint8Array },
  ): void {
    const { channel } = this.#ledger;
    if (request.getChannelId() !== channel.name) throw new GatewayStatusError(status.NOT_FOUND, "no such channel here");
    const verdict = channel.rules.membership.identify(request.getIdentity_asU8(), this.#now());
    if (!verdict.ok) throw new GatewayStatusError(status.PERMISSION_DENIED, `identity refused: ${verdict.reason}`);
    if (!isSignedBy(verdict.member.publicKey, signed.getRequest_asU8(), signed.getSignature_asU8())) {
      throw new GatewayStatusError(status.PERMISSION_DENIED, "the request's signature is not valid");
    }
  }
}

const ENDORSE_FAILED = "failed to endorse transaction, see attached details for more info";

function signedProposalOf(message: peer.SignedProposal | undefined): SignedProposal {
  const proposalBytes = message?.getProposalBytes_asU8() ?? new Uint8Array();
  if (proposalBytes.length === 0) throw invalid("the proposed transaction must contain a signed proposal");
  return { proposalBytes, signature: message?.getSignature_asU8() ?? new Uint8Array() };
}

/** As in Fabric, only a given block or the next commit may be asked for. */
function eventRequest(request: gateway.ChaincodeEventsRequest): EventRequest {
  const position = request.getStartPosition();
  if (position?.hasNewest() || position?.hasOldest()) throw invalid("invalid start position type");
  return {
    chaincodeName: request.getChaincodeId(),
    startBlock: position?.getSpecified()?.getNumber(),
    afterTransactionId: request.getAfterTransactionId(),
  };
}

function evaluationRefused({ reason, text }: RefusedProposal): GatewayStatusError {
  if (reason === "PROPOSAL_MALFORMED") return invalid(text);
  const code = reason === "ENDORSERS_UNAVAILABLE" ? status.UNAVAILABLE : status.FAILED_PRECONDITION;
  return new GatewayStatusError(code, text);
}

function endorsementRefused(refused: RefusedProposal): GatewayStatusError {
  if (refused.reason === "PROPOSAL_MALFORMED") return invalid(refused.text);
  if (refused.reason === "ENDORSERS_UNAVAILABLE") return new GatewayStatusError(status.UNAVAILABLE, refused.text);
  return failure(status.ABORTED, ENDORSE_FAILED, refused.text);
}

/** How an orderer's answer reaches the client: what the client did wrong as ABORTED, what may pass as UNAVAILABLE. */
const SUBMIT_REFUSALS: Record<
  SubmitRefusal,
  { grpcStatus: number; ordererStatus: keyof common.StatusMap; info: string }
> = {
  ENVELOPE_MALFORMED: { grpcStatus: status.ABORTED, ordererStatus: "BAD_REQUEST", info: "malformed envelope" },
  ENVELOPE_TOO_LARGE: {
    grpcStatus: status.ABORTED,
    ordererStatus: "REQUEST_ENTITY_TOO_LARGE",
    info: "message payload exceeds maximum allowed",
  },
  CHANNEL_UNKNOWN: { grpcStatus: status.ABORTED, ordererStatus: "NOT_FOUND", info: "channel does not exist" },
  CREATOR_REFUSED: { grpcStatus: status.ABORTED, ordererStatus: "FORBIDDEN", info: "creator not accepted" },
  ALREADY_SUBMITTED: {
    grpcStatus: status.UNAVAILABLE,
    ordererStatus: "INTERNAL_SERVER_ERROR",
    info: "request already processed",
  },
  LEDGER_BUSY: { grpcStatus: status.UNAVAILABLE, ordererStatus: "SERVICE_UNAVAILABLE", info: "too many requests" },
};

function submitRefused(reason: SubmitRefusal): GatewayStatusError {
  const { grpcStatus, ordererStatus, info } = SUBMIT_REFUSALS[reason];
  const text = `received unsuccessful response from orderer: status=${ordererStatus}, info=${info}`;
  return failure(grpcStatus, text, text);
}

function refusalText({ status: code, message }: ChaincodeResponse): string {
  return `chaincode response ${code}, ${message}`;
}

function invalid(text: string): GatewayStatusError {
  return new GatewayStatusError(status.INVALID_ARGUMENT, text);
}

function failure(code: number, text: string, detail: string): GatewayStatusError {
  return new GatewayStatusError(code, text, [{ address: EMBEDDED_ADDRESS, mspId: "", message: detail }]);
}
