export { type AcAnswer, type AcExcess, acExcess, effectsIn, solveWithinAcLimits } from "./ac-limits.ts";
export { checkPlan, type PlanBreach, type PlanCheck } from "./check-plan.ts";
export type {
  DispatchDevice,
  DispatchDirection,
  DispatchNode,
  DispatchPlan,
  DispatchProblem,
  VoltageBand,
} from "./dispatch-problem.ts";
export { DISPATCH_VERSION, LinearModel, loadSolver, solveModel } from "./linear-model.ts";
export { type DispatchInstance, readInstance } from "./read-instance.ts";
export {
  type DispatchAnswer,
  type DispatchBudget,
  type DispatchOptions,
  dispatchBy,
  solveDispatch,
} from "./solve-dispatch.ts";
export { type Confidence, type DeliveryOutlook, type RiskAnswer, solveWithRisk } from "./solve-with-risk.ts";
