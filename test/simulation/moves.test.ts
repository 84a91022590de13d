import {
  brokenEquations,
  EVENT_AFTER_MOVES,
  MOVE_PARTIES,
  type PlayedMoves,
  type PlayMovesOptions,
  playMoves,
} from "@gridpact/cli";
import { describe, expect, it } from "vitest";
import { SEED_DEVICE_IDS, SEED_READING_PERIOD_MS } from "./seeds.ts";

/** Each takes a while: six hours pass before the plan that parts the nodes' members. */
const SEEDS = ["2", "4", "7"];

/** A day, half a night and two events more are some seconds of a processor; one with other work takes a multiple. */
const MOVES_TIMEOUT_MS = 600_000;

/** Devices change places at the end of a day, and take part in an event where they are then. */
function play(options: Partial<PlayMovesOptions> = {}) {
  const fleet = { deviceIds: SEED_DEVICE_IDS, readingPeriodMs: SEED_READING_PERIOD_MS };
  return playMoves({ seed: "0", hasFaults: false, ...fleet, ...options });
}

/** What holds however moves end: nothing is lost or doubled, nobody is with two nodes, receipts prove themselves. */
function expectSound({ summary, moves, homes, proven, money }: PlayedMoves) {
  expect(brokenEquations(summary)).toEqual([]);
  expect(summary.readings.rejected).toBe("0");
  expect(moves.length).toBeGreaterThan(0);
  for (const { deviceId, ledgerVnId, memberOf } of homes) expect(memberOf, deviceId).toEqual([ledgerVnId]);
  for (const { deviceId, fromVnId, toVnId, state } of moves) {
    const home = homes.find((each) => each.deviceId === deviceId)?.ledgerVnId;
    expect(home, deviceId).toBe(state === "done" ? toVnId : fromVnId);
  }
  expect(proven.filter(({ isOk }) => !isOk)).toEqual([]);
  expect(money.heldMicro).toBe(money.mintedMicro);
}

/** Whether a device was paid in the event after the moves, by a receipt of the node that it has moved to. */
function paidAfterMove({ moves, proven }: PlayedMoves): string[] {
  const moved = moves.filter(({ state }) => state === "done");
  const after = proven.filter(({ eventId, isOk, money }) => {
    return isOk && eventId === EVENT_AFTER_MOVES && money !== null && money.paidMicro > 0n;
  });
  return moved
    .filter(({ deviceId, toVnId }) => after.some((each) => each.deviceId === deviceId && each.vnId === toVnId))
    .map(({ deviceId }) => deviceId);
}

describe("devices that change places between nodes", { timeout: MOVES_TIMEOUT_MS }, () => {
  it("all arrive when nothing goes wrong, are paid at their new nodes, and everything adds up", async () => {
    const played = await play();
    expectSound(played);
    const { moves, proven } = played;
    expect(moves.length).toBeGreaterThanOrEqual(2);
    expect(moves.map(({ state }) => state)).toEqual(moves.map(() => "done"));
    expect(paidAfterMove(played).length).toBeGreaterThan(0);
    // Receipts from before the move are of the node that the device was at.
    for (const { deviceId, fromVnId } of moves) {
      const before = proven.filter((each) => each.deviceId === deviceId && each.eventId !== EVENT_AFTER_MOVES);
      for (const { vnId } of before) expect(vnId, deviceId).toBe(fromVnId);
    }
  });

  it("wait for contracts that are in force, and go when these are paid", async () => {
    const played = await play({ isUnderContract: true });
    expectSound(played);
    expect(played.moves.map(({ state }) => state)).toEqual(played.moves.map(() => "done"));
    expect(played.waitedFor.join("; ")).toMatch(/contract meanwhile:\S+ is in force/);
    expect(played.waitedFor.join("; ")).toMatch(/contract meanwhile:\S+ is being settled/);
    expect(paidAfterMove(played).length).toBeGreaterThan(0);
  });

  it.each(MOVE_PARTIES)("arrive though the %s loses its power in each state of a move", async (crashing) => {
    const played = await play({ crashing });
    expectSound(played);
    expect(played.moves.map(({ state }) => state)).toEqual(played.moves.map(() => "done"));
    expect(paidAfterMove(played).length).toBeGreaterThan(0);
  });

  it.each(SEEDS)("are each with one node, and lose nothing, whatever crashes (seed %s)", async (seed) => {
    expectSound(await play({ seed, hasFaults: true }));
  });
});
