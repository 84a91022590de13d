/** Public face of @gridpact/dashboards. */
export type { PanelQuery } from "./flux.ts";
export { PANEL_QUERIES } from "./flux.ts";
export { virtualNodeDashboard } from "./virtual-node.ts";
