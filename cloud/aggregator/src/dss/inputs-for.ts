import { needOf, rankVirtualNodes, STRATEGIES, type Strategy } from "../decision/index.ts";
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

/** What a decision about a plan is taken from: the nodes that could serve it now, and the rules of the aggregator. */
export function inputsFor(plan: EventPlan, situation: Situation): WhatIfInputs {
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
    nodes: nodesFor(plan, situation),
    outlook,
    options: { mtuMs, aliveMsMax, respondWithinMs, shortReportsMin, tolerancePerMille, callLeadMs },
  };
}

function nodesFor(plan: EventPlan, { nodes, nowUnixMs, options }: Situation): VirtualNode[] {
  const need = needOf(plan, plan.requestedWh, options.mtuMs);
  const { aliveMsMax } = options;
  const chosen = new Set(
    STRATEGIES.flatMap((strategy) =>
      rankVirtualNodes(nodes, need, { nowUnixMs, aliveMsMax, strategy })
        .filter(({ isEligible }) => isEligible)
        .slice(0, NODES_OF_EACH_STRATEGY_MAX)
        .map(({ vnId }) => vnId),
    ),
  );
  return nodes.filter(({ vnId }) => chosen.has(vnId));
}
