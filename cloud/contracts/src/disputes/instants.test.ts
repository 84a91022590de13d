import { describe, expect, it } from "vitest";
import { programme, sc1Terms } from "../../test/market.ts";
import { contractInstants } from "./instants.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("instants that decide about a contract", () => {
  const terms = sc1Terms();
  const starts = terms.intervals.map(({ startUnixMs }) => startUnixMs);
  const end = terms.intervals.at(-1)?.endUnixMs ?? 0;

  it("are the starts of its intervals, its end, and a day later when nothing is held back", () => {
    expect(contractInstants({ terms, policy: programme().policy })).toEqual([...starts, end, end + DAY_MS]);
  });

  it("are the deadlines of disputes and of what rulings leave owing as well, each once and in order", () => {
    const windows = { disputeWindowMs: HOUR_MS, evidenceWindowMs: HOUR_MS, rulingWindowMs: 2 * HOUR_MS };
    const instants = contractInstants({ terms, policy: { ...programme().policy, ...windows } });
    // A debtor may be suspended two hours after either ruling window.
    const deadlines = [1, 2, 4, 5, 6, 8, 10].map((hours) => end + hours * HOUR_MS);
    expect(instants).toEqual([...starts, end, ...deadlines, end + DAY_MS]);
  });
});
