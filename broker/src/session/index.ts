/** Public face of the session step: who may connect, and what a device may say. */
export { DeviceLinkError } from "./device-sessions.ts";
export { type SessionCounts, SessionServer } from "./session-server.ts";
