import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger, LedgerActs, Outbox } from "@gridpact/ledger";
import type { AggregatorOptions } from "./aggregator-options.ts";
import type { ClusterBook } from "./clusters/index.ts";
import type { DecisionBook } from "./dss/index.ts";
import type { DrEvent } from "./event/index.ts";
import type { MarketKnowledge } from "./market/index.ts";
import type { MoveDesk } from "./moves/index.ts";
import type { VirtualNode } from "./registry/index.ts";
import type { DocumentStore } from "./store/index.ts";

/** What the aggregator is given by its host. */
export type AggregatorModules = {
  clock: Clock;
  disk: Disk;
  ledger: Pick<Ledger, "evaluate" | "chainInfo">;
  outbox: Pick<Outbox, "execute">;
  log: Log;
  /** What is known of price and carbon now, for the decision support to forecast from. Left out: nobody knows. */
  market?: (nowUnixMs: number) => MarketKnowledge;
};

/** What every step of the loop works with. */
export type StepContext = {
  options: AggregatorOptions;
  modules: AggregatorModules;
  acts: LedgerActs;
  events: DocumentStore<DrEvent>;
  nodes: DocumentStore<VirtualNode>;
  decisions: DecisionBook;
  clusters: ClusterBook;
  moves: MoveDesk;
};
