import { describe, expect, it } from "vitest";
import { acceptance, placed, sampleEvent } from "../../test/event-samples.ts";
import type { PlacedRequest } from "../event/index.ts";
import { fallbackTurns } from "./fallback-turns.ts";

const OPTIONS = { shortReportsMin: 2, tolerancePerMille: 50, callLeadMs: 300_000 };
const NOMINATED = acceptance([500n, 480n, 0n, 500n]);

function naming(fallbackVnIds: string[], request: PlacedRequest): PlacedRequest {
  return { ...request, request: { ...request.request, fallbackVnIds } };
}

function reporting(vnId: string, deliveredWh: bigint): PlacedRequest {
  const reports = [0, 1].map((intervalIndex) => ({ intervalIndex, deliveredWh, shortfallWh: 0n }));
  return placed(vnId, { state: "contracted", response: NOMINATED, reports });
}

describe("a fallback's turn", () => {
  it("comes when the contract that names it first falls short, for no more than that orders", () => {
    const event = sampleEvent([naming(["b", "c"], reporting("a", 100n))]);
    expect([...fallbackTurns(event, OPTIONS)]).toEqual([
      ["b", { inPlaceOf: "evening-peak.a", orderedWhMax: [500n, 480n, 0n, 500n], fallbackVnIds: ["c"] }],
    ]);
  });

  it("comes when the contract came to nothing", () => {
    const failed = placed("a", { state: "failed", response: NOMINATED });
    expect([...fallbackTurns(sampleEvent([naming(["b"], failed)]), OPTIONS).keys()]).toEqual(["b"]);
  });

  it("does not come while the node delivers, for a request without contract, or when nobody is named", () => {
    const delivering = naming(["b"], reporting("a", 480n));
    const refused = naming(["b"], placed("a", { state: "refused" }));
    const alone = reporting("a", 0n);
    for (const each of [delivering, refused, alone]) {
      expect(fallbackTurns(sampleEvent([each]), OPTIONS).size).toBe(0);
    }
  });

  it("is one contract's when two name the same node", () => {
    const event = sampleEvent([naming(["c"], reporting("a", 0n)), naming(["c"], reporting("b", 0n))]);
    expect(fallbackTurns(event, OPTIONS).get("c")?.inPlaceOf).toBe("evening-peak.a");
  });
});
