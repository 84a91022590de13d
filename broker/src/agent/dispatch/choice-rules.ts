/** A node of the grid between devices and source, and the branch that feeds it. */
export type GridNode = {
  nodeId: string;
  /** Index of the node above, which comes before this one; -1 at the source. */
  parentIndex: number;
  /** Most that may flow through its branch, either way; null without a limit. */
  capacityW: number | null;
  resistanceMicroOhm: number;
  reactanceMicroOhm: number;
};

/** A radial grid with the places of devices in it; all numbers are whole ones, as they are kept and hashed. */
export type SupplyGrid = {
  nodes: GridNode[];
  /** By device: index of its node. One that is not named is at the first node, the source. */
  nodeIndexOf: Record<string, number>;
  /** Per mille of the nominal voltage; null where voltages are not looked at. */
  voltage: { nominalV: number; sourcePerMille: number; minPerMille: number; maxPerMille: number } | null;
};

/** What the optimiser goes by beside candidates and limits. */
export type DispatchRules = {
  /** What one more contract costs the node, whatever is ordered by it. */
  contractCostMicro: bigint;
  /** Least energy of one contract, if there is one at all. */
  contractLeastWh: bigint;
  /** Market time units after the event in which devices catch up on what they left out. */
  reboundUnits: number;
  /** Null where no more is known than the limits of feeders. */
  grid: SupplyGrid | null;
  /** Work that one solution may take, in counts, so that it is the same on every machine. */
  budget: { nodes: number; rounds: number; iterations: number };
};

/** What a choice goes by beside the candidates; kept with it, so that it can be made again. */
export type ChoiceRules = {
  /** How much the devices of a feeder, or below a node of the grid, may change together, Wh in each interval. */
  limits: { elementId: string; limitWh: bigint[] }[];
  /** Most that is ordered to make up for what devices are expected not to deliver, as share of the request. */
  lossPerMilleMax: number;
  /** Left out in records of versions that chose greedily only. */
  dispatch?: DispatchRules;
};

/** Why the orders are not the optimiser's: the plan it could not find, or that broke a limit, or that came too late. */
export type FallbackReason = "no_plan" | "limit_broken" | "no_solver" | "no_time";

/** What orders are expected to cost: pay, contracts, and what is missing at the programme's prices. */
export type ChoiceCost = {
  costMicro: bigint;
  /** Of the greedy orders; less than the optimiser's where they break a limit that they know nothing of. */
  greedyCostMicro: bigint;
  /** No orders within the limits cost less. */
  boundMicro: bigint;
};

/**
 * How a choice was made: by the optimiser; greedily, as the optimiser found no orders that cost noticeably less; or
 * greedily for want of the optimiser's.
 */
export type ChoiceWay = ({ way: "optimised" | "confirmed" } & ChoiceCost) | { way: "fallback"; reason: FallbackReason };
