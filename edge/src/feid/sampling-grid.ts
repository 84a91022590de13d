/** When a device reads its meter. Both grids count from 1970-01-01T00:00Z, so all devices read at the same instants. */
export type SamplingGrid = {
  readingPeriodMs: number;
  /** Market time unit: its boundaries are what settlements stand on, so each of them gets a reading. */
  mtuMs: number;
};

/** Two months of quarter hours: more than meters keep in their load profile, and below 200 KiB of spool. */
export const BOUNDARIES_AT_ONCE_MAX = 62 * 96;

/** First instant of the grid after `unixMs`. */
export function nextInstant(grid: SamplingGrid, unixMs: number): number {
  return Math.min(ceilAfter(unixMs, grid.readingPeriodMs), ceilAfter(unixMs, grid.mtuMs));
}

/**
 * Instants to be read at `nowUnixMs` when the last reading was of `lastUnixMs`. Every boundary in between is among
 * them, since its register is evidence, up to the bound; of the readings within a market time unit only the newest is
 * worth having late.
 * ```
 * lastUnixMs     boundary            boundary     newest   now
 *     |---.---.-----|---.---.---.-------|---.--------.------|
 *                   x                   x            x
 * ```
 */
export function dueInstants(grid: SamplingGrid, span: { lastUnixMs: number; nowUnixMs: number }): DueInstants {
  const { lastUnixMs, nowUnixMs } = span;
  const all = boundaries({ mtuMs: grid.mtuMs, fromUnixMs: lastUnixMs + 1, untilUnixMs: nowUnixMs + 1 });
  const instants = all.slice(-BOUNDARIES_AT_ONCE_MAX);
  const newest = Math.floor(nowUnixMs / grid.readingPeriodMs) * grid.readingPeriodMs;
  if (newest > (instants.at(-1) ?? lastUnixMs)) instants.push(newest);
  return { instants, missed: countAll(grid, span) - instants.length };
}

/** `missed` readings came too late to be taken. */
export type DueInstants = { instants: number[]; missed: number };

/** Boundaries in [fromUnixMs, untilUnixMs). */
export function boundaries(span: { mtuMs: number; fromUnixMs: number; untilUnixMs: number }): number[] {
  const found: number[] = [];
  const first = Math.ceil(span.fromUnixMs / span.mtuMs) * span.mtuMs;
  for (let at = first; at < span.untilUnixMs; at += span.mtuMs) found.push(at);
  return found;
}

/** Whether settlements may stand on a reading of this instant. */
export function isBoundary(grid: SamplingGrid, unixMs: number): boolean {
  return unixMs % grid.mtuMs === 0;
}

function countAll(grid: SamplingGrid, span: { lastUnixMs: number; nowUnixMs: number }): number {
  const count = (periodMs: number) => Math.floor(span.nowUnixMs / periodMs) - Math.floor(span.lastUnixMs / periodMs);
  const common = leastCommonMultiple(grid.readingPeriodMs, grid.mtuMs);
  return count(grid.readingPeriodMs) + count(grid.mtuMs) - count(common);
}

function leastCommonMultiple(left: number, right: number): number {
  let [a, b] = [left, right];
  while (b !== 0) [a, b] = [b, a % b];
  return (left / a) * right;
}

function ceilAfter(unixMs: number, periodMs: number): number {
  return (Math.floor(unixMs / periodMs) + 1) * periodMs;
}
