/** The page of a node's mind: forecasts against what is metered, agent states, choices and why. */
export { type AgentServer, listenForAgentPage } from "./agent-server.ts";
export type { AgentViewModules } from "./agent-view.ts";
