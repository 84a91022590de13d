import type { PanelQuery } from "./flux.ts";
import { level, rate } from "./metric-flux.ts";

/** What the engine has before it, and how it verifies. */
export const ENGINE_PANELS: readonly PanelQuery[] = [
  level({
    title: "Verifier",
    description:
      "1 for the one that serves: ifma is the fastest, node-crypto says that the native engine is not built.",
    unit: "short",
    metric: "gridpact_engine_verifier",
    by: "verifier",
  }),
  level({
    title: "Envelopes in the engine",
    description: "Submitted and not answered. Near its bound of 65,536 the disk does not sync.",
    unit: "short",
    metric: "gridpact_engine_queued_envelopes",
  }),
  rate({
    title: "Synced groups",
    description: "Groups of envelopes made durable, with one sync each, per second.",
    unit: "ops",
    metric: "gridpact_engine_committed_groups_total",
  }),
  rate({
    title: "Verified signatures",
    description: "Per second. Alone, at three times the cost, are those of devices that have sent a bad one.",
    unit: "ops",
    metric: "gridpact_engine_verified_signatures_total",
    by: "way",
  }),
  rate({
    title: "Signatures over budget",
    description:
      "Beyond their device's share of a group's first batch, per second: a device floods, or empties its spool.",
    unit: "ops",
    metric: "gridpact_engine_over_budget_signatures_total",
  }),
];
