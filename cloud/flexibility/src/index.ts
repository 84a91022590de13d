/**
 * Flexibility: what devices will draw, which of them to call on, and what the grid above them allows. Pure functions.
 */

export { COUNTRIES, type Country, type LocalSeries, publicHolidays, recogniseCountry } from "./calendar/index.ts";
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
  FORECAST_MODEL_VERSION,
  type ForecastFlag,
  type ForecastOptions,
  forecastSeries,
  INTERVAL_COVERAGE,
  type LocalClock,
  localClockOf,
  type SeriesForecast,
  type SeriesHistory,
  type SeriesKind,
  UTC_CLOCK,
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
