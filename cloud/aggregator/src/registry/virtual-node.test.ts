import { describe, expect, it } from "vitest";
import { enrolVirtualNode, learnFromEvent, OUTCOMES_MAX } from "./virtual-node.ts";

const node = enrolVirtualNode({ vnId: "district", mspId: "VnMSP", priceMicroPerWh: 60n }, 1_000);

describe("a virtual node's reliability", () => {
  it("moves a quarter of the way to what the newest event brought", () => {
    const once = learnFromEvent(node, { eventId: "e1", orderedWh: 1_000n, deliveredWh: 600n });
    expect(once.reliabilityPerMille).toBe(900);
    const twice = learnFromEvent(once, { eventId: "e2", orderedWh: 1_000n, deliveredWh: 1_000n });
    expect(twice.reliabilityPerMille).toBe(925);
  });

  it("learns an event once, and nothing from an event without order", () => {
    const once = learnFromEvent(node, { eventId: "e1", orderedWh: 1_000n, deliveredWh: 0n });
    expect(learnFromEvent(once, { eventId: "e1", orderedWh: 1_000n, deliveredWh: 0n })).toBe(once);
    expect(learnFromEvent(node, { eventId: "e2", orderedWh: 0n, deliveredWh: 0n })).toBe(node);
  });

  it("remembers the newest events up to its bound and forgets older ones", () => {
    let current = node;
    for (let index = 0; index <= OUTCOMES_MAX; index++) {
      current = learnFromEvent(current, { eventId: `e${index}`, orderedWh: 1n, deliveredWh: 1n });
    }
    expect(current.outcomes).toHaveLength(OUTCOMES_MAX);
    expect(current.outcomes[0]?.eventId).toBe("e1");
  });
});
