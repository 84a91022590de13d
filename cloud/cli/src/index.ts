/** Public face of @gridpact/cli: the simulated day, for tests and for what-if questions. */
export type { PlayedDay, PlayOptions } from "./simulate/play-day.ts";
export { DayNotOverError, fingerprint, playDay } from "./simulate/play-day.ts";
export type { DaySummary } from "./story/summary.ts";
export { brokenEquations } from "./story/summary.ts";
