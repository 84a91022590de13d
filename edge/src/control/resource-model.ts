import type { ResourceKind } from "@gridpact/proto";

/** A span in which every power is constant. It may be cut short by a new setpoint, never made longer. */
export type Cell = {
  startUnixMs: number;
  endUnixMs: number;
  /** Some limit holds in it: nothing that was put off may be caught up on now. */
  isLimited: boolean;
  /** Storage rests but for what a band of self-balancing asks of it. */
  isBalanced: boolean;
};

/** What a resource could store or put off, as a BalanceStatement says it; sums over the resources of a device. */
export type ShiftState = {
  storedWh: bigint;
  storedWhMax: bigint;
  storageWMax: bigint;
  /** Of what is taken in, what can be taken out again. */
  efficiencyPerMille: bigint;
  waitingWh: bigint;
  loadW: bigint;
  loadWMax: bigint;
  /** When what waits has to be done; undefined when nothing can wait. */
  readyByUnixMs: number | undefined;
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
  /** What storage takes when asked for `needW` (> 0) more than `wantedW`; left out by what stores nothing. */
  raisedW?(cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint;
  /** What self-balancing may count on at an instant; left out by what can only be shed. */
  shiftState?(unixMs: number): ShiftState;
  /** What it would take without self-balancing; left out by what takes no part in that. */
  unmovedW?(cell: Cell): bigint;
  /** Lives through the cell, whose end is now where it really ended, at the power that was decided. */
  advance(cell: Cell, powerW: bigint): void;
  /** Without limits, from this instant on, it takes just its profile. */
  isAtRest(unixMs: number): boolean;
}

/** A device without anything that self-balancing could use. */
export const NO_SHIFT: ShiftState = {
  storedWh: 0n,
  storedWhMax: 0n,
  storageWMax: 0n,
  efficiencyPerMille: 1_000n,
  waitingWh: 0n,
  loadW: 0n,
  loadWMax: 0n,
  readyByUnixMs: undefined,
};

/** As bigint, to be multiplied with powers. */
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
