import type { SeededRandom } from "@gridpact/host";

/**
 * When one life of the host ends: `delayMs` after a number of acknowledgements in this life, or after it began to open
 * its log. Counted in acknowledgements rather than time, so that a seed means much the same on any machine.
 */
export type KillPoint = { phase: "load"; acks: number; delayMs: number } | { phase: "recovery"; delayMs: number };

/** One life in eight ends before devices can connect: opening the log has to survive its own end, too. */
const RECOVERY_PER_MILLE = 125;

/** Opening engine, views and sockets takes about as long. */
const RECOVERY_MS_MAX = 100;

/**
 * From the middle of the devices' resends to many group commits; a Merkle batch ends in every third life or so. Each
 * start replays the log, and twice as many made the twin's last starts of 50 take longer than 2 s.
 */
const ACKS_MAX = 800;

/**
 * An acknowledgement follows a sync at a fixed distance, and a kill on the spot would always meet the same place of
 * the next group commit; a commit takes some milliseconds.
 */
const DELAY_MS_MAX = 10;

/** A life under load is not longer than this, however slow the machine is: the run's time is bounded. */
export const LOAD_MS_MAX = 1_000;

/** Draws the next kill point; a first life always comes to its load. */
export function killPoint(random: SeededRandom, life: { isFirst: boolean }): KillPoint {
  const isRecovery = random.chance(RECOVERY_PER_MILLE);
  if (isRecovery && !life.isFirst) return { phase: "recovery", delayMs: random.below(RECOVERY_MS_MAX) };
  return { phase: "load", acks: 1 + random.below(ACKS_MAX), delayMs: random.below(DELAY_MS_MAX) };
}
