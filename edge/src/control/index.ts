/** Control actions: setpoints, and what resources can do to keep them. */
export type { Actuator } from "./actuator.ts";
export type { CellPower, ConnectionPointSpec } from "./connection-point.ts";
export { ConnectionPoint, REST_CELL_MS } from "./connection-point.ts";
export type { ResourceSpec } from "./resource-spec.ts";
export { describeResource } from "./resource-spec.ts";
export { SetpointBook } from "./setpoint-book.ts";
export { restoreSetpoints, storeSetpoints } from "./setpoint-store.ts";
export type { SiteFault } from "./site-fault.ts";
