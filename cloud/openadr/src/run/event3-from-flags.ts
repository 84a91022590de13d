import { type Event3, type EventRequest, endOfDuration, type Interval } from "../oadr3/index.ts";
import { VtnRefusal } from "../vtn20b/index.ts";
import { equalStep, levelsOf, readStart, type SignalFlags } from "./event-from-flags.ts";

/** A signal of 3.1: the word that says what the values are [OADR3.1 Definition, Enumerations], or a private one. */
export type Signal3Flags = Pick<SignalFlags, "signal" | "level">;

/** A 3.1 event as a command line states it; to whom and in which program is stated beside it. */
export interface Event3Flags {
  readonly signals: readonly Signal3Flags[];
  /** RFC 3339. */
  readonly start: string;
  /** ISO 8601; `PT0S` and `P9999Y` are without end. */
  readonly duration: string;
  /** 0 is the most urgent; absent the least. */
  readonly priority?: number;
  readonly eventName?: string;
}

/** What of an event is its operator's matter, whoever it is for. */
export type Event3Terms = Omit<EventRequest, "programID" | "targets">;

/** What 2.0b writes for an event without end, and what 3.1 does [OADR3.1 User Guide]. */
const WITHOUT_END = { "2.0b": "PT0S", "3.1": "P9999Y" } as const;

/** The levels of `SIMPLE` in 3.1, as in 2.0b [OADR3.1 Definition, Enumerations]. */
const SIMPLE_LEVELS: readonly number[] = [0, 1, 2, 3];

/** Throws `VtnRefusal` (`invalid-event`) for flags that no event can be made of. */
export function event3FromFlags({ signals, start, duration, priority, eventName }: Event3Flags): Event3Terms {
  const intervals = toIntervals(signals);
  return {
    intervalPeriod: { start: toStart(start), duration: toStep(duration, intervals.length) },
    intervals,
    ...(priority === undefined ? {} : { priority }),
    ...(eventName === undefined ? {} : { eventName }),
  };
}

/**
 * The whole event again with what the flags change, as 3.1 replaces objects and never patches them. Levels without a
 * signal are new levels of the event's only one.
 *
 * Throws `VtnRefusal` (`invalid-event`); also for an event whose intervals have periods of their own or repeat, unless
 * start, duration and signals are all stated anew: nothing says how such periods should move.
 */
export function change3FromFlags(current: Event3, flags: Partial<Omit<Event3Flags, "eventName">>): EventRequest {
  const { id: _id, createdDateTime: _made, modificationDateTime: _changed, objectType: _type, ...request } = current;
  const { signals = [], start, duration, priority } = flags;
  const prioritised = priority === undefined ? request : { ...request, priority };
  if (signals.length === 0 && start === undefined && duration === undefined) return prioritised;
  const isWhole = signals.length > 0 && start !== undefined && duration !== undefined;
  const { duration: _loop, ...unrepeated } = prioritised;
  if (isWhole) return { ...unrepeated, ...event3FromFlags({ signals, start, duration }) };
  const { intervals, period, step } = requirePlain(current);
  const changed = signals.length === 0 ? intervals : toIntervals(signals);
  // Another number of steps shares out the same time, unless another time was named.
  const total = duration ?? (changed.length === intervals.length ? undefined : multiply(step, intervals.length));
  return {
    ...prioritised,
    intervalPeriod: {
      ...period,
      ...(start === undefined ? {} : { start: toStart(start) }),
      duration: total === undefined ? step : toStep(total, changed.length),
    },
    intervals: changed,
  };
}

/** The payload types of an event, in their order. */
export function signalsOf({ intervals }: Pick<Event3, "intervals">): readonly string[] {
  return [...new Set((intervals ?? []).flatMap(({ payloads }) => payloads.map(({ type }) => type)))];
}

/** The parts of an event of equal steps, such as `event3FromFlags` makes. */
function requirePlain({ intervalPeriod: period, intervals = [], duration }: Event3) {
  const hasOwnPeriods = intervals.some(({ intervalPeriod }) => intervalPeriod !== undefined);
  if (period?.duration === undefined || intervals.length === 0 || hasOwnPeriods || duration !== undefined) {
    throw new VtnRefusal("invalid-event", "its intervals are not equal steps: state start, duration and signals anew");
  }
  return { intervals, period, step: period.duration };
}

/** One interval for each step; signals of one value hold in all of them. */
function toIntervals(signals: readonly Signal3Flags[]): readonly Interval[] {
  const count = Math.max(...signals.map((signal) => levelsOf(signal).length));
  for (const signal of signals) requireLevels(signal, count);
  return Array.from({ length: count }, (_, id) => ({
    id,
    payloads: signals.map((one) => ({ type: one.signal, values: [valueAt(levelsOf(one), id)] })),
  }));
}

function requireLevels(flags: Signal3Flags, count: number): void {
  const levels = levelsOf(flags);
  if (levels.length !== 1 && levels.length !== count) {
    throw new VtnRefusal("invalid-event", "the signals of one event have the same number of steps");
  }
  if (flags.signal === "SIMPLE" && !levels.every((level) => SIMPLE_LEVELS.includes(level))) {
    throw new VtnRefusal("invalid-event", "a SIMPLE level is 0, 1, 2 or 3");
  }
}

function valueAt(levels: readonly number[], step: number): number {
  return (levels.length === 1 ? levels[0] : levels[step]) ?? 0;
}

function toStart(text: string): string {
  return new Date(readStart(text)).toISOString();
}

function toStep(duration: string, count: number): string {
  if (count === 1 && duration === WITHOUT_END["2.0b"]) return WITHOUT_END["3.1"];
  const endUnixMs = endOfDuration(0, duration);
  if (endUnixMs !== undefined && endUnixMs > 0) return equalStep(duration, count);
  throw new VtnRefusal("invalid-event", "the duration is not ISO 8601");
}

function multiply(step: string, count: number): string {
  return count === 1 ? step : `PT${((endOfDuration(0, step) ?? 0) / 1_000) * count}S`;
}
