import type { Log } from "@gridpact/host";
import {
  type Server as GrpcServer,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { gateway } from "@hyperledger/fabric-protos";
import { type GatewayService, GatewayStatusError, toServiceError } from "../gateway/index.ts";

/** Clients are not asked for TLS certificates: who they are is told by what they sign. */
export type GatewayServerOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  tls: { certificatePem: string; privateKeyPem: string };
};

/** `close` cuts streams of events, as they have no end. */
export type GatewayServer = { port: number; close(): Promise<void> };

/** The largest message: a batch of settlements with evidence, which the contracts bound to 8 MiB, and its framing. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

/** Concurrent calls of one connection; a client that opens more waits. */
const STREAMS_PER_CONNECTION_MAX = 256;

/**
 * Serves the Fabric Gateway protocol over gRPC and TLS.
 * @throws Error of the operating system when the address cannot be listened on.
 */
export async function serveGateway(
  options: GatewayServerOptions,
  modules: { service: GatewayService; log: Log },
): Promise<GatewayServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION_MAX,
  });
  const { service, log } = modules;
  server.addService(gateway.GatewayService, {
    evaluate: unary(log, "evaluate", (request: gateway.EvaluateRequest) => service.evaluate(request)),
    endorse: unary(log, "endorse", (request: gateway.EndorseRequest) => service.endorse(request)),
    submit: unary(log, "submit", (request: gateway.SubmitRequest) => service.submit(request)),
    commitStatus: unary(log, "commit_status", (request: gateway.SignedCommitStatusRequest) =>
      service.commitStatus(request),
    ),
    chaincodeEvents: streaming(service, log),
  });
  const port = await listen(server, options);
  return { port, close: () => close(server) };
}

function unary<Q, R>(log: Log, method: string, call: (request: Q) => Promise<R>): handleUnaryCall<Q, R> {
  return ({ request }, callback) => {
    call(request).then(
      (response) => callback(null, response),
      (error: unknown) => {
        logUnforeseen(log, method, error);
        callback(toServiceError(error));
      },
    );
  };
}

type EventsCall = handleServerStreamingCall<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>;

function streaming(service: GatewayService, log: Log): EventsCall {
  return (call) => {
    const responses = service.chaincodeEvents(call.request)[Symbol.asyncIterator]();
    call.on("cancelled", () => void responses.return?.());
    const pump = async () => {
      for (let step = await responses.next(); step.done !== true; step = await responses.next()) {
        // A slow reader holds the pump back: nothing piles up here.
        if (!call.write(step.value)) await new Promise((resolve) => call.once("drain", resolve));
      }
    };
    pump().then(
      () => call.end(),
      (error: unknown) => {
        logUnforeseen(log, "chaincode_events", error);
        call.emit("error", toServiceError(error));
      },
    );
  };
}

/** Refusals are the caller's business; anything else is ours and MUST leave a trace. */
function logUnforeseen(log: Log, method: string, error: unknown): void {
  if (error instanceof GatewayStatusError && error.status !== status.INTERNAL) return;
  log.error("ledger_call_failed", { method, message: error instanceof Error ? (error.stack ?? "") : String(error) });
}

function listen(server: GrpcServer, { host, port, tls }: GatewayServerOptions): Promise<number> {
  const pair = { private_key: Buffer.from(tls.privateKeyPem), cert_chain: Buffer.from(tls.certificatePem) };
  const credentials = ServerCredentials.createSsl(null, [pair]);
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
}

/** Ends after the calls under way; streams without end are cut, as they never finish by themselves. */
function close(server: GrpcServer): Promise<void> {
  return new Promise((resolve) => {
    server.tryShutdown(() => resolve());
    setImmediate(() => server.forceShutdown());
  });
}
