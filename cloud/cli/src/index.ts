/** Public face of @gridpact/cli: its command line, and the simulated day, for tests and for what-if questions. */
export { addCommands } from "./commands.ts";
export { MOVE_PARTIES, type MoveParty } from "./simulate/crash-movers.ts";
export type { PlayedDay, PlayOptions } from "./simulate/play-day.ts";
export { DayNotOverError, fingerprint, playDay } from "./simulate/play-day.ts";
export {
  EVENT_AFTER_MOVES,
  type PlayedMoves,
  type PlayMovesOptions,
  type ProvenReceipt,
  playMoves,
} from "./simulate/play-moves.ts";
export type { DaySummary } from "./story/summary.ts";
export { brokenEquations } from "./story/summary.ts";
