import { describe, expect, it } from "vitest";
import type { Assignment, EventDocument } from "../document/index.ts";
import { drRequest, END, START } from "../test/agent-bench.ts";
import { openBusinessOf } from "./open-business.ts";

const assignment: Assignment = {
  contractId: "peak.district.1",
  deviceId: "a",
  kind: "original",
  firstInterval: 0,
  orderedWh: [1n],
  consentByUnixMs: START,
  status: "accepted",
  chunkNo: 0,
  isSettled: false,
  settleRefusals: 0,
  amendment: null,
};

function event(changes: Partial<EventDocument>): EventDocument {
  return {
    request: drRequest(1n),
    phase: "running",
    reason: "",
    candidates: [],
    nominatedWh: [],
    assignments: [assignment],
    round: 0,
    amending: null,
    deliveringPerMille: {},
    reports: [],
    plannedAtUnixMs: 0,
    plannedAtHeight: 0,
    ...changes,
  };
}

const candidates = [{ deviceId: "a" }] as EventDocument["candidates"];

describe("open business with a device", () => {
  it.each([
    ["a contract in force", event({}), START, "contract peak.district.1 is in force"],
    ["a contract whose event is over", event({ phase: "settling" }), END, "contract peak.district.1 is being settled"],
    ["an event that may call it", event({ assignments: [], candidates }), START, "event peak may still call it"],
    ["a contract that lapsed", event({ assignments: [{ ...assignment, status: "lapsed" }] }), START, undefined],
    [
      "a contract that is settled and not paid",
      event({ phase: "settled", assignments: [{ ...assignment, isSettled: true }] }),
      END,
      "contract peak.district.1 is being settled",
    ],
    [
      "a contract that was settled without readings which may still come",
      event({ phase: "completed", gapContractIds: ["peak.district.1"] }),
      END,
      "readings of contract peak.district.1 may still come",
    ],
    ["another's gap", event({ phase: "completed", gapContractIds: ["peak.district.2"] }), END, undefined],
    ["a call that can come no more", event({ phase: "settling", assignments: [], candidates }), END, undefined],
    ["a finished event", event({ phase: "completed" }), END, undefined],
  ])("is %s, or not", (_, open, nowUnixMs, expected) => {
    expect(openBusinessOf([open], "a", nowUnixMs)).toBe(expected);
    expect(openBusinessOf([open], "b", nowUnixMs)).toBeUndefined();
  });
});
