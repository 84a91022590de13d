import { needOf, type RankedVirtualNode, rankVirtualNodes, STRATEGIES, type Strategy } from "../decision/index.ts";
import type { EventPlan } from "../event/index.ts";
import type { VirtualNode } from "../registry/index.ts";
import { type MarketOutlook, MODEL_VERSION, type WhatIfInputs } from "./what-if-inputs.ts";

/**
 * Nodes that a what-if plays with: the first so many in the order of each strategy. An event asks a handful; with more
 * nodes the time of a decision would grow and its result would not change.
 */
export const NODES_OF_EACH_STRATEGY_MAX = 8;

type Situation = {
  wanted: Strategy;
  draws: number;
  nodes: readonly VirtualNode[];
  outlook: MarketOutlook | null;
  nowUnixMs: number;
  options: WhatIfInputs["options"];
};

/** All nodes in the order of each strategy, best first. */
type Rankings = Readonly<Record<Strategy, RankedVirtualNode[]>>;

/**
 * What a decision about a plan is taken from: the nodes that could serve it now, and the rules of the aggregator. The
 * rankings that the nodes were found by come with it, for whoever asks them by the strategy that is decided on.
 */
export function inputsFor(plan: EventPlan, situation: Situation): { inputs: WhatIfInputs; rankings: Rankings } {
  const rankings = rankingsFor(plan, situation);
  return { inputs: inputsOf(plan, situation, rankings), rankings };
}

function inputsOf(plan: EventPlan, situation: Situation, rankings: Rankings): WhatIfInputs {
  const { wanted, draws, outlook, nowUnixMs } = situation;
  const { mtuMs, aliveMsMax, respondWithinMs, shortReportsMin, tolerancePerMille, callLeadMs } = situation.options;
  return {
    modelVersion: MODEL_VERSION,
    // Chance is fixed by the event, so that asking again does not give another answer.
    seed: `what-if/${plan.eventId}`,
    draws,
    nowUnixMs,
    wanted,
    plan,
    nodes: firstOfEach(rankings, situation),
    outlook,
    options: { mtuMs, aliveMsMax, respondWithinMs, shortReportsMin, tolerancePerMille, callLeadMs },
  };
}

function rankingsFor(plan: EventPlan, { nodes, nowUnixMs, options }: Situation): Rankings {
  const { mtuMs, aliveMsMax } = options;
  const need = needOf(plan, plan.requestedWh, mtuMs);
  const ranked = (strategy: Strategy) => rankVirtualNodes(nodes, need, { nowUnixMs, aliveMsMax, strategy });
  return Object.fromEntries(STRATEGIES.map((strategy) => [strategy, ranked(strategy)])) as Rankings;
}

function firstOfEach(rankings: Rankings, { nodes }: Situation): VirtualNode[] {
  const chosen = new Set(
    Object.values(rankings).flatMap((ranking) =>
      ranking
        .filter(({ isEligible }) => isEligible)
        .slice(0, NODES_OF_EACH_STRATEGY_MAX)
        .map(({ vnId }) => vnId),
    ),
  );
  return nodes.filter(({ vnId }) => chosen.has(vnId));
}
