import { describe, expect, it } from "vitest";
import { placed, QUARTER_MS, START, sampleEvent, samplePlan } from "../../test/event-samples.ts";
import { phaseOf } from "./dr-event.ts";
import { addRequests, placeRequest } from "./place-request.ts";

const PLACEMENT = { vnId: "offices", priceMicroPerWh: 60n, role: "fallback", reason: "called" } as const;

function place(orderedWh: bigint[], nowUnixMs = START - 3_600_000) {
  const placement = { ...PLACEMENT, orderedWh, fallbackVnIds: Array.from({ length: 20 }, (_, index) => `vn-${index}`) };
  return placeRequest(samplePlan(), placement, { nowUnixMs, respondWithinMs: 600_000 });
}

describe("a request", () => {
  it("begins with the first interval that has an order", () => {
    const { request } = place([0n, 0n, 300n, 0n]);
    expect(request.intervals.map(({ startUnixMs }) => startUnixMs)).toEqual([
      START + 2 * QUARTER_MS,
      START + 3 * QUARTER_MS,
    ]);
    expect(request.orderedWh).toEqual([300n, 0n]);
  });

  it("caps the penalty by its value and names no more fallback nodes than the contract takes", () => {
    const { request } = place([500n, 500n, 500n, 500n]);
    expect(request.penaltyCapMicro).toBe(2_000n * 60n);
    expect(request.fallbackVnIds).toHaveLength(8);
  });

  it("leaves the node at most half of the time until it starts", () => {
    expect(place([1n, 0n, 0n, 0n]).request.respondByUnixMs).toBe(START - 3_000_000);
    expect(place([1n, 0n, 0n, 0n], START - 600_000).request.respondByUnixMs).toBe(START - 300_000);
  });

  it("is placed with a node once in an event", () => {
    const event = sampleEvent([placed("district")]);
    expect(addRequests(event, [placed("district")])).toBe(event);
    expect(addRequests(event, [place([1n, 1n, 1n, 1n])]).requests).toHaveLength(2);
  });
});

describe("the phase of an event", () => {
  it("follows from its requests and the time", () => {
    const contracted = sampleEvent([placed("district", { state: "contracted" })]);
    expect(phaseOf(sampleEvent([]), START - 1)).toBe("planned");
    expect(phaseOf(sampleEvent([placed("district")]), START - 1)).toBe("requested");
    expect(phaseOf(contracted, START - 1)).toBe("contracted");
    expect(phaseOf(contracted, START)).toBe("running");
    expect(phaseOf(contracted, START + 4 * QUARTER_MS)).toBe("settling");
  });
});
