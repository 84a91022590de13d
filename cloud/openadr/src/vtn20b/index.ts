export { type AdminServerOptions, createAdminServer } from "./admin-server.ts";
export type { BaselineInput, EventChange, EventInput, SignalInput, SignalInterval } from "./event-input.ts";
export { Pusher, type PusherModules } from "./pusher.ts";
export type {
  DeliveryRecord,
  Enrolment,
  EventAnswer,
  EventRecord,
  ReceivedReportRecord,
  VenRecord,
} from "./records.ts";
export { requestAllTelemetry } from "./report-policy.ts";
export { type IdentityFault, Vtn20b, type VtnModules, type VtnReply } from "./vtn.ts";
export type { PeerIdentity, ReportPolicy, VtnNotification, VtnOptions } from "./vtn-context.ts";
export { VtnRefusal, type VtnRefusalCode } from "./vtn-refusal.ts";
export { createVtnServer, type VtnServerModules, type VtnServerOptions } from "./vtn-server.ts";
