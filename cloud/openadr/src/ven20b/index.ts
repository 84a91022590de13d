export type { RegistrationRecord, VenEventRecord, VenReportRecord } from "./records.ts";
export { ReplayedMeter } from "./replayed-meter.ts";
export { Ven20b } from "./ven.ts";
export { VenError, type VenErrorCode } from "./ven-error.ts";
export type {
  Deliver,
  EventDecision,
  Meter,
  OfferedReport,
  SampleInterval,
  VenModules,
  VenNotification,
  VenOptions,
  VtnTransport,
} from "./ven-options.ts";
export { createVenServer, type VenServerModules, type VenServerOptions } from "./ven-server.ts";
