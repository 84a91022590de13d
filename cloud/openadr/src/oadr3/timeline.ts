import type { RandomSource } from "../clock.ts";
import type { Event3, Interval, IntervalPeriod, ValuesMap } from "./model.ts";

/**
 * What an event's intervals mean in time [OADR3.1 User Guide, intervals].
 *
 *   event.intervalPeriod.start + offset        (offset: drawn once from randomizeStart)
 *    ├── interval 0 ──┼── interval 1 ──┼── interval 2 ──┤── interval 0 … while event.duration lasts ──▶ time
 *
 * An interval's own period overrides the event's; without a start it begins where the one before ended. An interval
 * with its own randomizeStart draws a new offset, which holds from there on.
 */
export interface TimelineInterval {
  readonly eventId: string;
  readonly intervalId: number;
  readonly startUnixMs: number;
  /** Infinite for `P9999Y`. */
  readonly endUnixMs: number;
  readonly payloads: readonly ValuesMap[];
}

/** What a timeline depends on besides its event. */
export interface TimelineMoment {
  /** What a start of "now" means. */
  readonly nowUnixMs: number;
  readonly random: RandomSource;
}

/**
 * Loops of a long event over short intervals are cut here; a day of seconds has more steps than anything can follow.
 */
export const MAX_TIMELINE_INTERVALS = 10_000;

const DURATION =
  /^(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** A thousand years are for ever. `P9999Y` is the specification's word for it. */
const FOR_EVER_YEARS = 1_000;

/** The end of a duration from a start; infinite for `P9999Y`. Undefined when the text is no duration. */
export function endOfDuration(startUnixMs: number, text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const sign = match[1] === "-" ? -1 : 1;
  const number = (at: number) => Number(match[at] ?? 0);
  if (number(2) >= FOR_EVER_YEARS) return sign * Number.POSITIVE_INFINITY;
  const days = number(4) * (match[5] === "W" ? 7 : 1);
  const seconds = number(6) * 3_600 + number(7) * 60 + number(8);
  const date = new Date(startUnixMs);
  date.setUTCMonth(date.getUTCMonth() + sign * (number(2) * 12 + number(3)));
  return date.getTime() + sign * (days * DAY_MS + Math.round(seconds * SECOND_MS));
}

/** Unix milliseconds of a start; `nowUnixMs` for absence and for the year 1, which means "now". */
export function startOf(period: IntervalPeriod | undefined, nowUnixMs: number): number {
  const { start } = period ?? {};
  if (start === undefined || start.startsWith("0001-01-01")) return nowUnixMs;
  return Date.parse(start);
}

/** All intervals of an event in time order. */
export function timelineOf(event: Event3, { nowUnixMs, random }: TimelineMoment): readonly TimelineInterval[] {
  const baseUnixMs = startOf(event.intervalPeriod, nowUnixMs);
  const endUnixMs = event.duration === undefined ? undefined : endOfDuration(baseUnixMs, event.duration);
  let offsetMs = drawOffset(event.intervalPeriod?.randomizeStart, random);
  const moved: TimelineInterval[] = [];
  let at = baseUnixMs;
  for (const interval of repeated(event.intervals ?? [], () => endUnixMs !== undefined && at < endUnixMs)) {
    const range = interval.intervalPeriod?.randomizeStart;
    if (range !== undefined) offsetMs = drawOffset(range, random);
    const step = toStep(event, interval, at, nowUnixMs);
    at = step.endUnixMs;
    moved.push(...cutAndMove(step, endUnixMs, offsetMs));
  }
  return moved;
}

/**
 * The intervals once, and again while `isWanted`; never more than the bound, which also ends loops that stand still.
 */
function* repeated(intervals: readonly Interval[], isWanted: () => boolean): Iterable<Interval> {
  let count = 0;
  do {
    for (const interval of intervals) {
      if (count >= MAX_TIMELINE_INTERVALS) return;
      count += 1;
      yield interval;
    }
  } while (intervals.length > 0 && isWanted());
}

function toStep(
  event: Event3,
  { id, intervalPeriod, payloads }: Interval,
  at: number,
  nowUnixMs: number,
): TimelineInterval {
  const startUnixMs = intervalPeriod?.start === undefined ? at : startOf(intervalPeriod, nowUnixMs);
  const duration = intervalPeriod?.duration ?? event.intervalPeriod?.duration ?? event.duration;
  const endUnixMs = duration === undefined ? Number.POSITIVE_INFINITY : endOfDuration(startUnixMs, duration);
  return { eventId: event.id, intervalId: id, startUnixMs, endUnixMs: endUnixMs ?? startUnixMs, payloads };
}

/** Ends a step with the event, and moves it by the event's random offset. */
function cutAndMove(step: TimelineInterval, eventEndUnixMs: number | undefined, offsetMs: number): TimelineInterval[] {
  const endUnixMs = Math.min(step.endUnixMs, eventEndUnixMs ?? Number.POSITIVE_INFINITY);
  if (endUnixMs <= step.startUnixMs) return [];
  return [{ ...step, startUnixMs: step.startUnixMs + offsetMs, endUnixMs: endUnixMs + offsetMs }];
}

/** The range is symmetric: a client may start up to `randomizeStart` earlier or later. */
function drawOffset(range: string | undefined, random: RandomSource): number {
  const rangeMs = range === undefined ? 0 : (endOfDuration(0, range) ?? 0);
  if (rangeMs === 0 || !Number.isFinite(rangeMs)) return 0;
  const fraction = Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
  return Math.floor((fraction * 2 - 1) * Math.abs(rangeMs));
}

/**
 * The interval that holds at an instant among several events: the lowest priority number wins (0 is the highest, none
 * is the lowest), then the event that was made last. Undefined when no interval holds.
 */
export function intervalAt(
  timelines: readonly { readonly event: Event3; readonly intervals: readonly TimelineInterval[] }[],
  atUnixMs: number,
): TimelineInterval | undefined {
  const holding = timelines.flatMap(({ event, intervals }) => {
    const interval = intervals.find(({ startUnixMs, endUnixMs }) => startUnixMs <= atUnixMs && atUnixMs < endUnixMs);
    return interval === undefined ? [] : [{ event, interval }];
  });
  const rank = ({ event }: { event: Event3 }) => event.priority ?? Number.POSITIVE_INFINITY;
  const [first] = holding.sort(
    (left, right) =>
      compare(rank(left), rank(right)) || -compare(left.event.createdDateTime, right.event.createdDateTime),
  );
  return first?.interval;
}

function compare<T extends number | string>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
