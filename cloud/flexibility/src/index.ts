/**
 * Flexibility: what devices will draw, which of them to call on, and what the grid above them allows. Pure functions.
 */

export {
  checkPlan,
  type DispatchAnswer,
  type DispatchBudget,
  type DispatchDevice,
  type DispatchDirection,
  type DispatchInstance,
  type DispatchNode,
  type DispatchOptions,
  type DispatchPlan,
  type DispatchProblem,
  type PlanBreach,
  type PlanCheck,
  readInstance,
  solveDispatch,
  type VoltageBand,
} from "./dispatch/index.ts";
export {
  type Branch,
  type BranchLoading,
  type Bus,
  type BusCustomers,
  branchLimits,
  branchLoadings,
  customersByBus,
  feederOf,
  findOverloads,
  type GridForecast,
  type GridRows,
  type LoadingRequest,
  type PowerByBus,
  parseRadialGrid,
  pathToSource,
  type RadialGrid,
  type Row,
  rowsFromCsv,
} from "./feeder/index.ts";
export {
  BrokenGridError,
  FlexibilityError,
  type FlexibilityErrorCode,
  type GridFault,
  InvalidInputError,
} from "./flexibility-error.ts";
export {
  FORECAST_HORIZON_MS_MAX,
  type ForecastFlag,
  type ForecastMethodName,
  type ForecastOptions,
  type ForecastRule,
  forecastLoad,
  type LoadForecast,
  type LoadHistory,
} from "./forecast/index.ts";
export {
  CANDIDATES_MAX,
  type Candidate,
  DEFAULT_MARGIN_PER_MILLE_MAX,
  type DeviceOrder,
  type EnergyLimit,
  type ReplacementRequest,
  replaceShortfall,
  type Selection,
  type SelectionRequest,
  selectDevices,
} from "./selection/index.ts";
