export { ContractWatch } from "./contract-watch.ts";
export { LiveFeed } from "./live-feed.ts";
export { type LiveView, liveView, newestEvents } from "./live-view.ts";
export { PowerHistory } from "./power-history.ts";
