import { InvalidInputError } from "../flexibility-error.ts";
import { type Battery, checkBattery } from "./battery.ts";
import { type EventSteps, powerBound, type ResourceFlexibility } from "./flexibility.ts";

/** A load whose power can be turned down, as lights or fans: what it does not draw is never needed again. */
export function dimmableFlexibility(
  { expectedKw, leastShare }: { expectedKw: Float64Array; leastShare: number },
  event: EventSteps,
): ResourceFlexibility {
  if (!(leastShare >= 0 && leastShare <= 1)) throw new InvalidInputError("leastShare", "must be 0 to 1");
  checkLength("expectedKw", expectedKw, event);
  const reduceKwMax = expectedKw.map((kw) => Math.max(0, kw) * (1 - leastShare));
  return powerBound(event, { reduceKwMax, increaseKwMax: new Float64Array(event.stepCount), reboundRatio: 0 });
}

/** A load that is on or off and may be off only so long, as a boiler or a freezer: it makes up for it afterwards. */
export function switchableFlexibility(
  { expectedKw, offStepsMax, reboundRatio }: { expectedKw: Float64Array; offStepsMax: number; reboundRatio: number },
  event: EventSteps,
): ResourceFlexibility {
  if (!(offStepsMax >= 0 && reboundRatio >= 0)) throw new InvalidInputError("switchable", "must not be negative");
  checkLength("expectedKw", expectedKw, event);
  const reduceKwMax = expectedKw.map((kw) => Math.max(0, kw));
  const bound = powerBound(event, { reduceKwMax, increaseKwMax: new Float64Array(event.stepCount), reboundRatio });
  // Off in the steps where that saves most, and no more of them than allowed.
  const largest = reduceKwMax.toSorted((left, right) => right - left).subarray(0, Math.floor(offStepsMax));
  return { ...bound, reduceKwhMax: largest.reduce((sum, kw) => sum + kw * event.stepHours, 0) };
}

/** A battery at rest: it reduces by discharging and increases by charging; it need not be as full afterwards. */
export function batteryFlexibility(battery: Battery, storedKwh: number, event: EventSteps): ResourceFlexibility {
  checkBattery(battery);
  const { energyKwhMax, powerKwMax, chargeEfficiency, dischargeEfficiency } = battery;
  if (!(storedKwh >= 0 && storedKwh <= energyKwhMax)) throw new InvalidInputError("storedKwh", "is not in the battery");
  const full = () => new Float64Array(event.stepCount).fill(powerKwMax);
  const bound = powerBound(event, { reduceKwMax: full(), increaseKwMax: full(), reboundRatio: 0 });
  return {
    ...bound,
    reduceKwhMax: Math.min(bound.reduceKwhMax, storedKwh * dischargeEfficiency),
    increaseKwhMax: Math.min(bound.increaseKwhMax, (energyKwhMax - storedKwh) / chargeEfficiency),
  };
}

function checkLength(field: string, values: Float64Array, { stepCount }: EventSteps): void {
  if (values.length !== stepCount) throw new InvalidInputError(field, `needs ${stepCount} values`);
}
