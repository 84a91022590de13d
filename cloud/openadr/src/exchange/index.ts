export { type MessageSecurity, openMessage, sealMessage, statusOf } from "./message-security.ts";
export { signingIdentity, socketFingerprint, type TlsMaterial, tlsOptions } from "./tls.ts";
