/** Public face of the session step: who may connect, and what a device may say. */
export type { SessionBackend } from "./broker-hooks.ts";
export { DeviceLinkError, type DeviceLinkFailureCode } from "./device-sessions.ts";
export type { RefusalReason } from "./refusal.ts";
export { type SessionCounts, type SessionModules, type SessionOptions, SessionServer } from "./session-server.ts";
