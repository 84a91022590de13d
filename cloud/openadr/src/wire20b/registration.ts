import { element, listOf, many, one, optional, sequence } from "./codec.ts";
import { wrappedDuration } from "./event.ts";
import { eiResponseField, optionalVenID, requestID, venID } from "./response.ts";
import { boolean, text, token } from "./simple-types.ts";

const PROFILE_NAMES = ["2.0a", "2.0b"] as const;
const TRANSPORT_NAMES = ["simpleHttp", "xmpp"] as const;
const SERVICE_NAMES = ["EiEvent", "EiOpt", "EiReport", "EiRegisterParty", "OadrPoll"] as const;

const registrationID = element("ei:registrationID", text);
const profileName = one(element("oadr:oadrProfileName", token(PROFILE_NAMES)));
const transportName = one(element("oadr:oadrTransportName", token(TRANSPORT_NAMES)));

const info = element(
  "oadr:oadrInfo",
  sequence({ oadrKey: one(element("oadr:oadrKey", text)), oadrValue: one(element("oadr:oadrValue", text)) }),
);

const profile = sequence({
  oadrProfileName: profileName,
  oadrTransports: one(
    element(
      "oadr:oadrTransports",
      listOf(element("oadr:oadrTransport", sequence({ oadrTransportName: transportName })), 1),
    ),
  ),
});

const service = sequence({
  oadrServiceName: one(element("oadr:oadrServiceName", token(SERVICE_NAMES))),
  oadrInfo: many(info, 1),
});

const extension = sequence({
  oadrExtensionName: one(element("oadr:oadrExtensionName", text)),
  oadrInfo: many(info),
});

/** VEN to VTN: what do you speak? The one message that may come before anything is agreed on. */
export const oadrQueryRegistration = sequence({ requestID });

/** VEN to VTN: registers, or with its registrationID registers again. */
export const oadrCreatePartyRegistration = sequence({
  requestID,
  /** Present when the VEN is registered already and registers again. */
  registrationID: optional(registrationID),
  venID: optionalVenID,
  oadrProfileName: profileName,
  oadrTransportName: transportName,
  oadrTransportAddress: optional(element("oadr:oadrTransportAddress", text)),
  oadrReportOnly: one(element("oadr:oadrReportOnly", boolean)),
  oadrXmlSignature: one(element("oadr:oadrXmlSignature", boolean)),
  oadrVenName: optional(element("oadr:oadrVenName", text)),
  oadrHttpPullModel: optional(element("oadr:oadrHttpPullModel", boolean)),
});

/** VTN to VEN: what it speaks, and after a registration the identifiers it gave. */
export const oadrCreatedPartyRegistration = sequence({
  eiResponse: eiResponseField,
  registrationID: optional(registrationID),
  venID: optionalVenID,
  vtnID: one(element("ei:vtnID", text)),
  oadrProfiles: one(element("oadr:oadrProfiles", listOf(element("oadr:oadrProfile", profile), 1))),
  oadrRequestedOadrPollFreq: optional(element("oadr:oadrRequestedOadrPollFreq", wrappedDuration)),
  oadrServiceSpecificInfo: optional(
    element("oadr:oadrServiceSpecificInfo", listOf(element("oadr:oadrService", service), 0)),
  ),
  oadrExtensions: optional(element("oadr:oadrExtensions", listOf(element("oadr:oadrExtension", extension), 0))),
});

/** VTN to VEN: register again. Answered by `oadrResponse`, then done. */
export const oadrRequestReregistration = sequence({ venID });

/** Either to the other: the registration is over. */
export const oadrCancelPartyRegistration = sequence({
  requestID,
  registrationID: one(registrationID),
  venID: optionalVenID,
});

/** The answer to it. Who cancelled is sure of the end only now. */
export const oadrCanceledPartyRegistration = sequence({
  eiResponse: eiResponseField,
  registrationID: optional(registrationID),
  venID: optionalVenID,
});
