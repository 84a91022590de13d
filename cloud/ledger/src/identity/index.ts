/** Certificates of the consortium: issuing, reading, and whom to believe. */
export type { Authority, AuthorityKey, CertificateRequest, IssuingModules, Validity } from "./certificate.ts";
export { issueAuthority, issueCertificate } from "./certificate.ts";
export type { Certificate } from "./certificate-reader.ts";
export { CertificateError, readCertificate } from "./certificate-reader.ts";
export type { Member, MembershipRefusal, Organisation } from "./membership.ts";
export { isSignedBy, Membership, parseIdentity, serializeIdentity } from "./membership.ts";
export type { MspId, NodeKind } from "./organisation.ts";
export { MSP_IDS } from "./organisation.ts";
export type { P256Key } from "./p256-key.ts";
export { p256KeyFrom, p256KeyOf } from "./p256-key.ts";
