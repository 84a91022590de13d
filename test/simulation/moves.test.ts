import { brokenEquations, playMoves } from "@gridpact/cli";
import { describe, expect, it } from "vitest";
import { SEED_DEVICE_IDS, SEED_READING_PERIOD_MS } from "./seeds.ts";

/** Each takes a while: six hours pass before the plan that parts the nodes' members. */
const SEEDS = ["2", "4"];

/** Devices change places at the end of a day, with the faults of its seed; without any for seed 0. */
function play(seed: string) {
  const options = { deviceIds: SEED_DEVICE_IDS, readingPeriodMs: SEED_READING_PERIOD_MS };
  return playMoves({ seed, hasFaults: seed !== "0", ...options });
}

describe("devices that change places between nodes", () => {
  it("all arrive when nothing goes wrong, and everything adds up", async () => {
    const { summary, moves, homes } = await play("0");
    expect(brokenEquations(summary)).toEqual([]);
    expect(moves.length).toBeGreaterThanOrEqual(2);
    expect(moves.map(({ state }) => state)).toEqual(moves.map(() => "done"));
    for (const { deviceId, toVnId } of moves) {
      const home = homes.find((each) => each.deviceId === deviceId);
      expect(home).toEqual({ deviceId, ledgerVnId: toVnId, memberOf: [toVnId] });
    }
  });

  it.each(SEEDS)("are each with one node, and lose nothing, whatever crashes (seed %s)", async (seed) => {
    const { summary, moves, homes } = await play(seed);
    expect(brokenEquations(summary)).toEqual([]);
    expect(summary.readings.rejected).toBe("0");
    expect(moves.length).toBeGreaterThan(0);
    for (const { deviceId, ledgerVnId, memberOf } of homes) expect(memberOf, deviceId).toEqual([ledgerVnId]);
    for (const { deviceId, fromVnId, toVnId, state } of moves) {
      const home = homes.find((each) => each.deviceId === deviceId)?.ledgerVnId;
      expect(home, deviceId).toBe(state === "done" ? toVnId : fromVnId);
    }
  });
});
