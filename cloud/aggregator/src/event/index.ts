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
  type PlacedRequest,
  phaseOf,
  type RequestRole,
  type RequestState,
  withRequest,
} from "./dr-event.ts";
export { addRequests, placeRequest } from "./place-request.ts";
