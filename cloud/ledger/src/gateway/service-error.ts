import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { gateway, google } from "@hyperledger/fabric-protos";
import { MalformedMessageError } from "../wire/index.ts";
import { GatewayStatusError } from "./gateway-service.ts";

/** Where gRPC carries a `google.rpc.Status` with details, as Fabric's gateway does. */
const STATUS_DETAILS_KEY = "grpc-status-details-bin";

/** A refusal of the gateway service as gRPC clients know it. Anything unforeseen becomes INTERNAL, without its text. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof GatewayStatusError) return serviceError(error);
  if (error instanceof MalformedMessageError) {
    return serviceError(new GatewayStatusError(status.INVALID_ARGUMENT, error.message));
  }
  return serviceError(new GatewayStatusError(status.INTERNAL, "the ledger failed; its log says why"));
}

function serviceError(error: GatewayStatusError): ServiceError {
  const metadata = new Metadata();
  if (error.failures.length > 0) metadata.set(STATUS_DETAILS_KEY, Buffer.from(statusDetails(error)));
  return Object.assign(new Error(`${error.status} ${status[error.status]}: ${error.message}`), {
    code: error.status,
    details: error.message,
    metadata,
  });
}

function statusDetails(error: GatewayStatusError): Uint8Array {
  const message = new google.rpc.Status();
  message.setCode(error.status);
  message.setMessage(error.message);
  for (const failure of error.failures) {
    const detail = new gateway.ErrorDetail();
    detail.setAddress(failure.address);
    detail.setMspId(failure.mspId);
    detail.setMessage(failure.message);
    message.addDetails().pack(detail.serializeBinary(), "gateway.ErrorDetail");
  }
  return message.serializeBinary();
}
