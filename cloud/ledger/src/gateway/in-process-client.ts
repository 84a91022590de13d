import type { requestCallback } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { GrpcClient } from "@hyperledger/fabric-gateway";
import { gateway } from "@hyperledger/fabric-protos";
import { decodeMessage } from "../wire/index.ts";
import { type GatewayService, GatewayStatusError } from "./gateway-service.ts";
import { toServiceError } from "./service-error.ts";

/** What the unmodified gateway client calls on a gRPC client. */
type ClientSurface = {
  makeUnaryRequest: (...parts: UnaryRequest) => unknown;
  makeServerStreamRequest: (...parts: StreamRequest) => unknown;
  makeBidiStreamRequest: () => never;
};

type Serialize = (value: unknown) => Buffer;
type Deserialize = (bytes: Buffer) => unknown;
type UnaryRequest = [string, Serialize, Deserialize, unknown, unknown, requestCallback<unknown>];
type StreamRequest = [string, Serialize, Deserialize, unknown, unknown];

type Message = { serializeBinary(): Uint8Array };
type Unary = (service: GatewayService, request: Uint8Array) => Promise<Message>;

/** Methods of the gateway service by their gRPC path. */
const UNARY: Record<string, Unary> = {
  "/gateway.Gateway/Evaluate": (service, bytes) => service.evaluate(decodeMessage(gateway.EvaluateRequest, bytes)),
  "/gateway.Gateway/Endorse": (service, bytes) => service.endorse(decodeMessage(gateway.EndorseRequest, bytes)),
  "/gateway.Gateway/Submit": (service, bytes) => service.submit(decodeMessage(gateway.SubmitRequest, bytes)),
  "/gateway.Gateway/CommitStatus": (service, bytes) =>
    service.commitStatus(decodeMessage(gateway.SignedCommitStatusRequest, bytes)),
};

/**
 * Carries the gateway client's calls to a service in the same process, by promises alone, so that a simulation on a
 * virtual clock stays deterministic. Messages still pass as bytes: client and service share nothing else.
 */
export function inProcessClient(service: GatewayService): GrpcClient {
  const surface: ClientSurface = {
    makeUnaryRequest(method, serialize, deserialize, argument, _options, callback) {
      const call = UNARY[method];
      if (call === undefined) throw new TypeError(`no such gateway method: ${method}`);
      call(service, serialize(argument)).then(
        (response) => callback(null, deserialize(Buffer.from(response.serializeBinary()))),
        (error: unknown) => callback(toServiceError(error)),
      );
      return {};
    },
    makeServerStreamRequest(_method, serialize, deserialize, argument) {
      const request = decodeMessage(gateway.SignedChaincodeEventsRequest, serialize(argument));
      return stream(service, request, deserialize);
    },
    makeBidiStreamRequest() {
      throw toServiceError(new GatewayStatusError(status.UNIMPLEMENTED, "block events are read through qscc"));
    },
  };
  return surface as unknown as GrpcClient;
}

function stream(
  service: GatewayService,
  request: gateway.SignedChaincodeEventsRequest,
  deserialize: Deserialize,
): AsyncIterable<unknown> & { cancel(): void } {
  const responses = service.chaincodeEvents(request)[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<unknown>> => {
    try {
      const step = await responses.next();
      if (step.done === true) return step;
      return { done: false, value: deserialize(Buffer.from(step.value.serializeBinary())) };
    } catch (error) {
      throw toServiceError(error);
    }
  };
  return { [Symbol.asyncIterator]: () => ({ next }), cancel: () => void responses.return?.() };
}
