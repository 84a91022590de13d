/** The demonstration fleet: real profiles as devices. */
export { type BranchDescription, type GridDescription, readGrid as loadGrid } from "./branches.ts";
export type { FeederDescription, FeidDescription, FeidKind, VnId } from "./feid-description.ts";
export { FLEET_START_UNIX_MS, loadFeeders, loadFleet } from "./load-fleet.ts";
export { replaySite } from "./replay-site.ts";
export { type HourlyCycle, loadScenario, type ScenarioSeries } from "./scenario-series.ts";
