/** Disputes and held-back money, seen through to their end. */
export { type DisputeCounts, DisputeKeeper, type DisputeKeeperModules } from "./dispute-keeper.ts";
