import { type EventInput, VtnRefusal } from "../vtn20b/index.ts";
import { SIGNAL_NAMES, type SIGNAL_TYPES } from "../wire20b/index.ts";

/** An event as a command line states it: one signal with one value. */
export interface EventFlags {
  readonly ven: readonly string[];
  readonly signal: string;
  readonly level: number;
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
  const signalName = SIGNAL_NAMES.find((name) => name === flags.signal);
  const startUnixMs = Date.parse(flags.start);
  if (signalName === undefined) throw new VtnRefusal("invalid-event", `signals are ${SIGNAL_NAMES.join(", ")}`);
  if (Number.isNaN(startUnixMs)) throw new VtnRefusal("invalid-event", "the start is not a date and time");
  const interval = { duration: flags.duration, value: flags.level };
  return {
    venIds: flags.ven,
    startUnixMs,
    duration: flags.duration,
    signals: [{ signalName, signalType: USUAL_TYPES[signalName], intervals: [interval] }],
    ...(flags.marketContext === undefined ? {} : { marketContext: flags.marketContext }),
    ...(flags.priority === undefined ? {} : { priority: flags.priority }),
  };
}
