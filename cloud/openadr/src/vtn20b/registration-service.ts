import { newId } from "../clock.ts";
import type { Fingerprint } from "../signature/index.ts";
import { type MessageOf, type OadrMessage, okResponse, RESPONSE_CODES, type ResponseCode } from "../wire20b/index.ts";
import { dropOutbox } from "./outbox.ts";
import type { VenRecord } from "./records.ts";
import { offerReports } from "./sent-report-service.ts";
import type { VtnContext, VtnOptions } from "./vtn-context.ts";

/** EiRegisterParty of a VTN [OADR2.0b]. */

/** Says what the VTN speaks. A party with a venID is told it again, so that it can register under it. */
export function answerQuery(context: VtnContext, query: MessageOf<"oadrQueryRegistration">): OadrMessage {
  const venId = venIdOfPeer(context);
  const ven = venId === undefined ? undefined : context.state.vens.get(venId);
  const known = ven?.registrationId === undefined ? {} : { registrationID: ven.registrationId, venID: ven.venId };
  return { ...vtnInformation(context.options), eiResponse: okResponse(query.requestID), ...known };
}

/** Registers a party, or answers by a code why not. Refusals name no reason that would help to guess identifiers. */
export function answerRegistration(
  context: VtnContext,
  request: MessageOf<"oadrCreatePartyRegistration">,
): OadrMessage {
  const refuse = (responseCode: ResponseCode, responseDescription: string): OadrMessage => ({
    ...vtnInformation(context.options),
    eiResponse: { responseCode, responseDescription, requestID: request.requestID },
  });
  if (request.oadrProfileName !== "2.0b" || request.oadrTransportName !== "simpleHttp") {
    return refuse(RESPONSE_CODES.deploymentError, "only profile 2.0b over simpleHttp is served");
  }
  if (request.oadrHttpPullModel === false && request.oadrTransportAddress === undefined) {
    return refuse(RESPONSE_CODES.invalidData, "push needs a transport address");
  }
  const identified = identify(context, request);
  if (typeof identified === "string") return refuse(identified, "this party may not register");
  const ven = register(context, request, identified.known);
  return {
    ...vtnInformation(context.options),
    eiResponse: okResponse(request.requestID),
    registrationID: ven.registrationId ?? "",
    venID: ven.venId,
  };
}

/** Ends a registration at the VEN's wish, if it names the right one. */
export function answerCancellation(
  context: VtnContext,
  request: MessageOf<"oadrCancelPartyRegistration">,
  ven: VenRecord,
): OadrMessage {
  if (request.registrationID !== ven.registrationId) {
    const eiResponse = {
      responseCode: RESPONSE_CODES.invalidId,
      responseDescription: "unknown registrationID",
      requestID: request.requestID,
    };
    return { type: "oadrCanceledPartyRegistration", eiResponse, venID: ven.venId };
  }
  endRegistration(context, ven);
  return {
    type: "oadrCanceledPartyRegistration",
    eiResponse: okResponse(request.requestID),
    registrationID: request.registrationID,
    venID: ven.venId,
  };
}

/** Ends a registration from either side; what belongs to it goes, the venID and the events stay. */
export function endRegistration(context: VtnContext, ven: VenRecord): void {
  dropOutbox(context.state, ven.venId);
  dropReports(context, ven.venId);
  context.state.vens.put({ ...ven, registrationId: undefined });
  context.notify({ kind: "registration-cancelled", venId: ven.venId });
}

/** The venID that the peer's certificate is bound to. */
export function venIdOfPeer({ peer, state }: VtnContext): string | undefined {
  return peer.fingerprint === undefined ? undefined : state.enrolments.get(peer.fingerprint)?.venId;
}

type Identified = { readonly known: VenRecord | undefined };

/** Finds the VEN that registers: by certificate where there is one, else by the identifiers it was given before. */
function identify(context: VtnContext, request: MessageOf<"oadrCreatePartyRegistration">): Identified | ResponseCode {
  return context.peer.fingerprint === undefined
    ? identifyByIds(context, request)
    : identifyByCertificate(context, request, context.peer.fingerprint);
}

