import { sumOf } from "@gridpact/settlement";
import type { VirtualNode } from "../registry/index.ts";

/**
 * What the operator wants most of an event.
 * - `cost`: pay little.
 * - `reliability`: have what was requested delivered.
 * - `fairness`: call on nodes by turns, so that no district carries the burden or earns the money alone.
 * - `emission`: avoid energy instead of moving it to another hour.
 */
export const STRATEGIES = ["cost", "reliability", "fairness", "emission"] as const;

/** One of `STRATEGIES`. */
export type Strategy = (typeof STRATEGIES)[number];

/** What a strategy orders eligible nodes by. */
export type StrategyTraits = {
  priceMicroPerWh: bigint;
  reliabilityPerMille: number;
  /** Reliable power over the need. */
  marginPerMille: number;
  /** Energy ordered in remembered events for each W that the node can reduce: its share of the calls so far. */
  calledMilliWhPerW: number;
  /** Share of a reduction that the node's devices catch up on afterwards. */
  reboundPerMille: number;
};

/** Energy that a node was asked for in its remembered events, over its size: large nodes may be called more. */
export function calledMilliWhPerW({ outcomes, heartbeat }: VirtualNode): number {
  const orderedWh = sumOf(outcomes.map((outcome) => outcome.orderedWh));
  const reduceWMax = Math.max(1, heartbeat?.profile.reduceWMax ?? 0);
  return Math.floor((Number(orderedWh) * 1_000) / reduceWMax);
}

/** Negative when `left` is to be asked before `right`; 0 when the strategy does not care. */
export function compareBy(strategy: Strategy, left: StrategyTraits, right: StrategyTraits): number {
  const differences = PREFERENCES[strategy].map((trait) => DIFFERENCE[trait](left, right));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** Traits in order of weight: a later one decides only where all before it are equal. */
const PREFERENCES: Record<Strategy, readonly (keyof StrategyTraits)[]> = {
  cost: ["priceMicroPerWh", "reliabilityPerMille", "marginPerMille"],
  reliability: ["reliabilityPerMille", "marginPerMille", "priceMicroPerWh"],
  fairness: ["calledMilliWhPerW", "priceMicroPerWh", "reliabilityPerMille"],
  emission: ["reboundPerMille", "priceMicroPerWh", "reliabilityPerMille"],
};

type Difference = (left: StrategyTraits, right: StrategyTraits) => number;

const DIFFERENCE: Record<keyof StrategyTraits, Difference> = {
  priceMicroPerWh: (left, right) => compareBigint(left.priceMicroPerWh, right.priceMicroPerWh),
  reliabilityPerMille: (left, right) => right.reliabilityPerMille - left.reliabilityPerMille,
  marginPerMille: (left, right) => right.marginPerMille - left.marginPerMille,
  calledMilliWhPerW: (left, right) => left.calledMilliWhPerW - right.calledMilliWhPerW,
  reboundPerMille: (left, right) => left.reboundPerMille - right.reboundPerMille,
};

function compareBigint(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
