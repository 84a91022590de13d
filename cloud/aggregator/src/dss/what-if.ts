import { SeededRandom } from "@gridpact/host";
import { isMoreThanShare, sumOf } from "@gridpact/settlement";
import type { Strategy } from "../decision/index.ts";
import { type SimulatedEvent, simulateEvent } from "./simulate-event.ts";
import type { WhatIfInputs } from "./what-if-inputs.ts";

/** Of all draws: one in ten is below `p10`, half are below `p50`, one in ten is above `p90`. */
export type Distribution<T> = { p10: T; p50: T; p90: T; mean: T };

/** What a strategy would lead to. */
export type Evaluation = {
  strategy: Strategy;
  deliveredWh: Distribution<bigint>;
  costMicro: Distribution<bigint>;
  reboundWh: Distribution<bigint>;
  /** Draws in which all but the tolerated share of the request is delivered. */
  successPerMille: number;
  /** Draws in which a further node had to be called in. */
  fallbackPerMille: number;
  avoidedCarbonGram: Distribution<number> | null;
  marketValueMicro: Distribution<bigint> | null;
  connectionLoadPerMille: Distribution<number> | null;
  /** Largest less smallest share of calls of all nodes after the event, in the mean; see `calledMilliWhPerW`. */
  callSpreadMilliWhPerW: number;
};

/** Draws many possible courses of an event under one strategy. Every strategy meets the same luck, draw by draw. */
export function whatIf(inputs: WhatIfInputs, strategy: Strategy): Evaluation {
  const random = new SeededRandom(inputs.seed);
  const courses = Array.from({ length: inputs.draws }, (_, draw) =>
    simulateEvent(inputs, strategy, random.fork(`draw-${draw}`)),
  );
  const requestedWh = sumOf(inputs.plan.requestedWh);
  const isSuccess = ({ deliveredWh }: SimulatedEvent) =>
    !isMoreThanShare(requestedWh - deliveredWh, requestedWh, inputs.options.tolerancePerMille);
  return {
    strategy,
    deliveredWh: ofBigints(courses.map((each) => each.deliveredWh)),
    costMicro: ofBigints(courses.map((each) => each.costMicro)),
    reboundWh: ofBigints(courses.map((each) => each.reboundWh)),
    successPerMille: sharePerMille(courses, isSuccess),
    fallbackPerMille: sharePerMille(courses, (each) => each.hasCalledFallback),
    avoidedCarbonGram: known(
      courses.map((each) => each.avoidedCarbonGram),
      ofIntegers,
    ),
    marketValueMicro: known(
      courses.map((each) => each.marketValueMicro),
      ofBigints,
    ),
    connectionLoadPerMille: known(
      courses.map((each) => each.connectionLoadPerMille),
      ofIntegers,
    ),
    callSpreadMilliWhPerW: Math.floor(
      courses.reduce((sum, each) => sum + callSpread(each, inputs), 0) / Math.max(1, courses.length),
    ),
  };
}

function callSpread({ calledWh }: SimulatedEvent, { nodes }: WhatIfInputs): number {
  const shares = nodes.map((node) => {
    const beforeWh = sumOf(node.outcomes.map((outcome) => outcome.orderedWh));
    const sizeW = Math.max(1, node.heartbeat?.profile.reduceWMax ?? 0);
    return (Number(beforeWh + (calledWh.get(node.vnId) ?? 0n)) * 1_000) / sizeW;
  });
  return shares.length === 0 ? 0 : Math.floor(Math.max(...shares) - Math.min(...shares));
}

function sharePerMille<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return Math.floor((items.filter(isCounted).length * 1_000) / Math.max(1, items.length));
}

/** All or none: what is unknown is so in every draw. */
function known<T>(values: readonly (T | null)[], summary: (values: T[]) => Distribution<T>): Distribution<T> | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : summary(present);
}

function ofBigints(values: readonly bigint[]): Distribution<bigint> {
  const sorted = [...values].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return { ...quantiles(sorted), mean: sumOf(values) / BigInt(Math.max(1, values.length)) };
}

function ofIntegers(values: readonly number[]): Distribution<number> {
  const sum = values.reduce((total, value) => total + value, 0);
  return { ...quantiles([...values].sort((left, right) => left - right)), mean: Math.trunc(sum / values.length) };
}

function quantiles<T>(sorted: readonly T[]): { p10: T; p50: T; p90: T } {
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as T;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}
