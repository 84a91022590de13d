/** Whom the node chose for an event and why: kept, judged once delivery is known, explained to each prosumer. */
export {
  type ChoiceOutcome,
  type ChoiceRecord,
  type ChoiceReplay,
  replayChoice,
} from "./choice-record.ts";
export { ChoiceStore, type ChoiceSummary } from "./choice-store.ts";
export { explainChoice, type ProsumerExplanation } from "./explain-choice.ts";
export { judgeChoice } from "./judge-choice.ts";
export { recordChoice } from "./record-choice.ts";
