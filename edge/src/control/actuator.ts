import type { PowerLimit } from "@gridpact/proto";
import type { ShiftState } from "./resource-model.ts";

/** What makes a site keep power limits: relays and bus drivers on hardware, a model in a replay. */
export interface Actuator {
  /** What self-balancing may count on, as of what was read or obeyed last; left out by sites that cannot tell. */
  shiftState?(): ShiftState & { movedWh: bigint };
  /** Replaces all limits, past and future, from an instant (now) on. They are kept as far as the resources can. */
  obey(limits: readonly PowerLimit[], fromUnixMs: number): void;
}
