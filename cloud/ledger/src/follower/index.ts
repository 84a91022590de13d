/** Following the ledger's events over restarts. */
export { EventFollower } from "./event-follower.ts";
