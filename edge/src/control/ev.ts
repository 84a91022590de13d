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
 * Charging electric vehicle: `load` is how it charges when left alone. Charging may be put off, but what the driver
 * asked for is in the battery at departure:
 * ```
 * now        cell end                         departure
 *  |---- P ----|-------- at most ratedW ----------|
 *  backlog + (load - P) * cell  <=  ratedW * (departure - cell end) - own demand until departure
 * ```
 */
export type EvSpec = {
  kind: "ev";
  resourceId: string;
  load: PowerSeries;
  ratedW: bigint;
  /** Local clock time at which the vehicle must be ready, minutes after midnight. */
  departureMinuteOfDay: number;
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Puts charging off as long as the departure allows, then charges at its rating whatever is asked. */
export class Ev implements ResourceModel {
  readonly resourceId: string;
  readonly kind = RESOURCE_KIND.EV;
  readonly #spec: EvSpec;
  /** Put off so far, W * ms. */
  #backlogWattMs = 0n;

  constructor(spec: EvSpec) {
    this.resourceId = spec.resourceId;
    this.#spec = spec;
  }

  wantedW(cell: Cell): bigint {
    const loadW = this.#spec.load.powerWAt(cell.startUnixMs);
    if (cell.isLimited) return minW(maxW(loadW, this.#floorW(cell)), this.#spec.ratedW);
    return maxW(loadW, minW(loadW + powerForEnergyW(this.#backlogWattMs, durationMs(cell)), this.#spec.ratedW));
  }

  reducedW(cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint {
    return minW(maxW(ask.wantedW - ask.needW, this.#floorW(cell)), ask.wantedW);
  }

  shiftState(unixMs: number): ShiftState {
    const loadW = this.#spec.load.powerWAt(unixMs);
    const canWait = loadW > 0n || this.#backlogWattMs > 0n;
    return {
      ...NO_SHIFT,
      waitingWh: this.#backlogWattMs / WATT_MS_PER_WH,
      loadW,
      loadWMax: this.#spec.ratedW,
      readyByUnixMs: canWait ? this.#nextDeparture(unixMs) : undefined,
    };
  }

  unmovedW(cell: Cell): bigint {
    return this.#spec.load.powerWAt(cell.startUnixMs);
  }

  advance(cell: Cell, powerW: bigint): void {
    const loadW = this.#spec.load.powerWAt(cell.startUnixMs);
    this.#backlogWattMs = maxW(this.#backlogWattMs + (loadW - powerW) * durationMs(cell), 0n);
  }

  isAtRest(): boolean {
    return this.#backlogWattMs === 0n;
  }

  /** Lowest power over the cell after which the departure can still be met. */
  #floorW(cell: Cell): bigint {
    const { load, ratedW } = this.#spec;
    const departureUnixMs = this.#nextDeparture(cell.endUnixMs);
    const laterWattMs = ratedW * BigInt(departureUnixMs - cell.endUnixMs);
    const roomWattMs = laterWattMs - load.energyWattMs(cell.endUnixMs, departureUnixMs) - this.#backlogWattMs;
    const overdueWattMs = load.powerWAt(cell.startUnixMs) * durationMs(cell) - roomWattMs;
    return overdueWattMs <= 0n ? 0n : powerForEnergyW(overdueWattMs, durationMs(cell));
  }

  /** Clock times are the profile's own, local without daylight saving: whole days since 1970 are its midnights. */
  #nextDeparture(unixMs: number): number {
    const midnight = Math.floor(unixMs / DAY_MS) * DAY_MS;
    const today = midnight + this.#spec.departureMinuteOfDay * MINUTE_MS;
    return today >= unixMs ? today : today + DAY_MS;
  }
}
