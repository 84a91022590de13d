import type { Random } from "@gridpact/host";

/** A virtual node that restarts is back within a second or two. */
const FIRST_PAUSE_MS = 500;

/** Devices find a virtual node that was long away within half a minute, and do not hammer it meanwhile. */
export const PAUSE_MS_MAX = 30_000;

/**
 * Pause before the next attempt to connect: doubled with each failure, and of that a random part between a half and
 * the whole, lest all devices of a virtual node come back at the same instant.
 */
export function backoffMs(failedAttempts: number, random: Random): number {
  const wholeMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failedAttempts, 16), PAUSE_MS_MAX);
  const part = new DataView(random.bytes(4).slice().buffer).getUint32(0) / 2 ** 32;
  return Math.floor((wholeMs / 2) * (1 + part));
}
