export { checkPlan, type PlanBreach, type PlanCheck } from "./check-plan.ts";
export type {
  DispatchDevice,
  DispatchDirection,
  DispatchNode,
  DispatchPlan,
  DispatchProblem,
  VoltageBand,
} from "./dispatch-problem.ts";
export { type DispatchInstance, readInstance } from "./read-instance.ts";
export { type DispatchAnswer, type DispatchBudget, type DispatchOptions, solveDispatch } from "./solve-dispatch.ts";
