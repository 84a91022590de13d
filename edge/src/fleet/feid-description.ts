import type { ResourceSpec } from "../control/index.ts";
import type { PowerSeries } from "../profile/index.ts";

/** What stands behind a device of the demonstration fleet. */
export type FeidKind = "household" | "commercial" | "heat_pump" | "ev" | "office";

/** The two virtual nodes of the demonstration: a residential grid, and one office building. */
export type VnId = "district" | "offices";

/** One device of the demonstration fleet: where it is, and what its meter will see. */
export type FeidDescription = {
  deviceId: string;
  vnId: VnId;
  bus: string;
  feeder: string;
  kind: FeidKind;
  /** Consumption when nothing is controlled, W; the resources' own loads are part of it. */
  load: PowerSeries;
  /** Generation, W; zero where there is none. */
  pv: PowerSeries;
  resources: ResourceSpec[];
  /** Whether its owner lets it take part in self-balancing. */
  balances: boolean;
};

/** A feeder of the demonstration fleet, with the thermal limit of its first line. */
export type FeederDescription = { feeder: string; vnId: VnId; buses: string[]; powerVaMax: bigint };
