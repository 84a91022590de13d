import { expect, test } from "vitest";
import * as face from "./index.ts";

test("the public face has these values and no others", () => {
  expect(Object.keys(face).sort()).toEqual([
    "DayNotOverError",
    "EVENT_AFTER_MOVES",
    "MOVE_PARTIES",
    "addCommands",
    "brokenEquations",
    "fingerprint",
    "playDay",
    "playMoves",
  ]);
});
