/** Public face of the background step: work beside the acknowledgement path. */
export { BackgroundTask } from "./background-task.ts";
export { OneAtATime } from "./one-at-a-time.ts";
