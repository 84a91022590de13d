import { durationMs, type EiEventSignal, type EiTarget, isDuration } from "../wire20b/index.ts";
import { VtnRefusal } from "./vtn-refusal.ts";

/** One step of a signal; steps follow each other without gaps from the start of the event. */
export interface SignalInterval {
  /** ISO 8601. */
  readonly duration: string;
  readonly value: number;
}

/** One signal of an event. Without a target of its own it is for all that the event is for. */
export interface SignalInput {
  readonly signalName: EiEventSignal["signalName"];
  readonly signalType: EiEventSignal["signalType"];
  readonly intervals: readonly SignalInterval[];
  readonly itemBase?: EiEventSignal["itemBase"];
  readonly target?: Partial<EiTarget>;
}

/** What the resources would have used without the event, as far as the VTN states it [OADR2.0b eiEventBaseline]. */
export interface BaselineInput {
  readonly baselineName: string;
  readonly startUnixMs: number;
  /** ISO 8601; the intervals add up to it. */
  readonly duration: string;
  readonly intervals: readonly SignalInterval[];
  /** Absent: of all that the event is for. */
  readonly resourceIds?: readonly string[];
  readonly itemBase?: EiEventSignal["itemBase"];
}

/** What an operator states about an event. */
export interface EventInput {
  /** Whom to send it to; each must have been met or enrolled. */
  readonly venIds: readonly string[];
  readonly startUnixMs: number;
  readonly duration: string;
  readonly signals: readonly SignalInput[];
  readonly eventId?: string;
  readonly marketContext?: string;
  readonly priority?: number;
  readonly startafter?: string;
  readonly notification?: string;
  readonly rampUp?: string;
  readonly recovery?: string;
  readonly target?: Partial<EiTarget>;
  readonly baseline?: BaselineInput;
  readonly isResponseRequired?: boolean;
  readonly isTest?: boolean;
  readonly comment?: string;
}

/** What may change in an event; its receivers and its identity may not. */
export type EventChange = Partial<Omit<EventInput, "eventId" | "venIds">>;

/** Hourly steps for two months; more steps belong into several events. */
export const MAX_INTERVALS = 1_440;
/** More than there are names of signals in the profile. */
export const MAX_SIGNALS = 20;

/** Throws `VtnRefusal` (`invalid-event`) unless period and signals fit together [OADR2.0b]. */
export function requireValidEvent(input: Omit<EventInput, "venIds">): void {
  const durations = [input.duration, input.startafter, input.notification, input.rampUp, input.recovery];
  require(durations.every((text) => text === undefined || isNonNegative(text)), "a duration is not ISO 8601");
  require(Number.isSafeInteger(input.startUnixMs), "the start is not a time");
  require(input.signals.length > 0 && input.signals.length <= MAX_SIGNALS, `1 to ${MAX_SIGNALS} signals are allowed`);
  for (const signal of input.signals) requireValidSignal(signal, durationMs(input.duration));
  if (input.baseline !== undefined) requireValidBaseline(input.baseline);
}

function requireValidBaseline({ startUnixMs, duration, intervals }: BaselineInput): void {
  require(Number.isSafeInteger(startUnixMs), "the baseline's start is not a time");
  require(isNonNegative(duration), "the baseline's duration is not ISO 8601");
  requireValidIntervals(intervals, durationMs(duration));
}

/** The durations of a signal's intervals add up to the event's; an open-ended event has one open-ended interval. */
function requireValidSignal({ signalName, signalType, intervals }: SignalInput, eventMs: number): void {
  requireValidIntervals(intervals, eventMs);
  if (signalName !== "SIMPLE" && signalName !== "simple") return;
  require(signalType === "level", "a SIMPLE signal is of type level");
  require(intervals.every(({ value }) => [0, 1, 2, 3].includes(value)), "a SIMPLE level is 0, 1, 2 or 3");
}

function requireValidIntervals(intervals: readonly SignalInterval[], wholeMs: number): void {
  require(intervals.length > 0 && intervals.length <= MAX_INTERVALS, `1 to ${MAX_INTERVALS} intervals are allowed`);
  require(intervals.every(({ duration }) => isNonNegative(duration)), "an interval's duration is not ISO 8601");
  require(intervals.every(({ value }) => Number.isFinite(value)), "a value is not a number");
  const totalMs = intervals.reduce((sum, { duration }) => sum + durationMs(duration), 0);
  require(totalMs === wholeMs, "the intervals do not add up to the event's duration");
}

function isNonNegative(text: string): boolean {
  return isDuration(text) && durationMs(text) >= 0;
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new VtnRefusal("invalid-event", otherwise);
}
