export {
  AdminError,
  cancelEvent,
  createEvent,
  enrolFingerprint,
  listEvents,
  listVens,
  modifyEvent,
  readEvent,
} from "./admin-client.ts";
export { cancelEvent3, createEvent3, type Event3Input, modifyEvent3, type Operator3 } from "./admin-client3.ts";
export { type CheckConformanceOptions, checkConformance } from "./check-conformance.ts";
export { type CheckConformance3Options, checkConformance3 } from "./check-conformance3.ts";
export { changeFromFlags, type EventFlags, eventFromFlags, type SignalFlags } from "./event-from-flags.ts";
export {
  change3FromFlags,
  type Event3Flags,
  type Event3Terms,
  event3FromFlags,
  type Signal3Flags,
  signalsOf,
} from "./event3-from-flags.ts";
export type { NewsSource } from "./news3.ts";
export { type RunningVen, type RunVenModules, type RunVenOptions, runVen } from "./run-ven.ts";
export { type RunningVen3, type RunVen3Modules, type RunVen3Options, runVen3 } from "./run-ven3.ts";
export { type RunningVtn, type RunVtnModules, type RunVtnOptions, runVtn } from "./run-vtn.ts";
export { type BrokerOptions, type RunningVtn3, type RunVtn3Modules, type RunVtn3Options, runVtn3 } from "./run-vtn3.ts";
export type { TlsFiles } from "./tls-files.ts";
