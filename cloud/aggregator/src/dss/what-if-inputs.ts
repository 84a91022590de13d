import type { PlacementOptions, Strategy } from "../decision/index.ts";
import type { EventPlan } from "../event/index.ts";
import type { VirtualNode } from "../registry/index.ts";

/** What the grid and the market are expected to be like; integers, so that a decision has the same hash everywhere. */
export type MarketOutlook = {
  /** In each interval of the event. */
  carbonGramPerKwh: number[];
  priceMicroPerWh: bigint[];
  /** Mean over the two hours after the event, in which devices catch up. */
  carbonAfterGramPerKwh: number;
  priceAfterMicroPerWh: bigint;
  /** What the outlook was made from; left out where somebody stated it. */
  known?: {
    /** No price, or carbon intensity, of a later hour was known. */
    priceUntilUnixMs: number;
    carbonUntilUnixMs: number;
    modelVersion: string;
    /** SHA-256 (hex) of both histories. */
    inputHashHex: string;
  };
};

/** Everything that a decision follows from; whoever has it can take the decision again, bit for bit. */
export type WhatIfInputs = {
  modelVersion: typeof MODEL_VERSION;
  seed: string;
  draws: number;
  nowUnixMs: number;
  wanted: Strategy;
  plan: EventPlan;
  nodes: VirtualNode[];
  /** Null when nobody told; emission and market value are then unknown. */
  outlook: MarketOutlook | null;
  options: Omit<PlacementOptions, "nowUnixMs" | "strategy">;
};

/** Changes with every change of the model, so that an old decision is never judged by a newer model unnoticed. */
export const MODEL_VERSION = "what-if-2";
