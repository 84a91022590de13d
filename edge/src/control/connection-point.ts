import { strict as assert } from "node:assert";
import type { PowerLimit } from "@gridpact/proto";
import { PowerSeries, WATT_MS_PER_WH } from "../profile/index.ts";
import { type Cell, durationMs, NO_SHIFT, type ResourceModel, type ShiftState } from "./resource-model.ts";
import { createResourceModel, loadOf, type ResourceSpec } from "./resource-spec.ts";
import { bandAt, limitAt, type PowerBand } from "./setpoint-book.ts";
import { faultEdges, isFaultActive, type SiteFault } from "./site-fault.ts";

/** A site behind one meter. */
export type ConnectionPointSpec = {
  /** Everything that is consumed when nothing is controlled, the resources' own loads included. */
  load: PowerSeries;
  pv?: PowerSeries;
  /** In the order in which they are asked: what costs the occupant least comes first. */
  resources: readonly ResourceSpec[];
  faults?: readonly SiteFault[];
  /** From when on its storage takes part in self-balancing, ms since the epoch; without, it rests full for events. */
  balancesFromUnixMs?: number;
};

/** Constant powers over a cell; `netW` is what the meter sees, import positive. */
export type CellPower = { cell: Cell; netW: bigint; resourcesW: readonly bigint[] };

/** Step of the models while something is controlled or still recovering. One minute follows any building closely. */
const ACTIVE_CELL_MS = 60_000;

/** Longest cell, and the grid that every profile's steps fall on. */
export const REST_CELL_MS = 900_000;

/**
 * What storage does for self-balancing while nobody sends a band: it keeps the site's own surplus for the site's own
 * use. A virtual node that is gone costs a site no more than its neighbours' help.
 */
