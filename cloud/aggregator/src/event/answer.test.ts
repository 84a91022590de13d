import { describe, expect, it } from "vitest";
import { acceptance, placed, REFUSAL, START } from "../../test/event-samples.ts";
import { answered, reported } from "./answer.ts";

const NOW = START - 3_000_000;
const FULL = acceptance([500n, 500n, 500n, 500n]);

function codeOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "accepted";
}

describe("an answer to a request", () => {
  it("accepts or refuses it", () => {
    expect(answered(placed("a"), FULL, NOW)).toMatchObject({ state: "accepted", response: FULL });
    expect(answered(placed("a"), REFUSAL, NOW)).toMatchObject({ state: "refused" });
  });

  it("changes nothing when it is repeated, and is refused when it has changed", () => {
    const accepted = answered(placed("a"), FULL, NOW);
    expect(answered(accepted, acceptance([500n, 500n, 500n, 500n]), NOW)).toBe(accepted);
    expect(codeOf(() => answered(accepted, acceptance([500n, 500n, 500n, 499n]), NOW))).toBe("RESPONSE_CONFLICT");
    expect(codeOf(() => answered(accepted, REFUSAL, NOW))).toBe("RESPONSE_CONFLICT");
  });

  it("is taken until its time is over and not after", () => {
    const { respondByUnixMs } = placed("a").request;
    expect(codeOf(() => answered(placed("a"), FULL, respondByUnixMs))).toBe("accepted");
    expect(codeOf(() => answered(placed("a"), FULL, respondByUnixMs + 1))).toBe("RESPONSE_TOO_LATE");
    expect(codeOf(() => answered(placed("a", { state: "expired" }), FULL, NOW))).toBe("RESPONSE_TOO_LATE");
  });

  it("must nominate something, within the order, for every interval, with a proof", () => {
    const faulty = [
      acceptance([500n]),
      acceptance([501n, 500n, 500n, 500n]),
      acceptance([-1n, 500n, 500n, 500n]),
      acceptance([0n, 0n, 0n, 0n]),
      { ...FULL, acceptanceProofHashHex: "AB".repeat(32) },
    ];
    for (const response of faulty) expect(codeOf(() => answered(placed("a"), response, NOW))).toBe("RESPONSE_INVALID");
  });
});

describe("a report", () => {
  const contracted = placed("a", { state: "contracted", response: FULL });
  const report = { intervalIndex: 3, deliveredWh: 400n, shortfallWh: 100n };

  it("is kept once for each interval; the first one stands", () => {
    const once = reported(contracted, report);
    expect(once.reports).toEqual([report]);
    expect(reported(once, { ...report, deliveredWh: 0n })).toBe(once);
  });

  it("is refused with energies below nothing, by which nobody could scale what is still to come", () => {
    expect(reported(contracted, { ...report, deliveredWh: 0n, shortfallWh: 0n }).reports).toHaveLength(1);
    expect(codeOf(() => reported(contracted, { ...report, deliveredWh: -1n }))).toBe("REPORT_INVALID");
    expect(codeOf(() => reported(contracted, { ...report, shortfallWh: -1n }))).toBe("REPORT_INVALID");
  });

  it("is refused outside the request's intervals and without contract", () => {
    expect(codeOf(() => reported(contracted, { ...report, intervalIndex: 4 }))).toBe("REPORT_INVALID");
    expect(codeOf(() => reported(contracted, { ...report, intervalIndex: -1 }))).toBe("REPORT_INVALID");
    expect(codeOf(() => reported(placed("a"), report))).toBe("REPORT_INVALID");
  });
});
