import type { DaySummary } from "./summary.ts";
import type { Unserved } from "./unserved.ts";

type Day = Pick<DaySummary, "restarts" | "unserved" | "contracts">;

/** What a reader of the figures has to know of how they came about, and what to do; nothing of a day that went well. */
export function dayNotes({ restarts, unserved, contracts }: Day, speed: number): string[] {
  const isLate = restarts.count > 0 || unserved.some(({ state }) => state !== "refused");
  return [
    ...restartNotes(restarts),
    ...unserved.map(unservedNote),
    ...(contracts.length === 0 ? ["Nobody had a contract for the event: nothing was ordered, delivered or paid."] : []),
    ...(isLate ? [tooSlow(speed)] : []),
  ];
}

/** Five times as long for all that was late: the demonstration's 300 becomes 60. */
const SLOWER_BY = 5;

/** What helps a machine that cannot keep up with a played day. */
export function tooSlow(speed: number): string {
  const slower = Math.max(1, Math.floor(speed / SLOWER_BY));
  const again = slower < speed ? `, or run the day again with --speed ${slower}` : "";
  return `This machine is too slow for a day at ${speed} times the speed: end what else runs on it${again}.`;
}

function restartNotes({ count, areReadingsKnown }: DaySummary["restarts"]): string[] {
  if (count === 0) return [];
  const times = count === 1 ? "once more" : `${count} more times`;
  const started = `The devices were started ${times}, as the event would have come before they were ready;`;
  if (areReadingsKnown) return [`${started} readings are counted over all starts.`];
  return [
    `${started} they had to be killed, so what was acknowledged before is not known:`,
    "  sent and acknowledged are of the last start alone, stored and rejected of the whole day, and not compared.",
  ];
}

const WORDS: Record<Unserved["state"], string> = {
  refused: "refused",
  expired: "did not answer in time, so it has no contract",
  failed: "accepted, but its contract did not come about",
};

function unservedNote({ vnId, role, state, reason }: Unserved): string {
  return `${vnId} (${role}) ${WORDS[state]}${reason === "" ? "." : ` (${reason}).`}`;
}
