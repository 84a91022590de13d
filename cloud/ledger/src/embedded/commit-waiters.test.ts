import { expect, test } from "vitest";
import { COMMIT_WAITERS_MAX, CommitWaiters, WaitGivenUpError } from "./commit-waiters.ts";

const PLACE = { blockNumber: 1, transactionIndex: 0, code: 0 };

test("everybody who waits for a transaction hears of it", async () => {
  const waiters = new CommitWaiters();
  const waits = [waiters.wait("a"), waiters.wait("a")];
  waiters.committed("b", PLACE);
  waiters.committed("a", PLACE);
  expect(await Promise.all(waits)).toEqual([PLACE, PLACE]);
});

test("gives up the oldest wait when there are too many, and all at the end", async () => {
  const waiters = new CommitWaiters();
  const oldest = waiters.wait("oldest");
  const others = Array.from({ length: COMMIT_WAITERS_MAX - 1 }, (_, index) => waiters.wait(String(index)));
  const givenUp = expect(oldest).rejects.toThrow(WaitGivenUpError);
  others.push(waiters.wait("newest"));
  await givenUp;
  const outcomes = Promise.allSettled(others);
  waiters.giveUpAll();
  expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(["rejected"]));
});
