import { brokenEquations, type PlayedDay, playDay } from "@gridpact/cli";
import { describe, expect, it } from "vitest";

/**
 * Some devices of each kind, two virtual nodes: everything of the day happens with them, and a seed takes about a
 * second, so that two hundred fit into a test run.
 */
export const SEED_DEVICE_IDS = [
  "d-home-h01",
  "d-ld02-commercial",
  "d-ld04-household",
  "d-ld33-commercial",
  "d-ld42-heat-pump",
  "o-zone-1",
  "o-zone-2",
];

/** A quarter of an hour: every reading is a boundary. */
export const SEED_READING_PERIOD_MS = 900_000;

/** Plays one day with the faults of its seed. */
export function playSeed(seed: string): Promise<PlayedDay> {
  return playDay({ seed, hasFaults: true, deviceIds: SEED_DEVICE_IDS, readingPeriodMs: SEED_READING_PERIOD_MS });
}

/** Tests that the equations hold in every day of `[from, to)`; a seed that fails is the name of its test. */
export function testSeeds(from: number, to: number): void {
  const seeds = Array.from({ length: to - from }, (_, index) => String(from + index));
  describe("with lost, doubled and late messages and crashing processes", () => {
    it.each(seeds)("all equations hold (npx gridpact simulate --faults --seed %s)", async (seed) => {
      const { summary, receipts } = await playSeed(seed);
      expect(brokenEquations(summary)).toEqual([]);
      expect(Number(summary.readings.sent)).toBeGreaterThan(0);
      expect(summary.readings.rejected).toBe("0");
      expect(BigInt(summary.money.paidMicro)).toBeGreaterThan(0n);
      expect(receipts.size).toBeGreaterThan(0);
    });
  });
}
