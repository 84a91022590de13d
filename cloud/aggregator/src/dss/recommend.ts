import { energyText, moneyText, percentText } from "@gridpact/page/amounts.js";
import { STRATEGIES, type Strategy } from "../decision/index.ts";
import { type Evaluation, whatIf } from "./what-if.ts";
import type { WhatIfInputs } from "./what-if-inputs.ts";

/** What came of a comparison of all strategies. */
export type Recommendation = {
  recommended: Strategy;
  /** In words for the operator: why this one, and what it costs or gains against the others. */
  reasons: string[];
  /** Of every strategy, the recommended one included. */
  evaluations: Evaluation[];
};

/**
 * A strategy that succeeds this much less often than the most reliable one is not recommended for anything else it has:
 * within it, differences are noise of the draws.
 */
const SUCCESS_SLACK_PER_MILLE = 50;

/** Tries every strategy on the event, and recommends the one that serves best what the operator wants. */
export function recommend(inputs: WhatIfInputs): Recommendation {
  const evaluations = STRATEGIES.map((strategy) => whatIf(inputs, strategy));
  const successMax = Math.max(...evaluations.map(({ successPerMille }) => successPerMille));
  const isReliable = (each: Evaluation) => each.successPerMille >= successMax - SUCCESS_SLACK_PER_MILLE;
  const compare = OBJECTIVE[inputs.wanted];
  const ofWanted = evaluations.filter(({ strategy }) => strategy === inputs.wanted);
  const others = evaluations.filter(({ strategy }) => strategy !== inputs.wanted);
  // A stable sort: where nothing is gained by another strategy, the operator's own stays first.
  const [best] = [...ofWanted, ...others].filter(isReliable).sort(compare);
  if (best === undefined) throw new TypeError("one strategy is as reliable as the most reliable one");
  return { recommended: best.strategy, reasons: reasonsFor(best, evaluations, inputs.wanted), evaluations };
}

type Compare = (left: Evaluation, right: Evaluation) => number;

/** Better first. */
const OBJECTIVE: Record<Strategy, Compare> = {
  cost: (left, right) => sign(left.costMicro.mean - right.costMicro.mean),
  reliability: (left, right) =>
    right.successPerMille - left.successPerMille || sign(right.deliveredWh.p10 - left.deliveredWh.p10),
  fairness: (left, right) => left.callSpreadMilliWhPerW - right.callSpreadMilliWhPerW,
  // Without an outlook on carbon, energy that is not caught up on is the best sign of what is avoided.
  emission: (left, right) =>
    (right.avoidedCarbonGram?.mean ?? 0) - (left.avoidedCarbonGram?.mean ?? 0) ||
    sign(left.reboundWh.mean - right.reboundWh.mean),
};

function reasonsFor(best: Evaluation, evaluations: readonly Evaluation[], wanted: Strategy): string[] {
  const passedOver = evaluations.find(({ strategy }) => strategy === wanted);
  const reliable = evaluations.reduce((most, each) => (each.successPerMille > most.successPerMille ? each : most));
  return [
    `${best.strategy}: delivers what is requested with a probability of ${percentText(best.successPerMille)}, ` +
      `between ${energyText(best.deliveredWh.p10)} and ${energyText(best.deliveredWh.p90)} in eight of ten cases, ` +
      `at about ${moneyText(best.costMicro.mean)}`,
    ...marketReasons(best),
    ...(best.strategy === wanted || passedOver === undefined ? [] : [whyNot(passedOver, best)]),
    ...(reliable.strategy === best.strategy ? [] : [whyNot(reliable, best)]),
  ];
}

/** What the event does to the market and to emissions, where price and carbon are forecast. */
function marketReasons({ avoidedCarbonGram, marketValueMicro, costMicro, reboundWh }: Evaluation): string[] {
  if (avoidedCarbonGram === null || marketValueMicro === null) return [];
  const effect = avoidedCarbonGram.mean < 0 ? "causes" : "avoids";
  return [
    `${effect} about ${Math.abs(avoidedCarbonGram.mean)} g of CO2 by the forecast of the grid's carbon, ` +
      `the ${energyText(reboundWh.mean)} that are caught up on included`,
    `the energy is worth about ${moneyText(marketValueMicro.mean)} by the forecast of the price, ` +
      `${percentOf(marketValueMicro.mean, costMicro.mean)} of what it costs`,
  ];
}

function percentOf(part: bigint, whole: bigint): string {
  return whole === 0n ? "nothing" : percentText(Number((part * 1_000n) / whole));
}

function whyNot(other: Evaluation, best: Evaluation): string {
  const dearerMicro = other.costMicro.mean - best.costMicro.mean;
  return (
    `${other.strategy} would deliver with ${percentText(other.successPerMille)}, ` +
    `${dearerMicro < 0n ? "cheaper" : "dearer"} by ${moneyText(dearerMicro < 0n ? -dearerMicro : dearerMicro)}, ` +
    carbonDifference(other, best) +
    `calls spread over ${other.callSpreadMilliWhPerW} instead of ${best.callSpreadMilliWhPerW} thousandths of Wh per W`
  );
}

function carbonDifference(other: Evaluation, best: Evaluation): string {
  if (other.avoidedCarbonGram === null || best.avoidedCarbonGram === null) return "";
  const moreGram = other.avoidedCarbonGram.mean - best.avoidedCarbonGram.mean;
  return `${Math.abs(moreGram)} g of CO2 ${moreGram < 0 ? "fewer" : "more"} avoided, `;
}

function sign(difference: bigint): number {
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}