const OWN_BAND: PowerBand = { importWMin: 0n, importWMax: 0n, shiftsLoads: false };

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
  readonly #balancesFromUnixMs: number;
  /** Energy by which self-balancing has moved the import, W * ms. */
  #movedWattMs = 0n;

  constructor(spec: ConnectionPointSpec) {
    this.#load = spec.load;
    this.#pv = spec.pv ?? PowerSeries.constant(0n);
    this.#ownLoads = spec.resources.map(loadOf).filter((load) => load !== undefined);
    this.#resources = spec.resources.map(createResourceModel);
    this.#faults = spec.faults ?? [];
    this.#balancesFromUnixMs = spec.balancesFromUnixMs ?? Number.POSITIVE_INFINITY;
    for (const series of [this.#load, this.#pv, ...this.#ownLoads]) {
      assert(series.stepMs % REST_CELL_MS === 0, "every profile step is a multiple of the longest cell");
    }
  }

  /** Powers from an instant on, and for how long they hold under these limits. Changes nothing. */
  decide(startUnixMs: number, limits: readonly PowerLimit[]): CellPower {
    const isFaulty = isFaultActive(this.#faults, startUnixMs);
    const limitW = isFaulty ? undefined : limitAt(limits, startUnixMs);
    const isLimited = limitW !== undefined;
    const isBalanced = startUnixMs >= this.#balancesFromUnixMs && !isFaulty && !isLimited;
    const state = { isLimited, isBalanced };
    const cell = { startUnixMs, endUnixMs: this.#cellEnd(startUnixMs, limits, state), ...state };
    const wantedW = this.#resources.map((resource) => resource.wantedW(cell));
    const restW = this.#uncontrollableW(startUnixMs);
    const netW = sum(wantedW) + restW;
    const resourcesW = isBalanced
      ? this.#balance(cell, { wantedW, netW, band: bandAt(limits, startUnixMs) ?? OWN_BAND })
      : this.#reduce(cell, { wantedW, needW: limitW === undefined ? 0n : netW - limitW }, () => true);
    return { cell, netW: sum(resourcesW) + restW, resourcesW };
  }

  /** Lives through a decided cell up to its end, or to where a new setpoint cut it. */
  advance({ cell, resourcesW }: CellPower, endUnixMs: number): void {
    assert(endUnixMs <= cell.endUnixMs, "a cell is never made longer");
    if (endUnixMs === cell.startUnixMs) return;
    const lived = { ...cell, endUnixMs };
    for (const [index, resource] of this.#resources.entries()) {
      const powerW = resourcesW[index] as bigint;
      const unmovedW = cell.isBalanced ? (resource.unmovedW?.(lived) ?? powerW) : powerW;
      this.#movedWattMs += (powerW - unmovedW) * durationMs(lived);
      resource.advance(lived, powerW);
    }
  }

  /** What self-balancing may count on; MUST be asked between two cells. */
  shiftState(unixMs: number): ShiftState & { movedWh: bigint } {
    const states = this.#resources.map((resource) => resource.shiftState?.(unixMs) ?? NO_SHIFT);
    return { ...states.reduce(together, NO_SHIFT), movedWh: this.#movedWattMs / WATT_MS_PER_WH };
  }

  /** Asks one resource after the other until the limit is kept or all have done what they can. */
  #reduce(
    cell: Cell,
    target: { wantedW: readonly bigint[]; needW: bigint },
    mayAsk: (resource: ResourceModel) => boolean,
  ): bigint[] {
    let needW = target.needW;
    return this.#resources.map((resource, index) => {
      const wantedW = target.wantedW[index] as bigint;
      if (needW <= 0n || !mayAsk(resource)) return wantedW;
      const powerW = resource.reducedW(cell, { wantedW, needW });
      needW -= wantedW - powerW;
      return powerW;
    });
  }

  /** Above the band storage gives, and loads wait where they may; below it storage takes. Nothing is shed. */
  #balance(cell: Cell, at: { wantedW: readonly bigint[]; netW: bigint; band: PowerBand }): bigint[] {
    const { wantedW, netW, band } = at;
    if (netW >= band.importWMin) {
      const mayAsk = ({ raisedW, shiftState }: ResourceModel) =>
        raisedW !== undefined || (band.shiftsLoads && shiftState !== undefined);
      return this.#reduce(cell, { wantedW, needW: netW - band.importWMax }, mayAsk);
    }
    let needW = band.importWMin - netW;
    return this.#resources.map((resource, index) => {
      const before = wantedW[index] as bigint;
      const powerW = needW > 0n ? (resource.raisedW?.(cell, { wantedW: before, needW }) ?? before) : before;
      needW -= powerW - before;
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
  #cellEnd(
    startUnixMs: number,
    limits: readonly PowerLimit[],
    { isLimited, isBalanced }: Pick<Cell, "isLimited" | "isBalanced">,
  ): number {
    const isActive = isLimited || isBalanced || this.#resources.some((resource) => !resource.isAtRest(startUnixMs));
    const stepMs = isActive ? ACTIVE_CELL_MS : REST_CELL_MS;
    const limitEdges = limits.flatMap((limit) => [Number(limit.startUnixMs), Number(limit.endUnixMs)]);
    const edges = [...limitEdges, ...faultEdges(this.#faults), this.#balancesFromUnixMs].filter(
      (edge) => edge > startUnixMs,
    );
    return Math.min((Math.floor(startUnixMs / stepMs) + 1) * stepMs, ...edges);
  }
}

/** Two resources as one: the worse efficiency and the earlier time hold for both. */
function together(left: ShiftState, right: ShiftState): ShiftState {
  const readyBy = [left.readyByUnixMs, right.readyByUnixMs].filter((each) => each !== undefined);
  const { efficiencyPerMille } = right.efficiencyPerMille < left.efficiencyPerMille ? right : left;
  return {
    storedWh: left.storedWh + right.storedWh,
    storedWhMax: left.storedWhMax + right.storedWhMax,
    storageWMax: left.storageWMax + right.storageWMax,
    efficiencyPerMille,
    waitingWh: left.waitingWh + right.waitingWh,
    loadW: left.loadW + right.loadW,
    loadWMax: left.loadWMax + right.loadWMax,
    readyByUnixMs: readyBy.length === 0 ? undefined : Math.min(...readyBy),
  };
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
