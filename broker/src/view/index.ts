/** Public face of the views' common part: how they follow the write-ahead log. */
export { type CheckpointedView, catchUp, endOf, type LogView, REPLAY_RECORDS_MAX } from "./log-view.ts";
