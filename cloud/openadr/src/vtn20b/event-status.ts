import { addDuration, durationMs, type EiEventSignal, type EventStatus, type OadrEvent } from "../wire20b/index.ts";
import type { EventRecord } from "./records.ts";

/**
 * The phases of an event [OADR2.0b], all computed from the time and never stored:
 *
 *        far            near               active               completed
 *   ─────────────┬───────────────┬──────────────────────────┬──────────────▶ time
 *           start - rampUp     start                 start + duration
 *
 * Without a ramp-up an event goes from far straight to active. A duration of zero has no end. Randomised starts are
 * the VEN's matter: the VTN's phases follow the stated start.
 */
export function eventStatusAt(event: EventRecord, nowUnixMs: number): EventStatus {
  if (event.isCancelled) return "cancelled";
  if (nowUnixMs >= eventEndUnixMs(event)) return "completed";
  if (nowUnixMs >= event.startUnixMs) return "active";
  const rampUpMs = event.rampUp === undefined ? 0 : durationMs(event.rampUp);
  return nowUnixMs >= event.startUnixMs - rampUpMs ? "near" : "far";
}

/** When the stated period ends; infinite for an open-ended event. */
export function eventEndUnixMs({ startUnixMs, duration }: EventRecord): number {
  const endUnixMs = addDuration(startUnixMs, duration);
  return endUnixMs === startUnixMs ? Number.POSITIVE_INFINITY : endUnixMs;
}

/** The value of the interval that holds `nowUnixMs`; zero outside the event, as the profile wants. */
export function currentValueAt(event: EventRecord, signal: EiEventSignal, nowUnixMs: number): number {
  if (eventStatusAt(event, nowUnixMs) !== "active") return 0;
  let startUnixMs = event.startUnixMs;
  for (const interval of signal.intervals) {
    const endUnixMs = addDuration(startUnixMs, interval.duration ?? event.duration);
    const isOpenEnded = endUnixMs === startUnixMs;
    if (nowUnixMs < endUnixMs || isOpenEnded) return interval.signalPayload[0] ?? 0;
    startUnixMs = endUnixMs;
  }
  return 0;
}

/** The event as it goes over the wire at this moment. */
export function toOadrEvent(event: EventRecord, nowUnixMs: number): OadrEvent {
  const signals = event.signals.map((signal) =>
    signal.signalName === "SIMPLE" ? { ...signal, currentValue: currentValueAt(event, signal, nowUnixMs) } : signal,
  );
  return {
    eiEvent: {
      eventDescriptor: {
        eventID: event.eventId,
        modificationNumber: event.modificationNumber,
        modificationDateTimeUnixMs: event.modifiedAtUnixMs,
        priority: event.priority,
        marketContext: event.marketContext,
        createdDateTimeUnixMs: event.createdAtUnixMs,
        eventStatus: eventStatusAt(event, nowUnixMs),
        testEvent: String(event.isTest),
        ...(event.comment === undefined ? {} : { vtnComment: event.comment }),
      },
      eiActivePeriod: { properties: activePeriod(event), components: true },
      eiEventSignals: {
        eiEventSignal: signals,
        ...(event.baseline === undefined ? {} : { eiEventBaseline: event.baseline }),
      },
      eiTarget: event.target,
    },
    oadrResponseRequired: event.isResponseRequired ? "always" : "never",
  };
}

function activePeriod({ startUnixMs, duration, startafter, notification, rampUp, recovery }: EventRecord) {
  return {
    dtstartUnixMs: startUnixMs,
    duration,
    ...(startafter === undefined ? {} : { startafter: { startafter } }),
    ...(notification === undefined ? {} : { notification }),
    ...(rampUp === undefined ? {} : { rampUp }),
    ...(recovery === undefined ? {} : { recovery }),
  };
}

/** The order the profile demands: active events first, then by priority (0 is the lowest), then by start. */
export function compareEvents(left: EventRecord, right: EventRecord, nowUnixMs: number): number {
  const rank = (event: EventRecord) => (eventStatusAt(event, nowUnixMs) === "active" ? 0 : 1);
  const urgency = (event: EventRecord) => (event.priority === 0 ? Number.MAX_SAFE_INTEGER : event.priority);
  return rank(left) - rank(right) || urgency(left) - urgency(right) || left.startUnixMs - right.startUnixMs;
}
