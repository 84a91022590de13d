/** The event documents: what the agent knows of an event, durable, and the hashes it commits to. */

export { acceptanceDocument, baselinesOf, planHash, sha256OfJson } from "./document-hashes.ts";
export {
  type Amending,
  type AmendmentBatch,
  type Assignment,
  baselineAt,
  boundariesOf,
  type Candidate,
  type DeviceOffer,
  type EventDocument,
  type EventPhase,
  eventEndUnixMs,
  eventStartUnixMs,
  isFinished,
  orderedAt,
  orderInForce,
  type ProposedChange,
  plannedAt,
  withAssignments,
} from "./event-document.ts";
export { EventStore } from "./event-store.ts";
