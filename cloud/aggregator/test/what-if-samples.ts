import { DEFAULT_AGGREGATOR_OPTIONS } from "../src/aggregator-options.ts";
import { MODEL_VERSION, type WhatIfInputs } from "../src/dss/what-if-inputs.ts";
import { enrolVirtualNode, type VirtualNode } from "../src/registry/index.ts";
import { QUARTER_MS, START, samplePlan } from "./event-samples.ts";

export type NodeTraits = {
  price?: bigint;
  reduceWMax?: number;
  rebound?: number;
  /** Shares of past orders that were delivered, per mille. */
  past?: number[];
  importWMax?: number | null;
};

/** A node that was heard of at the time of the decision. */
export function sampleNode(vnId: string, traits: NodeTraits = {}): VirtualNode {
  const { price = 60n, reduceWMax = 4_000, rebound = 500, past = [], importWMax = null } = traits;
  const profile = { vnId, feidCount: 30, importW: 12_000, reduceWMax, reboundPerMille: rebound };
  const outcomes = past.map((perMille, index) => ({
    eventId: `past-${index}`,
    orderedWh: 1_000n,
    deliveredWh: BigInt(perMille),
  }));
  const node = enrolVirtualNode({ vnId, mspId: "VnMSP", priceMicroPerWh: price, importWMax }, 0);
  const mean = past.length === 0 ? 1_000 : Math.floor(past.reduce((sum, each) => sum + each, 0) / past.length);
  return { ...node, outcomes, reliabilityPerMille: mean, heartbeat: { atUnixMs: START - 3_600_000, profile } };
}

export function sampleInputs(nodes: VirtualNode[], changes: Partial<WhatIfInputs> = {}): WhatIfInputs {
  const { strategy: _, whatIfDraws: draws, ...options } = DEFAULT_AGGREGATOR_OPTIONS;
  return {
    modelVersion: MODEL_VERSION,
    seed: "what-if/evening-peak",
    draws,
    nowUnixMs: START - 3_600_000,
    wanted: "cost",
    plan: samplePlan(),
    nodes,
    outlook: null,
    options: { ...options, mtuMs: QUARTER_MS },
    ...changes,
  };
}
