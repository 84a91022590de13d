import { InvalidInputError } from "../flexibility-error.ts";

/** A battery as seen from its connection: what it takes in and gives out, losses on the way in and on the way out. */
export type Battery = {
  readonly energyKwhMax: number;
  readonly powerKwMax: number;
  /** Stored per energy taken in, and given out per energy taken from the store; 0 to 1 each. */
  readonly chargeEfficiency: number;
  readonly dischargeEfficiency: number;
};

/** @throws InvalidInputError for sizes that are not positive or efficiencies outside (0, 1] */
export function checkBattery({ energyKwhMax, powerKwMax, chargeEfficiency, dischargeEfficiency }: Battery): void {
  if (!(energyKwhMax > 0 && powerKwMax > 0)) throw new InvalidInputError("battery", "sizes must be positive");
  for (const efficiency of [chargeEfficiency, dischargeEfficiency]) {
    if (!(efficiency > 0 && efficiency <= 1))
      throw new InvalidInputError("battery", "efficiency must be above 0, at most 1");
  }
}

/** What a battery really does when it is asked for a change, and what it holds afterwards. */
export type BatteryStep = { readonly exchangedKwh: number; readonly storedKwh: number };

/**
 * Charges (positive) or discharges (negative) for one step, as far as power, room and stored energy allow.
 *
 * @throws InvalidInputError for a battery that is none
 */
export function stepBattery(
  battery: Battery,
  { storedKwh, wantedKwh, stepHours }: { storedKwh: number; wantedKwh: number; stepHours: number },
): BatteryStep {
  checkBattery(battery);
  const { energyKwhMax, powerKwMax, chargeEfficiency, dischargeEfficiency } = battery;
  const throughKwh = powerKwMax * stepHours;
  if (wantedKwh >= 0) {
    const exchangedKwh = Math.max(0, Math.min(wantedKwh, throughKwh, (energyKwhMax - storedKwh) / chargeEfficiency));
    return { exchangedKwh, storedKwh: storedKwh + exchangedKwh * chargeEfficiency };
  }
  const givenKwh = Math.max(0, Math.min(-wantedKwh, throughKwh, storedKwh * dischargeEfficiency));
  return { exchangedKwh: -givenKwh, storedKwh: storedKwh - givenKwh / dischargeEfficiency };
}
