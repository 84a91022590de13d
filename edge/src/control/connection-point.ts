import { strict as assert } from "node:assert";
import type { PowerLimit } from "@gridpact/proto";
import { PowerSeries } from "../profile/index.ts";
import type { Cell, ResourceModel } from "./resource-model.ts";
import { createResourceModel, loadOf, type ResourceSpec } from "./resource-spec.ts";
import { limitAt } from "./setpoint-book.ts";
import { faultEdges, isFaultActive, type SiteFault } from "./site-fault.ts";

/** A site behind one meter. */
export type ConnectionPointSpec = {
  /** Everything that is consumed when nothing is controlled, the resources' own loads included. */
  load: PowerSeries;
  pv?: PowerSeries;
  /** In the order in which they are asked: what costs the occupant least comes first. */
  resources: readonly ResourceSpec[];
  faults?: readonly SiteFault[];
};

/** Constant powers over a cell; `netW` is what the meter sees, import positive. */
export type CellPower = { cell: Cell; netW: bigint; resourcesW: readonly bigint[] };

/** Step of the models while something is controlled or still recovering. One minute follows any building closely. */
const ACTIVE_CELL_MS = 60_000;

/** Longest cell, and the grid that every profile's steps fall on. */
export const REST_CELL_MS = 900_000;

/**
 * Model of a site: profile, PV and resources under power limits. It is decided cell by cell; within a cell all powers
 * are constant, so a meter may integrate it at any instants without changing the course of things.
 */
export class ConnectionPoint {
  readonly #load: PowerSeries;
  readonly #pv: PowerSeries;
  readonly #ownLoads: readonly PowerSeries[];
  readonly #resources: readonly ResourceModel[];
  readonly #faults: readonly SiteFault[];

  constructor(spec: ConnectionPointSpec) {
    this.#load = spec.load;
    this.#pv = spec.pv ?? PowerSeries.constant(0n);
    this.#ownLoads = spec.resources.map(loadOf).filter((load) => load !== undefined);
    this.#resources = spec.resources.map(createResourceModel);
    this.#faults = spec.faults ?? [];
    for (const series of [this.#load, this.#pv, ...this.#ownLoads]) {
      assert(series.stepMs % REST_CELL_MS === 0, "every profile step is a multiple of the longest cell");
    }
  }

  /** Powers from an instant on, and for how long they hold under these limits. Changes nothing. */
  decide(startUnixMs: number, limits: readonly PowerLimit[]): CellPower {
    const limitW = isFaultActive(this.#faults, startUnixMs) ? undefined : limitAt(limits, startUnixMs);
    const isLimited = limitW !== undefined;
    const cell = { startUnixMs, endUnixMs: this.#cellEnd({ startUnixMs, limits, isLimited }), isLimited };
    const wantedW = this.#resources.map((resource) => resource.wantedW(cell));
    const restW = this.#uncontrollableW(startUnixMs);
    const needW = limitW === undefined ? 0n : sum(wantedW) + restW - limitW;
    const resourcesW = this.#reduce(cell, { wantedW, needW });
    return { cell, netW: sum(resourcesW) + restW, resourcesW };
  }

  /** Lives through a decided cell up to its end, or to where a new setpoint cut it. */
  advance({ cell, resourcesW }: CellPower, endUnixMs: number): void {
    assert(endUnixMs <= cell.endUnixMs, "a cell is never made longer");
    if (endUnixMs === cell.startUnixMs) return;
    for (const [index, resource] of this.#resources.entries()) {
      resource.advance({ ...cell, endUnixMs }, resourcesW[index] as bigint);
    }
  }

  /** Asks one resource after the other until the limit is kept or all have done what they can. */
  #reduce(cell: Cell, target: { wantedW: readonly bigint[]; needW: bigint }): bigint[] {
    let needW = target.needW;
    return this.#resources.map((resource, index) => {
      const wantedW = target.wantedW[index] as bigint;
      if (needW <= 0n) return wantedW;
      const powerW = resource.reducedW(cell, { wantedW, needW });
      needW -= wantedW - powerW;
      return powerW;
    });
  }

  /** What no resource is part of, minus PV; negative where the sun gives more. */
  #uncontrollableW(unixMs: number): bigint {
    return (
      this.#load.powerWAt(unixMs) - sum(this.#ownLoads.map((load) => load.powerWAt(unixMs))) - this.#pv.powerWAt(unixMs)
    );
  }

  /** A cell ends where anything may change: a step of a profile, a limit, a fault, or the models' own grid. */
  #cellEnd(at: { startUnixMs: number; limits: readonly PowerLimit[]; isLimited: boolean }): number {
    const { startUnixMs, limits, isLimited } = at;
    const isActive = isLimited || this.#resources.some((resource) => !resource.isAtRest(startUnixMs));
    const stepMs = isActive ? ACTIVE_CELL_MS : REST_CELL_MS;
    const limitEdges = limits.flatMap((limit) => [Number(limit.startUnixMs), Number(limit.endUnixMs)]);
    const edges = [...limitEdges, ...faultEdges(this.#faults)].filter((edge) => edge > startUnixMs);
    return Math.min((Math.floor(startUnixMs / stepMs) + 1) * stepMs, ...edges);
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
