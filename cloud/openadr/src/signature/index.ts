export { certificateFingerprint, type Fingerprint, fingerprintOf, parseFingerprint } from "./fingerprint.ts";
export { MAX_NONCES, MemoryNonceStore, type NonceStore } from "./nonce-store.ts";
export { type SigningIdentity, type SigningMoment, signSignedObject } from "./sign.ts";
export { SqliteNonceStore } from "./sqlite-nonce-store.ts";
export {
  REPLAY_WINDOW_MS,
  type SignatureRefusal,
  type SignatureVerdict,
  type VerificationContext,
  verifyEnvelope,
} from "./verify.ts";
