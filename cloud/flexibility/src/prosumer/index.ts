/** One agent state for each prosumer of a virtual node: what is learned of it, as pure functions. */
export { type BetaBelief, type BetaCounts, beliefOf } from "./beta-counts.ts";
export { type CallShare, callShares, turnSurchargePerMille } from "./call-shares.ts";
export { learnHistory, type ProsumerHistory, usualEnergyWh } from "./learn-history.ts";
export {
  availabilityPerMille,
  type DayProfile,
  type EventOutcome,
  type EventTrace,
  type HourFlexibility,
  learnOutcome,
  learnRebound,
  newProsumer,
  type ProsumerState,
  TRACES_MAX,
} from "./prosumer-state.ts";
