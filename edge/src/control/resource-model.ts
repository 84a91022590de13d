import type { ResourceKind } from "@gridpact/proto";

/** A span in which every power is constant. It may be cut short by a new setpoint, never made longer. */
export type Cell = {
  startUnixMs: number;
  endUnixMs: number;
  /** Some limit holds in it: nothing that was put off may be caught up on now. */
  isLimited: boolean;
};

/**
 * One controllable thing behind a device, as a model: what it would take, how far it can go below that, and what
 * that costs it later. Only `advance` changes its state, so a cell may be decided, cut and decided again.
 * Powers are W, import positive; only a battery may be negative.
 */
export interface ResourceModel {
  readonly resourceId: string;
  readonly kind: ResourceKind;
  /** What it takes over the cell if nothing limits it, catching up on earlier reductions included. */
  wantedW(cell: Cell): bigint;
  /** What it takes when asked for `needW` (> 0) less than `wantedW`. It MAY reduce by less, or by more if it must. */
  reducedW(cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint;
  /** Lives through the cell, whose end is now where it really ended, at the power that was decided. */
  advance(cell: Cell, powerW: bigint): void;
  /** Without limits, from this instant on, it takes just its profile. */
  isAtRest(unixMs: number): boolean;
}

export function durationMs(cell: Cell): bigint {
  return BigInt(cell.endUnixMs - cell.startUnixMs);
}

export function minW(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

export function maxW(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

/** Smallest whole power that moves at least `energyWattMs` (>= 0) in the given time. */
export function powerForEnergyW(energyWattMs: bigint, timeMs: bigint): bigint {
  return (energyWattMs + timeMs - 1n) / timeMs;
}
