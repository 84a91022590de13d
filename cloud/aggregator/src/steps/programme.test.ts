import { describe, expect, it } from "vitest";
import { AggregatorBench } from "../../test/aggregator-bench.ts";
import { acceptance, QUARTER_MS, START, samplePlan } from "../../test/event-samples.ts";
import type { AggregatorOptions } from "../aggregator-options.ts";

const DISTRICT = "evening-peak.district";
const PROGRAMME = { programmeId: "evening" } as AggregatorOptions["programme"];

async function acceptedBench(programme: AggregatorOptions["programme"] = PROGRAMME): Promise<AggregatorBench> {
  const bench = new AggregatorBench({ programme });
  await bench.open();
  await bench.enrolNodes();
  await bench.core().planEvent(samplePlan());
  await bench.settleDown();
  return bench;
}

const accept = (bench: AggregatorBench) => bench.core().respond(DISTRICT, acceptance([500n, 500n, 500n, 500n]));
const stateOf = (bench: AggregatorBench) => bench.core().event("evening-peak")?.requests[0]?.state;

describe("the programme that nodes are asked under", () => {
  it("is published once, over a restart too, and named in every contract", async () => {
    const bench = await acceptedBench();
    await bench.open();
    await bench.settleDown();
    expect(bench.ledger.programmeIds).toEqual(["evening"]);
    await accept(bench);
    await bench.settleDown();
    expect(bench.ledger.sc1.get(DISTRICT)?.terms.programmeId).toBe("evening");
  });

  it("is the one that everybody is in when there is no other", async () => {
    const bench = await acceptedBench(null);
    await accept(bench);
    await bench.settleDown();
    expect(bench.ledger.programmeIds).toEqual([]);
    expect(bench.ledger.sc1.get(DISTRICT)?.terms.programmeId).toBe("default");
  });

  it("is waited for until the node has agreed to it, but not beyond the beginning", async () => {
    const joining = await acceptedBench();
    joining.ledger.isNobodyEnrolled = true;
    await accept(joining);
    await joining.settleDown();
    expect(stateOf(joining)).toBe("accepted");
    joining.ledger.isNobodyEnrolled = false;
    await joining.settleDown();
    expect(stateOf(joining)).toBe("contracted");
    const never = await acceptedBench();
    never.ledger.isNobodyEnrolled = true;
    await accept(never);
    await never.clock.advanceTo(START + QUARTER_MS);
    await never.settleDown();
    expect(stateOf(never)).toBe("failed");
  });
});
