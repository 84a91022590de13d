import { RESOURCE_KIND } from "@gridpact/proto";
import { type PowerSeries, WATT_MS_PER_WH } from "../profile/index.ts";
import {
  type Cell,
  durationMs,
  maxW,
  minW,
  NO_SHIFT,
  powerForEnergyW,
  type ResourceModel,
  type ShiftState,
} from "./resource-model.ts";

/**
 * Heat pump or air conditioner of a building with one thermal mass. `load` is the power that keeps the wanted
 * temperature, so only the *deviation* from it needs a state: with C the thermal mass and R the resistance to outside,
 * ```
 * C dT/dt = COP P - (T - Tout)/R        both for the wanted and the actual course; their difference is
 * d(deficit)/dt = (load - P) - deficit/tau,   deficit = C * deviation / COP,   tau = R C
 * ```
 * `deficit` is electrical energy. It leaks because a cooler building loses less.
 */
export type HeatPumpSpec = {
  kind: "heat_pump";
  resourceId: string;
  load: PowerSeries;
  ratedW: bigint;
  /** Electrical energy that one kelvin of the building is worth: C / COP. */
  thermalWhPerKelvin: bigint;
  /** Deviation that its occupants still accept; the comfort limit is never passed. */
  comfortMilliKelvinMax: bigint;
  /** tau = R C. */
  timeConstantMs: bigint;
};

/** Lost heat is brought back over about this long: quick enough for comfort, slow enough to spread the rebound. */
const REBOUND_MS = 3_600_000n;

/** Uses the building as a store, within the comfort limit, and brings the heat back when no limit holds. */
export class HeatPump implements ResourceModel {
  readonly resourceId: string;
  readonly kind = RESOURCE_KIND.HEAT_PUMP;
  readonly #spec: HeatPumpSpec;
  readonly #deficitWattMsMax: bigint;
  #deficitWattMs = 0n;

  constructor(spec: HeatPumpSpec) {
    this.resourceId = spec.resourceId;
    this.#spec = spec;
    this.#deficitWattMsMax = heatPumpReserveWh(spec) * WATT_MS_PER_WH;
  }

  wantedW(cell: Cell): bigint {
    const loadW = this.#spec.load.powerWAt(cell.startUnixMs);
    if (cell.isLimited) return loadW;
    const gentleW = powerForEnergyW(this.#deficitWattMs, REBOUND_MS);
    const enoughW = powerForEnergyW(this.#deficitWattMs, durationMs(cell));
    return maxW(loadW, minW(loadW + minW(gentleW, enoughW), this.#spec.ratedW));
  }

  /** At the comfort limit it takes what keeps the building there, limit or not. */
  reducedW(cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint {
    const roomWattMs = maxW(this.#deficitWattMsMax - this.#deficitWattMs, 0n);
    const floorW = maxW(this.#spec.load.powerWAt(cell.startUnixMs) - roomWattMs / durationMs(cell), 0n);
    return minW(maxW(ask.wantedW - ask.needW, floorW), ask.wantedW);
  }

  /** It can be off until the comfort limit is reached. */
  shiftState(unixMs: number): ShiftState {
    const loadW = this.#spec.load.powerWAt(unixMs);
    const roomWattMs = maxW(this.#deficitWattMsMax - this.#deficitWattMs, 0n);
    return {
      ...NO_SHIFT,
      waitingWh: this.#deficitWattMs / WATT_MS_PER_WH,
      loadW,
      loadWMax: this.#spec.ratedW,
      readyByUnixMs: loadW > 0n ? unixMs + Number(roomWattMs / loadW) : undefined,
    };
  }

  unmovedW(cell: Cell): bigint {
    return this.#spec.load.powerWAt(cell.startUnixMs);
  }

  advance(cell: Cell, powerW: bigint): void {
    const timeMs = durationMs(cell);
    const loadW = this.#spec.load.powerWAt(cell.startUnixMs);
    const leakWattMs = (this.#deficitWattMs * timeMs) / this.#spec.timeConstantMs;
    this.#deficitWattMs = maxW(this.#deficitWattMs - leakWattMs + (loadW - powerW) * timeMs, 0n);
  }

  isAtRest(): boolean {
    return this.#deficitWattMs === 0n;
  }
}

/** Electrical energy that may be put off before the comfort limit is reached, Wh. */
export function heatPumpReserveWh(spec: HeatPumpSpec): bigint {
  return (spec.thermalWhPerKelvin * spec.comfortMilliKelvinMax) / 1_000n;
}
