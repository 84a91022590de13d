import { addDuration, durationMs, type EiEventSignal, type OadrEvent } from "../wire20b/index.ts";
import type { VenEventRecord } from "./records.ts";

/**
 * What an event's signals say in time [OADR2.0b EiEvent]. Intervals follow each other from the start of this VEN's own
 * run, which a tolerance moves; one of no duration has no end.
 *
 *   stated start         effective start
 *        ├┄┄ startafter ┄┄┼── interval 0 ──┼── interval 1 ──┤──▶ time
 *
 * An event that is cancelled while it runs ends after a random part of its tolerance, as it began.
 */
export interface HeldSignal {
  readonly signalId: string;
  readonly signalName: EiEventSignal["signalName"];
  readonly signalType: EiEventSignal["signalType"];
  readonly value: number;
  readonly startUnixMs: number;
  /** Infinite for an interval without end. */
  readonly endUnixMs: number;
}

/** What each signal of an event says at an instant; none outside of the event's run. */
export function signalsAt(record: VenEventRecord, atUnixMs: number): readonly HeldSignal[] {
  return stepsOf(record).filter(({ startUnixMs, endUnixMs }) => startUnixMs <= atUnixMs && atUnixMs < endUnixMs);
}

/** The first instant after this one at which a signal says something else; infinite when none does. */
export function nextChangeUnixMs(record: VenEventRecord, afterUnixMs: number): number {
  const changes = stepsOf(record).flatMap(({ startUnixMs, endUnixMs }) => [startUnixMs, endUnixMs]);
  return changes.reduce((next, at) => (at > afterUnixMs ? Math.min(next, at) : next), Number.POSITIVE_INFINITY);
}

/** When an event that is called off at this moment ends: at once before its start, and after it by chance. */
export function cancelledEndUnixMs(
  { event, effectiveStartUnixMs }: Pick<VenEventRecord, "event" | "effectiveStartUnixMs">,
  { nowUnixMs, fraction }: { readonly nowUnixMs: number /** From 0 to 1. */; readonly fraction: number },
): number {
  if (nowUnixMs < effectiveStartUnixMs) return nowUnixMs;
  return nowUnixMs + Math.floor(fraction * toleranceMs(event));
}

function toleranceMs({ eiEvent }: OadrEvent): number {
  const tolerance = eiEvent.eiActivePeriod.properties.startafter?.startafter;
  return tolerance === undefined ? 0 : durationMs(tolerance);
}

function stepsOf(record: VenEventRecord): readonly HeldSignal[] {
  const { event, effectiveStartUnixMs, cancelledEndUnixMs: cutUnixMs = Number.POSITIVE_INFINITY } = record;
  const { duration } = event.eiEvent.eiActivePeriod.properties;
  return event.eiEvent.eiEventSignals.eiEventSignal.flatMap((signal) => {
    let at = effectiveStartUnixMs;
    return signal.intervals.flatMap((interval) => {
      const startUnixMs = at;
      const until = addDuration(startUnixMs, interval.duration ?? duration);
      at = until === startUnixMs ? Number.POSITIVE_INFINITY : until;
      const endUnixMs = Math.min(at, cutUnixMs);
      if (endUnixMs <= startUnixMs) return [];
      const { signalID: signalId, signalName, signalType } = signal;
      return [{ signalId, signalName, signalType, value: interval.signalPayload[0] ?? 0, startUnixMs, endUnixMs }];
    });
  });
}
