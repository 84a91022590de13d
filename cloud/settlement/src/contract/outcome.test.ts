import { expect, it } from "vitest";
import { outcomeOf } from "./outcome.ts";

it.each([
  ["success", "all was delivered", [10n, 10n, 0n]],
  ["success", "nothing was ordered", [0n, 0n, 0n]],
  ["success", "the rest lies within the dead band", [10n, 9n, 0n]],
  ["partial", "a part was delivered", [10n, 9n, 1n]],
  ["failure", "nothing was delivered", [10n, 0n, 10n]],
  ["failure", "nothing was delivered, however wide the dead band", [10n, 0n, 0n]],
] satisfies [string, string, [bigint, bigint, bigint]][])(
  "is %s when %s",
  (outcome, _, [orderedWh, deliveredWh, penalisedWh]) => {
    expect(outcomeOf({ orderedWh, deliveredWh, penalisedWh })).toBe(outcome);
  },
);
