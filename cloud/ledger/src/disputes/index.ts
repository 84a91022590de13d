/** Disputes and held-back money, seen through to their end. */
export { ask, chunksOfSc2, unlessRefused } from "./contract-queries.ts";
export { type DisputeCounts, DisputeKeeper, type DisputeKeeperModules } from "./dispute-keeper.ts";
