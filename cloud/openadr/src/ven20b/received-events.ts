import type { RandomSource } from "../clock.ts";
import {
  addDuration,
  durationMs,
  type EventResponse,
  type MessageOf,
  type OadrEvent,
  type OptType,
  RESPONSE_CODES,
  SIGNAL_NAMES,
  scheduledOptType,
} from "../wire20b/index.ts";
import { cancelledEndUnixMs } from "./event-timeline.ts";
import type { VenEventRecord } from "./records.ts";
import type { EventDecision, VenNotification } from "./ven-options.ts";
import type { VenState } from "./ven-state.ts";

/** More events than any VTN keeps for one VEN; a list beyond it is a mistake and is answered by an error. */
export const MAX_EVENTS = 1_024;

/** How long the record of an event that is over is kept, so that its answer stays the same if it is sent again. */
const KEEP_AFTER_END_MS = 24 * 3_600_000;

/** `nowUnixMs` stands still while one list is taken over, so that all of it is judged by one instant. */
export interface EventContext {
  readonly state: VenState;
  readonly venId: string;
  readonly nowUnixMs: number;
  readonly random: RandomSource;
  readonly decide: EventDecision;
  notify(notification: VenNotification): void;
}

/**
 * Takes over a list of events and returns the answers that are due now. An event that waits for somebody's decision is
 * not answered yet; one that the list no longer has is cancelled without a word [OADR2.0b].
 */
export function takeEvents(context: EventContext, list: MessageOf<"oadrDistributeEvent">): readonly EventResponse[] {
  const responses: EventResponse[] = [];
  for (const event of list.oadrEvent.slice(0, MAX_EVENTS)) {
    const response = takeEvent(context, event, list.requestID);
    if (response !== undefined && event.oadrResponseRequired === "always") responses.push(response);
  }
  cancelMissing(context, list);
  return responses;
}

function takeEvent(context: EventContext, event: OadrEvent, requestId: string): EventResponse | undefined {
  const { eventID, modificationNumber } = event.eiEvent.eventDescriptor;
  const known = context.state.event(eventID);
  const answer = (responseCode: string, optType: OptType): EventResponse => ({
    responseCode,
    responseDescription: responseCode === RESPONSE_CODES.ok ? "OK" : "ERROR",
    requestID: requestId,
    qualifiedEventID: { eventID, modificationNumber },
    optType,
  });
  const fault = faultOf(context, event, known);
  if (fault !== undefined) return answer(fault, "optOut");
  const optType = decideOn(context, event, known);
  remember(context, event, known, optType);
  return optType === undefined ? undefined : answer(RESPONSE_CODES.ok, optType);
}

/** Why an event cannot be followed, as a response code. */
function faultOf({ venId }: EventContext, event: OadrEvent, known: VenEventRecord | undefined): string | undefined {
  const { eventDescriptor, eiEventSignals, eiTarget } = event.eiEvent;
  const knownNumber = known?.event.eiEvent.eventDescriptor.modificationNumber ?? 0;
  if (eventDescriptor.modificationNumber < knownNumber) return RESPONSE_CODES.outOfSequence;
  const names: readonly string[] = SIGNAL_NAMES;
  const isSupported = eiEventSignals.eiEventSignal.every(({ signalName }) => names.includes(signalName));
  if (!isSupported) return RESPONSE_CODES.signalNotSupported;
  const isOurs = eiTarget.venID.length === 0 || eiTarget.venID.includes(venId);
  return isOurs ? undefined : RESPONSE_CODES.targetMismatch;
}

/** A decision holds until the event is modified; a cancellation needs no new one. */
function decideOn(context: EventContext, event: OadrEvent, known: VenEventRecord | undefined): OptType | undefined {
  const { eventStatus, modificationNumber } = event.eiEvent.eventDescriptor;
  if (eventStatus === "cancelled") return known?.optType ?? "optIn";
  const isUnchanged = known?.event.eiEvent.eventDescriptor.modificationNumber === modificationNumber;
  if (isUnchanged && known.optType !== undefined) return known.optType;
  return decideBySchedule(context, event) ?? context.decide(event);
}

