import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { agentDashboard } from "./agent.ts";
import { balanceDashboard } from "./balance.ts";
import { ingestHealthDashboard } from "./ingest-health.ts";
import { loadTestDashboard } from "./load-test.ts";
import { virtualNodeDashboard } from "./virtual-node.ts";

/** All of them, by the name of their file in provisioning/dashboards. */
export const DASHBOARDS: Readonly<Record<string, () => Dashboard>> = {
  "virtual-node": virtualNodeDashboard,
  agent: agentDashboard,
  balance: balanceDashboard,
  "ingest-health": ingestHealthDashboard,
  "load-test": loadTestDashboard,
};
