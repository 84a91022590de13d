import { lastSeenUnixMs, startClock } from "../process/clock-file.ts";
import type { DataDirectory } from "../process/data-directory.ts";
import { STORY_DAY_UNIX_MS } from "../story/plan-story.ts";
import { nextWorkingMorning } from "./morning.ts";

/** Starts the demonstration's day from now on, or the next working day after the one that an earlier run has seen. */
export function startStoryClock(data: DataDirectory, speed: number): void {
  const from = Math.max(STORY_DAY_UNIX_MS, lastSeenUnixMs(data) ?? 0);
  startClock(data, { startUnixMs: nextWorkingMorning(from), speed });
}
