import type { PowerLimit } from "@gridpact/proto";
import {
  type Actuator,
  type CellPower,
  ConnectionPoint,
  type ConnectionPointSpec,
  REST_CELL_MS,
} from "../control/index.ts";
import { WATT_MS_PER_WH } from "../profile/index.ts";
import { type Meter, MeterError, type MeterReading } from "./meter.ts";

/** Where a replay starts: registers at an instant, and the limits that hold from it on. */
export type ReplayStart = {
  startUnixMs: number;
  importWh: bigint;
  exportWh: bigint;
  limits?: readonly PowerLimit[];
};

/** Boundaries kept in the load profile: 40 days of quarter hours, what common meters keep. */
const LOAD_PROFILE_ENTRIES_MAX = 3_840;

/**
 * Meter and actuator of a modelled site. Energy is integrated exactly in integers (W * ms), so the registers depend
 * only on profile, limits and their instants, never on when or how often somebody reads.
 */
export class ReplayMeter implements Meter, Actuator {
  readonly #site: ConnectionPoint;
  readonly #loadProfile = new Map<number, MeterReading>();
  #limits: readonly PowerLimit[];
  #atUnixMs: number;
  #importWattMs: bigint;
  #exportWattMs: bigint;
  #power: CellPower;

  constructor(site: ConnectionPointSpec, start: ReplayStart) {
    this.#site = new ConnectionPoint(site);
    this.#limits = start.limits ?? [];
    this.#atUnixMs = start.startUnixMs;
    this.#importWattMs = start.importWh * WATT_MS_PER_WH;
    this.#exportWattMs = start.exportWh * WATT_MS_PER_WH;
    this.#power = this.#site.decide(start.startUnixMs, this.#limits);
    this.#keepBoundary();
  }

  /** @throws MeterError METER_INSTANT_UNKNOWN for an instant of the past that is no boundary it keeps. */
  async read(atUnixMs: number): Promise<MeterReading> {
    if (atUnixMs < this.#atUnixMs) {
      const kept = this.#loadProfile.get(atUnixMs);
      if (kept === undefined) throw new MeterError("METER_INSTANT_UNKNOWN", atUnixMs);
      return kept;
    }
    this.#advanceTo(atUnixMs);
    return this.#registers();
  }

  /** Limits sent for an instant that has already been read hold from the last read on: the past stays as it was. */
  obey(limits: readonly PowerLimit[], fromUnixMs: number): void {
    this.#advanceTo(Math.max(fromUnixMs, this.#atUnixMs));
    this.#site.advance(this.#power, this.#atUnixMs);
    this.#limits = limits;
    this.#power = this.#site.decide(this.#atUnixMs, limits);
  }

  shiftState() {
    return this.#site.shiftState(this.#atUnixMs);
  }

  /** Lives through all cells that end by then, and through a part of the next. */
  #advanceTo(unixMs: number): void {
    while (this.#power.cell.endUnixMs <= unixMs) {
      const end = this.#power.cell.endUnixMs;
      this.#integrateTo(end);
      this.#site.advance(this.#power, end);
      this.#power = this.#site.decide(end, this.#limits);
      this.#keepBoundary();
    }
    this.#integrateTo(unixMs);
  }

  #integrateTo(unixMs: number): void {
    const energyWattMs = this.#power.netW * BigInt(unixMs - this.#atUnixMs);
    if (energyWattMs > 0n) this.#importWattMs += energyWattMs;
    else this.#exportWattMs -= energyWattMs;
    this.#atUnixMs = unixMs;
  }

  /** Registers show whole Wh, as meters do; the rest is kept for the next. */
  #registers(): MeterReading {
    return {
      powerW: this.#power.netW,
      importWh: this.#importWattMs / WATT_MS_PER_WH,
      exportWh: this.#exportWattMs / WATT_MS_PER_WH,
    };
  }

  /** Every cell ends on the boundaries at the latest, so none is passed by. */
  #keepBoundary(): void {
    if (this.#atUnixMs % REST_CELL_MS !== 0) return;
    this.#loadProfile.set(this.#atUnixMs, this.#registers());
    const oldest = this.#loadProfile.keys().next().value;
    if (this.#loadProfile.size > LOAD_PROFILE_ENTRIES_MAX && oldest !== undefined) this.#loadProfile.delete(oldest);
  }
}
