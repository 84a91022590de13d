import { setTimeout as wait } from "node:timers/promises";

/** Waits, and ends early without an error when the signal says so. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (error) {
    // Being woken up by the signal is how a pause ends early, and no failure.
    if (!signal.aborted) throw error;
  }
}
