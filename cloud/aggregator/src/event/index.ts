export { answered, reported } from "./answer.ts";
export { checkPlan } from "./check-plan.ts";
export { type CoverageOptions, isWorthCalling, missingWh, persistentShortfall } from "./coverage.ts";
export {
  type DrEvent,
  type EventCourse,
  type EventPhase,
  type EventPlan,
  type EventResult,
  eventEndUnixMs,
  eventStartUnixMs,
  intervalIndexAt,
  isFinal,
  isUnserved,
  type PlacedRequest,
  phaseOf,
  type RequestRole,
  type RequestState,
  type UnservedState,
  withRequest,
} from "./dr-event.ts";
export { addRequests, placeRequest } from "./place-request.ts";