/** An availability schedule that touches the event has decided already. */
function decideBySchedule({ state }: EventContext, { eiEvent }: OadrEvent): OptType | undefined {
  const { dtstartUnixMs, duration } = eiEvent.eiActivePeriod.properties;
  const until = addDuration(dtstartUnixMs, duration);
  const endUnixMs = until === dtstartUnixMs ? Number.POSITIVE_INFINITY : until;
  const { marketContext } = eiEvent.eventDescriptor;
  const period = { startUnixMs: dtstartUnixMs, endUnixMs, marketContext, target: eiEvent.eiTarget };
  return scheduledOptType(state.opts(), period);
}

function remember(
  context: EventContext,
  event: OadrEvent,
  known: VenEventRecord | undefined,
  optType: OptType | undefined,
): void {
  const descriptor = event.eiEvent.eventDescriptor;
  const before = known?.event.eiEvent.eventDescriptor;
  const effectiveStartUnixMs = effectiveStart(context, event, known);
  const run = { event, effectiveStartUnixMs };
  const end = descriptor.eventStatus === "cancelled" ? { cancelledEndUnixMs: cancelledEnd(context, run, known) } : {};
  context.state.putEvent({ ...run, optType, isImpliedCancelled: false, ...end });
  if (descriptor.eventStatus === "cancelled") {
    if (before?.eventStatus !== "cancelled") context.notify({ kind: "event-cancelled", eventId: descriptor.eventID });
  } else if (before?.modificationNumber !== descriptor.modificationNumber) {
    context.notify({ kind: "event-received", event, optType });
  }
}

/**
 * The stated start plus a random part of `startafter`, so that a thousand VENs do not switch in the same second. It is
 * drawn once: a modification that leaves the start alone keeps it.
 */
function effectiveStart({ random }: EventContext, event: OadrEvent, known: VenEventRecord | undefined): number {
  const { dtstartUnixMs, startafter } = event.eiEvent.eiActivePeriod.properties;
  const before = known?.event.eiEvent.eiActivePeriod.properties;
  const tolerance = startafter?.startafter;
  const isSame = before?.dtstartUnixMs === dtstartUnixMs && before.startafter?.startafter === tolerance;
  if (isSame && known !== undefined) return known.effectiveStartUnixMs;
  if (tolerance === undefined) return dtstartUnixMs;
  return dtstartUnixMs + Math.floor(drawFraction(random) * durationMs(tolerance));
}

/** Drawn once, when the cancellation is heard of. */
function cancelledEnd(
  { random, nowUnixMs }: EventContext,
  run: Pick<VenEventRecord, "event" | "effectiveStartUnixMs">,
  known: VenEventRecord | undefined,
): number {
  return known?.cancelledEndUnixMs ?? cancelledEndUnixMs(run, { nowUnixMs, fraction: drawFraction(random) });
}

function drawFraction(random: RandomSource): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}

function cancelMissing(context: EventContext, list: MessageOf<"oadrDistributeEvent">): void {
  const listed = new Set(list.oadrEvent.map(({ eiEvent }) => eiEvent.eventDescriptor.eventID));
  for (const record of context.state.events()) {
    const { eventID, eventStatus } = record.event.eiEvent.eventDescriptor;
    if (listed.has(eventID)) continue;
    const endUnixMs = endOf(record);
    if (context.nowUnixMs > endUnixMs + KEEP_AFTER_END_MS) context.state.deleteEvent(eventID);
    else if (context.nowUnixMs < endUnixMs && !record.isImpliedCancelled && eventStatus !== "cancelled") {
      const end = cancelledEnd(context, record, record);
      context.state.putEvent({ ...record, isImpliedCancelled: true, cancelledEndUnixMs: end });
      context.notify({ kind: "event-cancelled", eventId: eventID });
    }
  }
}

/** When the VEN's own run of an event ends; infinite for an open-ended event. */
export function endOf({ event, effectiveStartUnixMs }: VenEventRecord): number {
  const { duration } = event.eiEvent.eiActivePeriod.properties;
  const endUnixMs = addDuration(effectiveStartUnixMs, duration);
  return endUnixMs === effectiveStartUnixMs ? Number.POSITIVE_INFINITY : endUnixMs;
}
