import { element, one, optional, sequence, type TypeOf } from "./codec.ts";
import { responseCode, text } from "./simple-types.ts";

/** Identifiers that most messages carry. A requestID is the sender's choice and comes back in the answer. */
export const requestID = one(element("pyld:requestID", text));
/** Where the sender MUST have registered before. */
export const venID = one(element("ei:venID", text));
/** In registration, where a VEN that comes for the first time has none. */
export const optionalVenID = optional(element("ei:venID", text));

/** The outcome of a request [OADR2.0b]. */
const eiResponse = sequence({
  responseCode: one(element("ei:responseCode", responseCode)),
  responseDescription: optional(element("ei:responseDescription", text)),
  requestID,
});

/** How a request was taken [OADR2.0b ei:eiResponse]. */
export type EiResponse = TypeOf<typeof eiResponse>;

/** See `RESPONSE_CODES`; anything but 200 refuses the request. */
export const eiResponseField = one(element("ei:eiResponse", eiResponse));
export const optionalEiResponse = optional(element("ei:eiResponse", eiResponse));

/**
 * Application response codes of the profile [OADR2.0b]. HTTP stays 200 for them: an HTTP error means that the
 * request was never understood.
 */
export const RESPONSE_CODES = {
  ok: "200",
  outOfSequence: "450",
  notAllowed: "451",
  invalidId: "452",
  notRecognized: "453",
  invalidData: "454",
  complianceError: "459",
  signalNotSupported: "460",
  reportNotSupported: "461",
  targetMismatch: "462",
  notRegistered: "463",
  deploymentError: "469",
} as const;

/** One of `RESPONSE_CODES`. */
export type ResponseCode = (typeof RESPONSE_CODES)[keyof typeof RESPONSE_CODES];

/** An answer that says all is well with the request of that id. */
export function okResponse(requestId: string): EiResponse {
  return { responseCode: RESPONSE_CODES.ok, responseDescription: "OK", requestID: requestId };
}

/** An answer to a request that names something the receiver does not know. */
export function invalidId(requestId: string, responseDescription: string): EiResponse {
  return { responseCode: RESPONSE_CODES.invalidId, responseDescription, requestID: requestId };
}