function identifyByCertificate(
  { state, options }: VtnContext,
  request: MessageOf<"oadrCreatePartyRegistration">,
  fingerprint: Fingerprint,
): Identified | ResponseCode {
  const enrolment = state.enrolments.get(fingerprint);
  if (enrolment === undefined && options.isEnrolmentRequired) return RESPONSE_CODES.notRegistered;
  const venId = enrolment?.venId;
  if (request.venID !== undefined && request.venID !== "" && request.venID !== venId) return RESPONSE_CODES.invalidId;
  if (venId === undefined) return { known: undefined };
  return { known: state.vens.get(venId) ?? unregisteredVen(venId, fingerprint) };
}

function identifyByIds(
  { state, options }: VtnContext,
  request: MessageOf<"oadrCreatePartyRegistration">,
): Identified | ResponseCode {
  if (options.isEnrolmentRequired) return RESPONSE_CODES.notRegistered;
  if (request.venID === undefined || request.venID === "") return { known: undefined };
  const known = state.vens.get(request.venID);
  if (known === undefined || known.fingerprint !== undefined) return RESPONSE_CODES.invalidId;
  const isSame = known.registrationId === undefined || known.registrationId === request.registrationID;
  return isSame ? { known } : RESPONSE_CODES.invalidId;
}

function register(
  context: VtnContext,
  request: MessageOf<"oadrCreatePartyRegistration">,
  known: VenRecord | undefined,
): VenRecord {
  const { state, random, nowUnixMs, peer } = context;
  const isReregistration = known?.registrationId !== undefined && known.registrationId === request.registrationID;
  const ven: VenRecord = {
    venId: known?.venId ?? newId("VEN", random),
    registrationId: isReregistration ? known.registrationId : newId("REG", random),
    venName: request.oadrVenName ?? "",
    fingerprint: peer.fingerprint,
    isPull: request.oadrHttpPullModel !== false,
    transportAddress: request.oadrTransportAddress,
    registeredAtUnixMs: nowUnixMs,
  };
  state.vens.put(ven);
  if (peer.fingerprint !== undefined) state.enrolments.put({ fingerprint: peer.fingerprint, venId: ven.venId });
  if (!isReregistration) startAfresh(context, ven);
  context.notify({ kind: "registered", venId: ven.venId });
  return ven;
}

/** A new registration knows nothing of an earlier one: reports are offered anew and every event is sent again. */
function startAfresh(context: VtnContext, { venId }: VenRecord): void {
  const { state } = context;
  dropOutbox(state, venId);
  dropReports(context, venId);
  for (const delivery of state.deliveries.under(venId)) state.deliveries.put({ ...delivery, sentModification: -1 });
  offerReports(context, venId);
}

function dropReports({ state }: VtnContext, venId: string): void {
  for (const offer of state.offers.under(venId)) state.offers.delete(offer);
  for (const asked of state.askedReports.under(venId)) state.askedReports.delete(asked);
  for (const request of state.reportRequests.under(venId)) state.reportRequests.put({ ...request, state: "cancelled" });
}

/** A VEN that is known by its certificate and has not registered yet. */
export function unregisteredVen(venId: string, fingerprint: Fingerprint): VenRecord {
  return {
    venId,
    registrationId: undefined,
    venName: "",
    fingerprint,
    isPull: true,
    transportAddress: undefined,
    registeredAtUnixMs: 0,
  };
}

function vtnInformation({ vtnId, pollFrequency }: VtnOptions) {
  return {
    type: "oadrCreatedPartyRegistration",
    vtnID: vtnId,
    oadrProfiles: [{ oadrProfileName: "2.0b", oadrTransports: [{ oadrTransportName: "simpleHttp" }] }],
    oadrRequestedOadrPollFreq: pollFrequency,
  } as const;
}
