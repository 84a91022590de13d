import type { ProsumerState } from "./prosumer-state.ts";

/** How often a prosumer is called, beside how often it would be if calls followed what everybody offers. */
export type CallShare = {
  readonly prosumerId: string;
  /** Events in which it could have been called, and in which it was. */
  readonly offeredCount: number;
  readonly calledCount: number;
  /** Its part of all energy ordered in the remembered events, and of all energy offered, per mille. */
  readonly calledPerMille: number;
  readonly fairPerMille: number;
};

/** Shares of all prosumers of a node over their remembered events, in the order of the states. */
export function callShares(states: readonly ProsumerState[]): CallShare[] {
  const sums = states.map(({ traces }) => ({
    offeredWh: traces.reduce((sum, trace) => sum + trace.offeredWh, 0),
    orderedWh: traces.reduce((sum, trace) => sum + trace.orderedWh, 0),
  }));
  const offeredWh = sums.reduce((sum, each) => sum + each.offeredWh, 0);
  const orderedWh = sums.reduce((sum, each) => sum + each.orderedWh, 0);
  return states.map(({ prosumerId, traces }, index) => ({
    prosumerId,
    offeredCount: traces.filter((trace) => trace.offeredWh > 0).length,
    calledCount: traces.filter((trace) => trace.orderedWh > 0).length,
    calledPerMille: perMilleOf(sums[index]?.orderedWh ?? 0, orderedWh),
    fairPerMille: perMilleOf(sums[index]?.offeredWh ?? 0, offeredWh),
  }));
}

/**
 * Highest surcharge on a prosumer that was called more than its share, per mille of its price. Within a twentieth,
 * differences between devices are noise of the estimate, and turns decide; beyond, whoever delivers better is called.
 */
export const SURCHARGE_PER_MILLE_MAX = 50;

/**
 * What a prosumer's merit is charged for having been called beyond its fair share, per mille of its price: nothing up
 * to the fair share, everything from twice the fair share on. It is never paid; it only decides between alike ones.
 */
export function turnSurchargePerMille({ calledPerMille, fairPerMille }: CallShare): number {
  const beyond = (calledPerMille - fairPerMille) / Math.max(1, fairPerMille);
  return Math.round(SURCHARGE_PER_MILLE_MAX * Math.min(1, Math.max(0, beyond)));
}

function perMilleOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 1_000) / whole);
}
