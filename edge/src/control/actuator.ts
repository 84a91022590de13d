import type { PowerLimit } from "@gridpact/proto";

/** What makes a site keep power limits: relays and bus drivers on hardware, a model in a replay. */
export interface Actuator {
  /** Replaces all limits, past and future, from an instant (now) on. They are kept as far as the resources can. */
  obey(limits: readonly PowerLimit[], fromUnixMs: number): void;
}
