/** Public face of the enrolment step: tokens, certificates, and the devices of this virtual node. */

export { Arrivals } from "./arrivals.ts";
export { validityBy } from "./certificate-validity.ts";
export { DeviceMoves } from "./device-moves.ts";
export { DEVICES_MAX, type DeviceRecord, DeviceRegistry, isLeaving, isMember } from "./device-registry.ts";
export { Enrolment, type EnrolmentOutcome, type EnrolmentRefusal } from "./enrolment.ts";
export { type EnrolmentServer, listenForEnrolment } from "./enrolment-server.ts";
export { issueEnrolmentToken, type TokenGrant } from "./enrolment-token.ts";
export { type CertifiedKey, openAuthority, openServerKey, openStatementKey } from "./key-files.ts";
export { LedgerRegistrar } from "./ledger-registrar.ts";
