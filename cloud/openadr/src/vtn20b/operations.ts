import { newId } from "../clock.ts";
import type { WantedReport } from "../reports20b/index.ts";
import { type Fingerprint, parseFingerprint } from "../signature/index.ts";
import {
  type EiEventBaseline,
  type EiEventSignal,
  formatPayload,
  type OadrReport,
  targetOf,
} from "../wire20b/index.ts";
import {
  type BaselineInput,
  type EventChange,
  type EventInput,
  requireValidEvent,
  type SignalInput,
  type SignalInterval,
} from "./event-input.ts";
import { eventStatusAt, toOadrEvent } from "./event-status.ts";
import { enqueue } from "./outbox.ts";
import type { Enrolment, EventRecord, VenRecord } from "./records.ts";
import { unregisteredVen } from "./registration-service.ts";
import { recordRequest } from "./report-service.ts";
import type { VtnContext } from "./vtn-context.ts";
import { VtnRefusal } from "./vtn-refusal.ts";

/** What an operator does with a VTN. Each throws `VtnRefusal` and then has done nothing. */

/** Every poll walks the VEN's events, so their number is bounded; a programme has a few a day. */
export const MAX_EVENTS_PER_VEN = 256;

const DEFAULT_MARKET_CONTEXT = "http://MarketContext1";

/** Lets a certificate register; `venId` binds it to an identifier agreed on beforehand. */
export function enrol(context: VtnContext, fingerprint: string, venId: string | undefined): Enrolment {
  const parsed: Fingerprint | undefined = parseFingerprint(fingerprint);
  if (parsed === undefined) throw new VtnRefusal("invalid-fingerprint", "a fingerprint is ten bytes in hexadecimal");
  const known = context.state.enrolments.get(parsed);
  const enrolment: Enrolment = { fingerprint: parsed, venId: venId ?? known?.venId };
  context.state.enrolments.put(enrolment);
  // Events may be made for a VEN that is agreed on and has yet to come.
  const isNew = venId !== undefined && context.state.vens.get(venId) === undefined;
  if (isNew) context.state.vens.put(unregisteredVen(venId, parsed));
  return enrolment;
}

/** Makes an event for VENs that are known; each gets it by its next poll, or by a push. */
export function createEvent(context: VtnContext, input: EventInput): EventRecord {
  requireValidEvent(input);
  if (input.venIds.length === 0) throw new VtnRefusal("invalid-event", "an event needs a VEN");
  for (const venId of input.venIds) requireRoom(context, venId);
  const eventId = input.eventId ?? newId("EVENT", context.random);
  if (context.state.events.get(eventId) !== undefined) throw new VtnRefusal("invalid-event", `${eventId} exists`);
  const event: EventRecord = {
    ...optionalParts(input),
    eventId,
    modificationNumber: 0,
    createdAtUnixMs: context.nowUnixMs,
    modifiedAtUnixMs: context.nowUnixMs,
    isCancelled: false,
    startUnixMs: input.startUnixMs,
    duration: input.duration,
    signals: input.signals.map((signal, at) => toSignal(signal, at)),
    target: targetOf(input.target ?? { venID: input.venIds }),
    ...(input.baseline === undefined ? {} : { baseline: toBaseline(input.baseline, eventId) }),
    venIds: input.venIds,
  };
  requireWritable(event);
  context.state.events.put(event);
  for (const venId of event.venIds) {
    context.state.deliveries.put({ eventId, venId, sentModification: -1, sentAtUnixMs: 0, answer: undefined });
  }
  return event;
}

/** Changes a pending or active event; every change raises the modification number and asks for a new answer. */
export function modifyEvent(context: VtnContext, eventId: string, change: EventChange): EventRecord {
  const event = requireLiveEvent(context, eventId);
  const input = { ...toInput(event), ...withoutUndefined(change) };
  requireValidEvent(input);
  const modified: EventRecord = {
    ...event,
    ...optionalParts(input),
    startUnixMs: input.startUnixMs,
    duration: input.duration,
    signals: input.signals.map((signal, at) => toSignal(signal, at)),
    target: change.target === undefined ? event.target : targetOf(change.target),
    ...(change.baseline === undefined ? {} : { baseline: toBaseline(change.baseline, eventId) }),
    modificationNumber: event.modificationNumber + 1,
    modifiedAtUnixMs: context.nowUnixMs,
  };
  requireWritable(modified);
  context.state.events.put(modified);
  return modified;
}

/** Calls an event off; each VEN that was sent it hears so, the others never hear of it. */
export function cancelEvent(context: VtnContext, eventId: string): EventRecord {
  const event = requireLiveEvent(context, eventId);
  const cancelled: EventRecord = {
    ...event,
    isCancelled: true,
    modificationNumber: event.modificationNumber + 1,
    modifiedAtUnixMs: context.nowUnixMs,
  };
  context.state.events.put(cancelled);
  return cancelled;
}

/** Asks a VEN for one of the reports it offers, by its next poll. Returns the request's id. */
export function requestReport(
  context: VtnContext,
  venId: string,
  reportSpecifierId: string,
  wanted: Omit<WantedReport, "descriptions">,
): string {
  const offer = context.state.offers.get(requireVen(context, venId).venId, reportSpecifierId);
  if (offer === undefined) throw new VtnRefusal("unknown-report", `${venId} does not offer ${reportSpecifierId}`);
  const descriptions: OadrReport["oadrReportDescription"] = offer.report.oadrReportDescription;
  const request = recordRequest(context, venId, offer.report, { ...wanted, descriptions });
  const requestID = newId("REQ", context.random);
  enqueue(context.state, venId, { type: "oadrCreateReport", requestID, oadrReportRequest: [request], venID: venId });
  return request.reportRequestID;
}

