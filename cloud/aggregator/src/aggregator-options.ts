import type { Programme } from "@gridpact/contracts";
import type { ClusterGuidelines } from "@gridpact/proto";
import { DEFAULT_MTU_MS } from "@gridpact/settlement";
import { DEFAULT_CLUSTER_GUIDELINES } from "./clusters/index.ts";
import type { Strategy } from "./decision/index.ts";
import type { CoverageOptions } from "./event/index.ts";

/** `propose`: a proposed move waits for an operator's approval. `apply`: it is approved as soon as it is planned. */
export const MOVES_POLICIES = ["propose", "apply"] as const;

export type MovesPolicy = (typeof MOVES_POLICIES)[number];

/** Times are by the market's clock, which may run faster than the machine's. */
export type AggregatorOptions = CoverageOptions & {
  /** Market time unit of the programme. */
  mtuMs: number;
  /** A node silent for longer is not asked. */
  aliveMsMax: number;
  /** Time that a node has for its answer; never more than half of the time until its first interval. */
  respondWithinMs: number;
  /** What the operator wants most of an event; the decision support may recommend another way to it. */
  strategy: Strategy;
  /** Possible courses of an event that each strategy is tried on. */
  whatIfDraws: number;
  /** The programme that nodes are asked under, which is published; null for the one that everybody is in. */
  programme: Programme | null;
  /** Within what bounds clusters are formed and members may move. */
  clusterGuidelines: ClusterGuidelines;
  /** Whether proposed moves wait for the operator, or are approved as soon as they are planned. */
  moves: MovesPolicy;
};

/** For the machine's own clock; whoever plays a day faster has to give nodes more of the market's time to answer in. */
export const DEFAULT_AGGREGATOR_OPTIONS: AggregatorOptions = {
  mtuMs: DEFAULT_MTU_MS,
  // Three heartbeats of a minute: one lost message is no outage.
  aliveMsMax: 180_000,
  // A node computes its plan in seconds; the rest is room for a restart.
  respondWithinMs: 600_000,
  strategy: "cost",
  // Quantiles of so many draws are off by some 3 per cent of probability, less than beliefs about nodes are.
  whatIfDraws: 256,
  programme: null,
  clusterGuidelines: DEFAULT_CLUSTER_GUIDELINES,
  // A move changes who meters and pays a device: a person looks at it first.
  moves: "propose",
  // The node itself re-arranges within one market time unit; only when that did not help are others called.
  shortReportsMin: 2,
  // Forecasts err by some per cent; calling another node for less costs more than it brings.
  tolerancePerMille: 50,
  // Answer, contract and consent of devices take seconds each; five minutes leave room for retries.
  callLeadMs: 300_000,
};
