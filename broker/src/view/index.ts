/** Public face of the views' common part: how they follow the write-ahead log. */
export { type CheckpointedView, catchUp, endOf, type LogView } from "./log-view.ts";
