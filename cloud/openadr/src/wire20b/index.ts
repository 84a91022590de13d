export { addDuration, durationMs, isDuration } from "./duration.ts";
export {
  type EiEvent,
  type EiEventBaseline,
  type EiEventSignal,
  type EventResponse,
  type EventStatus,
  type OadrEvent,
  type OptType,
  SIGNAL_NAMES,
  SIGNAL_TYPES,
} from "./event.ts";
export {
  type MessageOf,
  type MessageType,
  type OadrMessage,
  SIGNED_OBJECT_ID,
  writeSignedObject,
} from "./message.ts";
export { NAMESPACES } from "./namespaces.ts";
export type { CreateOpt } from "./opt.ts";
export { scheduledOptType } from "./opt-schedule.ts";
export {
  type Envelope,
  formatPayload,
  openEnvelope,
  parsePayload,
  type Refusal,
  readMessage,
  wrapSignedObject,
} from "./payload.ts";
export type { OadrReport, OadrReportDescription, OadrReportPayload, OadrReportRequest } from "./report.ts";
export { type EiResponse, invalidId, okResponse, RESPONSE_CODES, type ResponseCode } from "./response.ts";
export { HTTP_PATH, SERVICES, type ServiceName } from "./services.ts";
export { type EiTarget, targetOf } from "./target.ts";
export { WireFault } from "./wire-fault.ts";
