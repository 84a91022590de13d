/**
 * A planned fault of a modelled site, for stories and simulations. Times are Unix ms.
 * `stuck`: from an instant on, the outputs no longer follow any limit. `override`: in [from, to) the occupant has
 * switched control off.
 */
export type SiteFault =
  | { kind: "stuck"; fromUnixMs: number }
  | { kind: "override"; fromUnixMs: number; toUnixMs: number };

/** Whether the site follows no limit at an instant. */
export function isFaultActive(faults: readonly SiteFault[], unixMs: number): boolean {
  return faults.some((fault) => fault.fromUnixMs <= unixMs && (fault.kind === "stuck" || unixMs < fault.toUnixMs));
}

/** Instants at which some fault begins or ends. */
export function faultEdges(faults: readonly SiteFault[]): number[] {
  return faults.flatMap((fault) => (fault.kind === "stuck" ? [fault.fromUnixMs] : [fault.fromUnixMs, fault.toUnixMs]));
}
