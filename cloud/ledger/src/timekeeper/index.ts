/** Attesting, for one organisation, the instants that contracts wait for. */
export { INSTANTS_WAITING_MAX, Timekeeper, type TimekeeperModules } from "./timekeeper.ts";
