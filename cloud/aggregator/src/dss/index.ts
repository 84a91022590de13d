/** Decision support: tries a plan on every strategy before anything is sent, and keeps why it recommends what. */
export { type Decision, decide, type Replay, replay } from "./decision.ts";
export { DecisionBook } from "./decision-book.ts";
export { inputsFor } from "./inputs-for.ts";
export type { Recommendation } from "./recommend.ts";
export type { MarketOutlook } from "./what-if-inputs.ts";
