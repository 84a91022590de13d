import type { Sc1, Sc1Dispute } from "@gridpact/contracts";
import { expect, it } from "vitest";
import { sc1Due } from "./sc1-course.ts";

const HOUR = 3_600_000;
const END = 10 * HOUR;

/** Windows of an hour each: those about SC2 end three hours after the end, those about the SC1 three hours later. */
function contract(changes: Partial<Sc1> = {}): Sc1 {
  const policy = { disputeWindowMs: HOUR, evidenceWindowMs: HOUR, rulingWindowMs: HOUR };
  const terms = { intervals: [{ startUnixMs: END - HOUR, endUnixMs: END }] };
  return { terms, policy, state: "completed", heldMicro: 5n, ...changes } as unknown as Sc1;
}

const OPEN = { state: "open" } as Sc1Dispute;
const CLOSED = { state: "closed" } as Sc1Dispute;
const PAID = { heldMicro: 0n };
const UNPAID = { state: "settled" } as const;

it.each([
  ["waits for the disputes about its SC2", contract(), undefined, 2, { kind: "wait", untilUnixMs: END + 3 * HOUR }],
  ["is compared when they are over", contract(), undefined, 3, { kind: "compare" }],
  ["is compared before it is paid, too", contract(UNPAID), undefined, 3, { kind: "compare" }],
  ["is released when nobody disputed it", contract(), undefined, 4, { kind: "release" }],
  ["is done when it holds nothing", contract(PAID), undefined, 4, { kind: "done" }],
  ["waits for its payment", contract(UNPAID), undefined, 4, { kind: "wait", untilUnixMs: END + 4 * HOUR }],
  ["is added up anew while it is disputed", contract(), OPEN, 4, { kind: "sumAnew" }],
  ["is left to the auditor then", contract(), OPEN, 5, { kind: "wait", untilUnixMs: END + 6 * HOUR }],
  ["is closed when nobody ruled", contract(), OPEN, 6, { kind: "close" }],
  ["is done when a dispute paid what it held", contract(PAID), CLOSED, 6, { kind: "done" }],
  ["is released after a dispute before the payment", contract(), CLOSED, 6, { kind: "release" }],
] as const)("%s", (_, sc1, dispute, hours, expected) => {
  expect(sc1Due(sc1, dispute, END + hours * HOUR)).toEqual(expected);
});