/** Asks a VEN to stop a report, by its next poll; `reportToFollow` wants one more with what there is. */
export function cancelReport(
  context: VtnContext,
  venId: string,
  reportRequestId: string,
  reportToFollow: boolean,
): void {
  requireVen(context, venId);
  if (context.state.reportRequests.get(venId, reportRequestId) === undefined) {
    throw new VtnRefusal("unknown-report", `no request ${reportRequestId}`);
  }
  const requestID = newId("REQ", context.random);
  const reportRequestID = [reportRequestId];
  enqueue(context.state, venId, { type: "oadrCancelReport", requestID, reportRequestID, reportToFollow, venID: venId });
}

/** Asks a VEN to register again, as when the VTN's settings have changed. */
export function requestReregistration(context: VtnContext, venId: string): void {
  requireVen(context, venId);
  enqueue(context.state, venId, { type: "oadrRequestReregistration", venID: venId });
}

/** Ends a registration from this side. It is over when the VEN has confirmed, and so has stopped to poll. */
export function cancelRegistration(context: VtnContext, venId: string): void {
  const { registrationId } = requireVen(context, venId);
  if (registrationId === undefined) throw new VtnRefusal("unknown-ven", `${venId} is not registered`);
  const requestID = newId("REQ", context.random);
  const message = {
    type: "oadrCancelPartyRegistration",
    requestID,
    registrationID: registrationId,
    venID: venId,
  } as const;
  enqueue(context.state, venId, message);
}

function requireVen({ state }: VtnContext, venId: string): VenRecord {
  const ven = state.vens.get(venId);
  if (ven === undefined) throw new VtnRefusal("unknown-ven", `no VEN ${venId}`);
  return ven;
}

function requireRoom(context: VtnContext, venId: string): void {
  requireVen(context, venId);
  const live = context.state.deliveries.under(venId).filter(({ eventId }) => {
    const event = context.state.events.get(eventId);
    return event !== undefined && !isOver(event, context.nowUnixMs);
  });
  if (live.length >= MAX_EVENTS_PER_VEN) {
    throw new VtnRefusal("too-many-events", `${venId} has ${MAX_EVENTS_PER_VEN} events`);
  }
}

function requireLiveEvent({ state, nowUnixMs }: VtnContext, eventId: string): EventRecord {
  const event = state.events.get(eventId);
  if (event === undefined) throw new VtnRefusal("unknown-event", `no event ${eventId}`);
  if (isOver(event, nowUnixMs)) throw new VtnRefusal("event-over", `${eventId} is completed or cancelled`);
  return event;
}

function isOver(event: EventRecord, nowUnixMs: number): boolean {
  return ["completed", "cancelled"].includes(eventStatusAt(event, nowUnixMs));
}

function toSignal({ signalName, signalType, intervals, itemBase, target }: SignalInput, at: number): EiEventSignal {
  return {
    intervals: toIntervals(intervals),
    signalName,
    signalType,
    signalID: `SIGNAL-${at}`,
    ...(itemBase === undefined ? {} : { itemBase }),
    ...(target === undefined ? {} : { eiTarget: targetOf(target) }),
  };
}

/** Its id is the event's: an event has one baseline at most. */
function toBaseline(input: BaselineInput, eventId: string): EiEventBaseline {
  const { baselineName, startUnixMs, duration, intervals, resourceIds = [], itemBase } = input;
  return {
    dtstartUnixMs: startUnixMs,
    duration,
    intervals: toIntervals(intervals),
    baselineID: `BASELINE-${eventId}`,
    resourceID: resourceIds,
    baselineName,
    ...(itemBase === undefined ? {} : { itemBase }),
  };
}

function toIntervals(intervals: readonly SignalInterval[]): EiEventSignal["intervals"] {
  return intervals.map(({ duration, value }, uid) => ({ duration, uid: String(uid), signalPayload: [value] }));
}

/** An event that cannot be written would fail at every poll of its VENs instead of here. */
function requireWritable(event: EventRecord): void {
  const oadrEvent = [toOadrEvent(event, event.modifiedAtUnixMs)];
  try {
    formatPayload({ type: "oadrDistributeEvent", requestID: "", vtnID: "", oadrEvent });
  } catch (error) {
    throw new VtnRefusal("invalid-event", `the event cannot be written: ${(error as Error).message}`);
  }
}

function optionalParts(input: Omit<EventInput, "venIds">) {
  return {
    priority: input.priority ?? 0,
    marketContext: input.marketContext ?? DEFAULT_MARKET_CONTEXT,
    startafter: input.startafter,
    notification: input.notification,
    rampUp: input.rampUp,
    recovery: input.recovery,
    isResponseRequired: input.isResponseRequired ?? true,
    isTest: input.isTest ?? false,
    comment: input.comment,
  };
}

/** The input that would make this event again, so that a change is laid over it and checked as a whole. */
function toInput(event: EventRecord): Omit<EventInput, "venIds"> {
  // A baseline stands for itself: it stays until another is stated.
  const { baseline: _kept, ...rest } = event;
  const signals = event.signals.map(({ signalName, signalType, intervals, itemBase, eiTarget }) => ({
    signalName,
    signalType,
    intervals: intervals.map(({ duration, signalPayload }) => ({
      duration: duration ?? event.duration,
      value: signalPayload[0] ?? 0,
    })),
    ...(itemBase === undefined ? {} : { itemBase }),
    ...(eiTarget === undefined ? {} : { target: eiTarget }),
  }));
  return withoutUndefined({ ...rest, signals }) as Omit<EventInput, "venIds">;
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}
