import { expect, test } from "vitest";
import type { Fault } from "./fault-point.ts";
import { runFaults } from "./run-faults.ts";
import { playRound } from "./settlement-round.ts";

test("whatever breaks, everybody is paid once", async () => {
  const result = await runFaults(5, { seed: "test" });
  expect(result).toMatchObject({ faults: 5, paidTwice: 0, unpaid: 0, sumDifferenceMicro: 0 });
  for (const count of Object.values(result.byPart)) expect(count).toBe(1);
});

/** Late enough that everybody has been given the bonus, early enough that not everything is done. */
const MIDWAY: Fault = { breaks: "worker", at: 70, isActDone: true };

test("an outbox that forgets is found by who is paid twice", async () => {
  expect(await playRound("planted", MIDWAY)).toMatchObject({ hasHappened: true, paidTwice: 0, unpaid: 0 });
  expect((await playRound("planted", MIDWAY, "forgetful-outbox")).paidTwice).toBeGreaterThan(0);
});

test("an act that is lost is found by who is not paid", async () => {
  expect(await playRound("planted", undefined, "silent-loss")).toMatchObject({ paidTwice: 0, unpaid: 1 });
});
