import { InvalidInputError } from "../flexibility-error.ts";
import type { EventSteps, ResourceFlexibility } from "./flexibility.ts";

/** A car at a charge point. */
export type ChargingCar = {
  readonly powerKwMax: number;
  /** Energy that must be in the battery at departure beyond what is in it now, at the charge point. */
  readonly neededKwh: number;
  /** Energy that fits in beyond what is in it now; at least what is needed. */
  readonly roomKwh: number;
  /** Steps from the event's start until departure; may lie within the event. */
  readonly departureStep: number;
};

/**
 * The car would charge at full power from the event's start until it has what it needs. It may wait as long as the rest
 * still fits in before departure, and may take in more than it needs while there is room:
 *
 *      |== event ==|------------| departure       what is not charged in the event is charged after it: rebound 1
 *
 * @throws InvalidInputError for amounts that are negative or more need than room
 */
export function carFlexibility(car: ChargingCar, { stepCount, stepHours }: EventSteps): ResourceFlexibility {
  checkCar(car);
  const stepKwh = car.powerKwMax * stepHours;
  const planKw = Float64Array.from({ length: stepCount }, (_, step) => {
    const leftKwh = step < car.departureStep ? Math.max(0, car.neededKwh - step * stepKwh) : 0;
    return Math.min(car.powerKwMax, leftKwh / stepHours);
  });
  const isThere = (step: number) => step < car.departureStep;
  const plannedKwh = planKw.reduce((sum, kw) => sum + kw * stepHours, 0);
  const laterKwh = Math.max(0, car.departureStep - stepCount) * stepKwh;
  const leftAfterPlanKwh = Math.max(0, car.neededKwh - plannedKwh);
  const increaseKwMax = planKw.map((kw, step) => (isThere(step) ? car.powerKwMax - kw : 0));
  return {
    reduceKwMax: planKw,
    increaseKwMax,
    reduceKwhMax: Math.max(0, Math.min(plannedKwh, laterKwh - leftAfterPlanKwh)),
    increaseKwhMax: Math.min(
      increaseKwMax.reduce((sum, kw) => sum + kw * stepHours, 0),
      Math.max(0, car.roomKwh - plannedKwh),
    ),
    reboundRatio: 1,
  };
}

function checkCar({ powerKwMax, neededKwh, roomKwh, departureStep }: ChargingCar): void {
  if (!(powerKwMax >= 0 && neededKwh >= 0 && departureStep >= 0)) {
    throw new InvalidInputError("car", "power, need and departure must not be negative");
  }
  if (!(roomKwh >= neededKwh)) throw new InvalidInputError("car", "needs more than fits in");
}
