export { type AcNetwork, acNetwork } from "./ac-network.ts";
export { type AcFlow, type AcLoads, type AcNode, linearVoltages, solveAcFlow } from "./ac-power-flow.ts";
/** Feeder: the radial grid between devices and source, its loading and what it leaves free. */
export { branchLimits, type GridForecast } from "./branch-limits.ts";
export {
  type BranchLoading,
  branchLoadings,
  findOverloads,
  type LoadingRequest,
  type PowerByBus,
} from "./branch-loading.ts";
export { type Row, rowsFromCsv } from "./csv-rows.ts";
export { type BusCustomers, customersByBus } from "./customers.ts";
export type { Bus } from "./grid-elements.ts";
export { type Branch, feederOf, type GridRows, parseRadialGrid, pathToSource, type RadialGrid } from "./radial-grid.ts";
