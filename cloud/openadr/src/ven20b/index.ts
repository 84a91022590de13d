export { type HeldSignal, signalsAt } from "./event-timeline.ts";
export type { RegistrationRecord, VenEventRecord } from "./records.ts";
export { Ven20b } from "./ven.ts";
export { VenError, type VenErrorCode } from "./ven-error.ts";
export type {
  Deliver,
  EventDecision,
  VenModules,
  VenNotification,
  VenOptions,
  VtnReportPolicy,
  VtnTransport,
} from "./ven-options.ts";
export { createVenServer, type VenServerModules, type VenServerOptions } from "./ven-server.ts";
