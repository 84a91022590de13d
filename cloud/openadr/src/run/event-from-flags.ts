import { type EventChange, type EventInput, type EventRecord, type SignalInput, VtnRefusal } from "../vtn20b/index.ts";
import { durationMs, isDuration, SIGNAL_NAMES, SIGNAL_TYPES } from "../wire20b/index.ts";

/** One signal as a command line states it. */
export interface SignalFlags {
  readonly signal: string;
  /** One value for the whole event, or one for each of as many equal steps. */
  readonly level: number | readonly number[];
  /** Absent: the type that the profile's users mean by that signal. */
  readonly type?: string;
}

/** An event as a command line states it. */
export interface EventFlags extends SignalFlags {
  readonly ven: readonly string[];
  /** Signals besides the first; each covers the whole event. */
  readonly furtherSignals?: readonly SignalFlags[];
  /** RFC 3339. */
  readonly start: string;
  /** ISO 8601. */
  readonly duration: string;
  readonly marketContext?: string;
  readonly priority?: number;
}

type SignalName = (typeof SIGNAL_NAMES)[number];
type SignalType = (typeof SIGNAL_TYPES)[number];

/** The usual type of each signal, where the profile allows several [OADR2.0b]. */
const USUAL_TYPES: Readonly<Record<SignalName, SignalType>> = {
  SIMPLE: "level",
  simple: "level",
  ELECTRICITY_PRICE: "price",
  ENERGY_PRICE: "price",
  DEMAND_CHARGE: "price",
  BID_PRICE: "price",
  BID_LOAD: "setpoint",
  BID_ENERGY: "setpoint",
  CHARGE_STATE: "setpoint",
  LOAD_DISPATCH: "setpoint",
  LOAD_CONTROL: "x-loadControlCapacity",
};

/** Throws `VtnRefusal` (`invalid-event`) for an unknown signal or a malformed start. */
export function eventFromFlags(flags: EventFlags): EventInput {
  const { signal, level, type, furtherSignals = [] } = flags;
  const first = type === undefined ? { signal, level } : { signal, level, type };
  return {
    venIds: flags.ven,
    startUnixMs: readStart(flags.start),
    duration: flags.duration,
    signals: [first, ...furtherSignals].map((one) => toSignal(one, flags.duration)),
    ...(flags.marketContext === undefined ? {} : { marketContext: flags.marketContext }),
    ...(flags.priority === undefined ? {} : { priority: flags.priority }),
  };
}

/**
 * What flags change in an event that exists: signals named replace all of its signals; a new duration alone stretches
 * those it has. Throws `VtnRefusal` (`invalid-event`), also for a new duration where a signal has several steps, as
 * nothing says how long each should be then.
 */
export function changeFromFlags(
  current: Pick<EventRecord, "duration" | "signals">,
  flags: Partial<Pick<EventFlags, "start" | "duration" | "priority">> & { readonly signals?: readonly SignalFlags[] },
): EventChange {
  const { start, duration, priority, signals = [] } = flags;
  const period = duration ?? current.duration;
  const named = signals.map((one) => toSignal(one, period));
  const stretched = duration === undefined ? [] : current.signals.map((signal) => stretch(signal, duration));
  const changed = named.length > 0 ? named : stretched;
  return {
    ...(start === undefined ? {} : { startUnixMs: readStart(start) }),
    ...(duration === undefined ? {} : { duration }),
    ...(changed.length === 0 ? {} : { signals: changed }),
    ...(priority === undefined ? {} : { priority }),
  };
}

/** The values of a signal, step by step. */
export function levelsOf({ level }: Pick<SignalFlags, "level">): readonly number[] {
  return typeof level === "number" ? [level] : level;
}

/**
 * The length of one of `count` equal steps of a duration, both ISO 8601. Throws `VtnRefusal` (`invalid-event`) where
 * that is not a whole number of seconds, which neither profile can state, or where it depends on the calendar.
 */
export function equalStep(duration: string, count: number): string {
  if (count === 1) return duration;
  const [dayPart = ""] = duration.split("T");
  const isFixed = isDuration(duration) && !/[YM]/.test(dayPart);
  const stepS = isFixed ? durationMs(duration) / count / 1_000 : 0;
  if (stepS > 0 && Number.isInteger(stepS)) return `PT${stepS}S`;
  throw new VtnRefusal("invalid-event", `${duration} has no ${count} steps of whole seconds`);
}

function toSignal({ signal, level, type }: SignalFlags, duration: string): SignalInput {
  const signalName = SIGNAL_NAMES.find((name) => name === signal);
  if (signalName === undefined) throw new VtnRefusal("invalid-event", `signals are ${SIGNAL_NAMES.join(", ")}`);
  const signalType = SIGNAL_TYPES.find((name) => name === (type ?? USUAL_TYPES[signalName]));
  if (signalType === undefined) throw new VtnRefusal("invalid-event", `signal types are ${SIGNAL_TYPES.join(", ")}`);
  const levels = levelsOf({ level });
  const step = equalStep(duration, levels.length);
  return { signalName, signalType, intervals: levels.map((value) => ({ duration: step, value })) };
}

function stretch(
  { signalName, signalType, intervals, itemBase, eiTarget }: EventRecord["signals"][number],
  duration: string,
): SignalInput {
  const [only, ...more] = intervals;
  if (only === undefined || more.length > 0) {
    throw new VtnRefusal("invalid-event", "a signal of several steps has to be stated anew with another duration");
  }
  return {
    signalName,
    signalType,
    intervals: [{ duration, value: only.signalPayload[0] ?? 0 }],
    ...(itemBase === undefined ? {} : { itemBase }),
    ...(eiTarget === undefined ? {} : { target: eiTarget }),
  };
}

/** Unix milliseconds of RFC 3339. Throws `VtnRefusal` (`invalid-event`). */
export function readStart(text: string): number {
  const startUnixMs = Date.parse(text);
  if (Number.isNaN(startUnixMs)) throw new VtnRefusal("invalid-event", "the start is not a date and time");
  return startUnixMs;
}
