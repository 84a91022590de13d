import type { gateway } from "@hyperledger/fabric-protos";

/**
 * The Fabric Gateway service on its own messages, free of transport: the embedded ledger implements it, the gRPC server
 * and the in-process client transport carry it. Every refusal is a GatewayStatusError.
 */
export interface GatewayService {
  evaluate(request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse>;
  endorse(request: gateway.EndorseRequest): Promise<gateway.EndorseResponse>;
  /** Resolves when the transaction is ordered, not yet when it is committed. */
  submit(request: gateway.SubmitRequest): Promise<gateway.SubmitResponse>;
  /** Resolves once the transaction is in a durable block. */
  commitStatus(request: gateway.SignedCommitStatusRequest): Promise<gateway.CommitStatusResponse>;
  /** One response a block that carries events of the chaincode, from the requested position on, without end. */
  chaincodeEvents(request: gateway.SignedChaincodeEventsRequest): AsyncIterable<gateway.ChaincodeEventsResponse>;
}

/** What a peer says about a failed endorsement; becomes `gateway.ErrorDetail`. */
export type EndpointFailure = { address: string; mspId: string; message: string };

/** A refusal with the gRPC status that a Fabric peer would give. */
export class GatewayStatusError extends Error {
  readonly code = "GATEWAY_STATUS";
  /** gRPC status code number. */
  readonly status: number;
  readonly failures: readonly EndpointFailure[];

  constructor(status: number, message: string, failures: readonly EndpointFailure[] = []) {
    super(message);
    this.name = "GatewayStatusError";
    this.status = status;
    this.failures = failures;
  }
}
