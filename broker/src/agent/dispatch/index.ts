/** Which devices serve a request, each with how much: the cheapest within all limits, greedily where that fails. */
export { branchesAbove } from "./branches-above.ts";
export type {
  ChoiceRules,
  ChoiceWay,
  FallbackReason,
  SupplyGrid,
} from "./choice-rules.ts";
export {
  chooseGreedily,
  energyLimits,
  flexibleDevice,
  largestFirst,
  marginFor,
  ORIGINALS_MAX,
} from "./choose-greedily.ts";
export { type Choice, type ChoiceInputs, dispatchOrders, fallBack, type Solver } from "./dispatch-orders.ts";
export { type Dispatcher, InlineDispatcher, ThreadDispatcher } from "./dispatcher.ts";
