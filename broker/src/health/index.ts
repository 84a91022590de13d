/** Public face of the health step. */
export { type HealthServer, listenForHealth } from "./health-server.ts";
export { type NodeMetrics, nodeMetrics } from "./metrics.ts";
