import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { DEFAULT_GUIDELINES, type Member, recluster } from "./recluster.ts";
import { seededRandom } from "./seeded-random.ts";

const DAY_MS = 86_400_000;
const NOW_UNIX_MS = 100 * DAY_MS;
const EVENTS = 40;

function member(
  memberId: string,
  vnId: string,
  missedAt: (event: number) => number,
  changes: Partial<Member> = {},
): Member {
  return {
    memberId,
    vnId,
    exchangeKey: "F1",
    promisedWh: new Float64Array(EVENTS).fill(1000),
    missedWh: Float64Array.from({ length: EVENTS }, (_, event) => missedAt(event)),
    movedAtUnixMs: Number.NEGATIVE_INFINITY,
    ...changes,
  };
}

const wave = (event: number) => (event % 2 === 0 ? 500 : -500);
const counterWave = (event: number) => -wave(event);
/** Two nodes whose members miss together, although members of the other node would make up for them. */
const together = [
  member("a", "V1", wave),
  member("b", "V1", wave),
  member("c", "V2", counterWave),
  member("d", "V2", counterWave),
];

const play = (members: Member[], guidelines: Partial<typeof DEFAULT_GUIDELINES> = {}, nowUnixMs = NOW_UNIX_MS) =>
  recluster(members, { guidelines: { ...DEFAULT_GUIDELINES, ...guidelines }, nowUnixMs });

describe("recluster", () => {
  it("parts members that miss together", () => {
    const { moves, expectedErrorBefore, expectedErrorAfter } = play(together);
    expect(moves).toEqual([
      { memberId: "a", fromVnId: "V1", toVnId: "V2" },
      { memberId: "c", fromVnId: "V2", toVnId: "V1" },
    ]);
    expect(expectedErrorAfter).toBeLessThan(0.75 * expectedErrorBefore);
  });

  it("moves nobody who may not: other feeders, a recent move, no budget, a full or a small node", () => {
    const elsewhere = together.map((each) => ({ ...each, exchangeKey: each.vnId }));
    expect(play(elsewhere).moves).toEqual([]);
    const moved = together.map((each) => ({ ...each, movedAtUnixMs: NOW_UNIX_MS - 13 * DAY_MS }));
    expect(play(moved).moves).toEqual([]);
    expect(play(moved, {}, NOW_UNIX_MS + DAY_MS).moves).toHaveLength(2);
    expect(play(together, { movesMax: 0 }).moves).toEqual([]);
    // With a budget of one only a single move would be left, and the sizes forbid it.
    expect(play(together, { movesMax: 1 }).moves).toEqual([]);
    expect(play(together, { movesMax: 1, membersMin: 1, membersMax: 2 }).moves).toEqual([]);
  });

  it("moves a single member where sizes allow it", () => {
    const uneven = [...together.slice(0, 2), member("e", "V1", wave), ...together.slice(2)];
    expect(play(uneven, { movesMax: 1 }).moves).toHaveLength(1);
  });

  it("waits for enough events, and for enough gain", () => {
    const few = together.map((each) => ({
      ...each,
      promisedWh: each.promisedWh.slice(0, 7),
      missedWh: each.missedWh.slice(0, 7),
    }));
    expect(play(few).moves).toEqual([]);
    expect(play(together, { gainShareMin: 0.9 }).moves).toEqual([]);
  });

  it("does not move members to and fro in noise", () => {
    const random = seededRandom(11);
    const noise = Array.from({ length: 8 }, () => Array.from({ length: 90 }, () => 400 * (random() - 0.5)));
    let nodes = noise.map((_, index) => `V${index % 2}`);
    const movedAt = noise.map(() => Number.NEGATIVE_INFINITY);
    let moveCount = 0;
    for (let week = 0; week < 10; week += 1) {
      const nowUnixMs = week * 7 * DAY_MS;
      const end = 40 + 5 * week;
      const members = noise.map((missed, index) =>
        member(`m${index}`, nodes[index] ?? "", () => 0, {
          missedWh: Float64Array.from(missed.slice(0, end)),
          promisedWh: new Float64Array(end).fill(1000),
          movedAtUnixMs: movedAt[index] ?? 0,
        }),
      );
      const { moves } = play(members, { gainShareMin: 0.1 }, nowUnixMs);
      for (const { memberId, toVnId } of moves) {
        const index = Number(memberId.slice(1));
        nodes = nodes.with(index, toVnId);
        movedAt[index] = nowUnixMs;
        moveCount += 1;
      }
    }
    expect(moveCount).toBeLessThanOrEqual(4);
  });

  it("rejects events that do not line up", () => {
    expect(() => play([together[0] as Member, { ...(together[1] as Member), missedWh: new Float64Array(3) }])).toThrow(
      InvalidInputError,
    );
    expect(play([]).moves).toEqual([]);
  });
});
