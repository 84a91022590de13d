/** Public face of @gridpact/dashboards. */
export { AGENT_QUERIES } from "./agent.ts";
export { BALANCE_QUERIES } from "./balance.ts";
export { DASHBOARDS } from "./dashboards.ts";
export type { PanelQuery } from "./flux.ts";
export { PANEL_QUERIES } from "./flux.ts";
export { INGEST_HEALTH_QUERIES } from "./ingest-health.ts";
export { LOAD_QUERIES } from "./load-test.ts";
