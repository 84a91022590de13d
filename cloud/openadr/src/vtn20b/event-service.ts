import assert from "node:assert/strict";
import { newId } from "../clock.ts";
import { type EventResponse, type MessageOf, type OadrMessage, okResponse, RESPONSE_CODES } from "../wire20b/index.ts";
import { compareEvents, eventStatusAt, toOadrEvent } from "./event-status.ts";
import { RESEND_AFTER_MS } from "./outbox.ts";
import type { DeliveryRecord, EventRecord, VenRecord } from "./records.ts";
import type { VtnContext } from "./vtn-context.ts";

/** EiEvent of a VTN [OADR2.0b]. */

interface Assignment {
  readonly event: EventRecord;
  readonly delivery: DeliveryRecord;
}

/** Answers a VEN that asks for its events at once: all that concern it, or the first `replyLimit` of them. */
export function answerEventRequest(
  context: VtnContext,
  request: MessageOf<"oadrRequestEvent">,
  ven: VenRecord,
): OadrMessage {
  const assignments = assignmentsOf(context, ven.venId).slice(0, request.replyLimit ?? undefined);
  return distribute(context, assignments, request.requestID);
}

/** What a poll returns of events: all that concern the VEN, if one of them is news to it; else undefined. */
export function takeEventNews(context: VtnContext, venId: string): OadrMessage | undefined {
  const assignments = assignmentsOf(context, venId);
  const hasNews = assignments.some((assignment) => isNews(assignment, context.nowUnixMs));
  return hasNews ? distribute(context, assignments, "") : undefined;
}

/** Records the answers to events. One wrong answer makes the response an error and leaves the others valid. */
export function answerCreatedEvent(
  context: VtnContext,
  created: MessageOf<"oadrCreatedEvent">,
  ven: VenRecord,
): OadrMessage {
  const refused = (created.eventResponses ?? [])
    .map((response) => recordAnswer(context, ven.venId, response))
    .find((code) => code !== RESPONSE_CODES.ok);
  const eiResponse =
    refused === undefined
      ? okResponse(created.eiResponse.requestID)
      : { responseCode: refused, responseDescription: "ERROR", requestID: created.eiResponse.requestID };
  return { type: "oadrResponse", eiResponse, venID: ven.venId };
}

/**
 * Records one answer and returns its response code: 452 for an event the VEN was never sent, 450 for an answer to
 * another modification than the current one (the VEN will get that with its next poll).
 */
function recordAnswer(context: VtnContext, venId: string, response: EventResponse): string {
  const { state, nowUnixMs } = context;
  const { eventID, modificationNumber } = response.qualifiedEventID;
  const event = state.events.get(eventID);
  // The answer to an event that has ended meanwhile is late, not wrong.
  const delivery = state.deliveryOf(venId, eventID);
  if (event === undefined || delivery === undefined || delivery.sentModification < 0) return RESPONSE_CODES.invalidId;
  if (modificationNumber !== event.modificationNumber) return RESPONSE_CODES.outOfSequence;
  const answer = {
    modificationNumber,
    optType: response.optType,
    responseCode: response.responseCode,
    description: response.responseDescription,
    answeredAtUnixMs: nowUnixMs,
  };
  const isPast = state.deliveries.get(venId, eventID) === undefined;
  const deliveries = isPast ? state.pastDeliveries : state.deliveries;
  deliveries.put({ ...delivery, answer });
  context.notify({ kind: "event-answered", venId, eventId: eventID, answer });
  return RESPONSE_CODES.ok;
}

function distribute(context: VtnContext, assignments: readonly Assignment[], requestId: string): OadrMessage {
  const { state, nowUnixMs, options, random } = context;
  for (const { event, delivery } of assignments) {
    state.deliveries.put({ ...delivery, sentModification: event.modificationNumber, sentAtUnixMs: nowUnixMs });
  }
  return {
    type: "oadrDistributeEvent",
    eiResponse: okResponse(requestId),
    requestID: newId("REQ", random),
    vtnID: options.vtnId,
    oadrEvent: assignments.map(({ event }) => toOadrEvent(event, nowUnixMs)),
  };
}

/** The events that still concern a VEN, in the order they are sent. Those that are over are put aside on the way. */
function assignmentsOf({ state, nowUnixMs }: VtnContext, venId: string): Assignment[] {
  const assignments: Assignment[] = [];
  for (const delivery of state.deliveries.under(venId)) {
    const event = state.events.get(delivery.eventId);
    assert(event !== undefined, "a delivery is made with its event");
    if (concerns({ event, delivery }, nowUnixMs)) assignments.push({ event, delivery });
    else putAside(state, delivery);
  }
  return assignments.sort((left, right) => compareEvents(left.event, right.event, nowUnixMs));
}

function putAside(state: VtnContext["state"], delivery: DeliveryRecord): void {
  state.pastDeliveries.put(delivery);
  state.deliveries.delete(delivery);
}

/** Completed events are no longer sent; cancelled ones until the VEN knows (or never heard of them to begin with). */
function concerns({ event, delivery }: Assignment, nowUnixMs: number): boolean {
  const status = eventStatusAt(event, nowUnixMs);
  if (status !== "cancelled") return status !== "completed";
  if (delivery.sentModification < 0) return false;
  if (!event.isResponseRequired) return delivery.sentModification < event.modificationNumber;
  return delivery.answer?.modificationNumber !== event.modificationNumber;
}

function isNews({ event, delivery }: Assignment, nowUnixMs: number): boolean {
  if (delivery.sentModification !== event.modificationNumber) return true;
  const isAnswered = delivery.answer?.modificationNumber === event.modificationNumber;
  return event.isResponseRequired && !isAnswered && nowUnixMs - delivery.sentAtUnixMs >= RESEND_AFTER_MS;
}
