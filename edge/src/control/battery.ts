import { RESOURCE_KIND } from "@gridpact/proto";
import { WATT_MS_PER_WH } from "../profile/index.ts";
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

/** Stationary battery that rests full, discharges to keep a limit, and recharges when no limit holds. */
export type BatterySpec = {
  kind: "battery";
  resourceId: string;
  powerWMax: bigint;
  energyWhMax: bigint;
  /** Of the round trip; taken on charging. */
  efficiencyPerMille: bigint;
};

/** Kept for the owner's own needs and for the cells' life: a tenth is the usual lower bound of home batteries. */
const RESERVE_PER_MILLE = 100n;

/** Recharges at a fifth of its power, lest the recharging of many make the next peak. */
const RECHARGE_DIVISOR = 5n;

/** Never below its reserve, never above its power, and never charging while a limit holds. */
export class Battery implements ResourceModel {
  readonly resourceId: string;
  readonly kind = RESOURCE_KIND.BATTERY;
  readonly #spec: BatterySpec;
  /** May be taken out now, W * ms. */
  #availableWattMs: bigint;

  constructor(spec: BatterySpec) {
    this.resourceId = spec.resourceId;
    this.#spec = spec;
    this.#availableWattMs = this.#availableWattMsMax();
  }

  wantedW(cell: Cell): bigint {
    if (cell.isLimited || cell.isBalanced) return 0n;
    return minW(this.#spec.powerWMax / RECHARGE_DIVISOR, powerForEnergyW(this.#missingWattMs(), durationMs(cell)));
  }

  reducedW(cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint {
    const floorW = -minW(this.#spec.powerWMax, this.#availableWattMs / durationMs(cell));
    return maxW(ask.wantedW - ask.needW, floorW);
  }

  raisedW(cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint {
    const ceilingW = minW(this.#spec.powerWMax, powerForEnergyW(this.#missingWattMs(), durationMs(cell)));
    return maxW(ask.wantedW, minW(ask.wantedW + ask.needW, ceilingW));
  }

  shiftState(): ShiftState {
    return {
      ...NO_SHIFT,
      storedWh: this.#availableWattMs / WATT_MS_PER_WH,
      storedWhMax: batteryReserveWh(this.#spec),
      storageWMax: this.#spec.powerWMax,
      efficiencyPerMille: this.#spec.efficiencyPerMille,
    };
  }

  /** A battery that nobody asks for anything rests. */
  unmovedW(): bigint {
    return 0n;
  }

  advance(cell: Cell, powerW: bigint): void {
    const movedWattMs = powerW * durationMs(cell);
    const storedWattMs = powerW > 0n ? (movedWattMs * this.#spec.efficiencyPerMille) / 1_000n : movedWattMs;
    this.#availableWattMs = minW(this.#availableWattMs + storedWattMs, this.#availableWattMsMax());
  }

  isAtRest(): boolean {
    return this.#availableWattMs === this.#availableWattMsMax();
  }

  /** What has to be taken in to be full. */
  #missingWattMs(): bigint {
    return ((this.#availableWattMsMax() - this.#availableWattMs) * 1_000n) / this.#spec.efficiencyPerMille;
  }

  #availableWattMsMax(): bigint {
    return batteryReserveWh(this.#spec) * WATT_MS_PER_WH;
  }
}

/** Energy that a full battery may give to an event, Wh. */
export function batteryReserveWh(spec: BatterySpec): bigint {
  return (spec.energyWhMax * (1_000n - RESERVE_PER_MILLE)) / 1_000n;
}
