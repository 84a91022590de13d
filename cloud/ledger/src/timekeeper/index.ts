/** Attesting, for one organisation, the instants that contracts wait for. */
export { Timekeeper, type TimekeeperModules } from "./timekeeper.ts";
