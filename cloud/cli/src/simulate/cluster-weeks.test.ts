import { describe, expect, it } from "vitest";
import { playClusterWeeks } from "./cluster-weeks.ts";

describe("weeks with moves between nodes", () => {
  const played = playClusterWeeks({ seed: "1", weeks: 8 });

  it("have several nodes and move some members, hardly any of them back; nodes then keep their promises better", () => {
    expect(played.nodes).toBeGreaterThan(3);
    expect(played.moves).toBeGreaterThan(0);
    expect(played.returns).toBeLessThanOrEqual(played.moves / 4);
    expect(played.movedErrorPerMille).toBeLessThan(played.unmovedErrorPerMille);
    expect(played.events).toBe(6 * 5);
  });

  it("come out the same for the same seed, and else for another", () => {
    expect(playClusterWeeks({ seed: "1", weeks: 8 })).toEqual(played);
    expect(playClusterWeeks({ seed: "2", weeks: 8 })).not.toEqual(played);
  });

  it("judge nothing while nothing can have been learned", () => {
    expect(playClusterWeeks({ seed: "1", weeks: 2 })).toMatchObject({ events: 0, moves: 0, movedErrorPerMille: 0 });
  });
});
