/** Public face of @gridpact/proto: messages, signing bytes, topics, verdicts. */
export type {
  BalanceBand,
  BalanceStatement,
  EnrolmentRequest,
  EnvelopePayload,
  FlexibilityStatement,
  MessageName,
  MessageTypes,
  MoveGuidelines,
  MoveOffer,
  MoveTicket,
  NodeStatement,
  PowerLimit,
  Quality,
  Reading,
  Resource,
  ResourceKind,
  Setpoint,
  SignedEnvelope,
  SignRequest,
  SignResponse,
  SignStage,
} from "./codec.ts";
export { DecodeError, decode, encode, QUALITY, RESOURCE_KIND, SIGN_STAGE } from "./codec.ts";
export type {
  BaselineMethod,
  ClusterGuidance,
  ClusterGuidelines,
  DrReport,
  DrRequest,
  DrResponse,
  ImportForecast,
  MoveOrder,
  MoveReport,
  MoveReportState,
  ProsumerSummary,
  RequestInterval,
  VirtualNodeProfile,
} from "./dr-request.ts";
export { isEnrollableKey, type SignatureClaim, type SignatureVerifier, verifyZip215 } from "./ed25519.ts";
export {
  amendmentSigningBytes,
  auditSigningBytes,
  consentSigningBytes,
  type DeviceRelease,
  enrolmentSigningBytes,
  envelopeHash,
  envelopeLeafData,
  envelopeLeafHash,
  envelopeSigningBytes,
  HASH_BYTES,
  moveSigningBytes,
  PUBLIC_KEY_BYTES,
  releaseHash,
  rotationSigningBytes,
  SIGNATURE_BYTES,
  SIGNING_DOMAIN,
  ZERO_HASH,
} from "./signing.ts";
export type { Channel } from "./topics.ts";
export { DEVICE_PUBLISH_CHANNELS, DEVICE_SUBSCRIBE_CHANNELS, deviceTopic, isDeviceId } from "./topics.ts";
export type { VerdictCode, VerdictName } from "./verdict.ts";
export { ENVELOPE_LIMITS, isRejected, VERDICT, verdictLabel } from "./verdict.ts";
