/** What a device learns of itself from its own events. */
export type { AcceptedOrder } from "./flexibility-learner.ts";
export { FlexibilityLearner } from "./flexibility-learner.ts";
