export { certificateFingerprint, type Fingerprint, fingerprintOf, parseFingerprint } from "./fingerprint.ts";
export { MemoryNonceStore, type NonceStore } from "./nonce-store.ts";
export { type SigningIdentity, signSignedObject } from "./sign.ts";
export { SqliteNonceStore } from "./sqlite-nonce-store.ts";
export {
  REPLAY_WINDOW_MS,
  type SignatureRefusal,
  verifyEnvelope,
} from "./verify.ts";
