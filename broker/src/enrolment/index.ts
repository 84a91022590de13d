/** Public face of the enrolment step: tokens, certificates, and the devices of this virtual node. */

export { Arrivals } from "./arrivals.ts";
export { validityBy } from "./certificate-validity.ts";
export { Departures, type OpenBusiness, type Release } from "./departures.ts";
export { DEVICES_MAX, type DeviceRecord, DeviceRegistry, isLeaving, isMember } from "./device-registry.ts";
export { Enrolment, type EnrolmentOutcome, type EnrolmentRefusal } from "./enrolment.ts";
export { type EnrolmentServer, listenForEnrolment } from "./enrolment-server.ts";
export { issueEnrolmentToken, type TokenGrant, withdrawArrivalTokens } from "./enrolment-token.ts";
export { openAuthority, openServerKey } from "./key-files.ts";
export { LedgerRegistrar } from "./ledger-registrar.ts";
