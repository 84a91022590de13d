export { type Battery, type BatteryStep, checkBattery, stepBattery } from "./battery.ts";
export { type ChargingCar, carFlexibility } from "./charging-car.ts";
export type { EventSteps, ResourceFlexibility } from "./flexibility.ts";
export { type HeatedRoom, heatingFlexibility } from "./heating.ts";
export { batteryFlexibility, dimmableFlexibility, switchableFlexibility } from "./simple-loads.ts";
