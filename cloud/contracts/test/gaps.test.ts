import { beforeEach, describe, expect, it } from "vitest";
import { type Evidence, GAP_GRACE_MS, type Sc2Terms } from "../src/index.ts";
import { acceptedSc1, acceptedSc2, delivered, meter } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  type Anchored,
  BEFORE_EVENT_UNIX_MS,
  DISTRICT,
  EVENT_START_UNIX_MS,
  type Market,
  MTU_MS,
  openMarket,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const END = EVENT_START_UNIX_MS + 2 * MTU_MS;
const NOTHING: Evidence = { envelopes: [], boundaries: [null, null, null] };

/** Under the default programme: nothing is held back, so what is settled wrongly could never be made good. */
describe("a missing reading", () => {
  let market: Market;
  let feid: Feid;
  let terms: Sc2Terms;

  beforeEach(async () => {
    const opened = await openMarket(1);
    market = opened.market;
    feid = opened.feids[0] as Feid;
    await acceptedSc1(market, opened.feids);
    [terms] = (await acceptedSc2(market, opened.feids)) as [Sc2Terms];
  });

  const byNode = (evidence: Evidence) =>
    ({ caller: DISTRICT, name: "sc2:SettleDR", argument: { contractId: terms.contractId, evidence } }) as const;
  const byAggregator = (evidence: Evidence) => {
    const settlements = [{ contractId: terms.contractId, evidence }];
    const argument = { contractId: "sc1-1", chunkNo: 0, settlements };
    return { caller: AGGREGATOR, name: "sc1:SettleDR", argument } as const;
  };
  const showing = ([start, , end]: readonly Anchored[], isEndShown: boolean) => {
    const shown = [start, ...(isEndShown ? [end] : [])] as Anchored[];
    const last = isEndShown ? { envelope: 1, reading: 0 } : null;
    return market.evidence(shown, [{ envelope: 0, reading: 0 }, null, last]);
  };

  it("is no gap before the event, nor while it runs, whatever the node's clock says", async () => {
    await assertRefused(market, byNode(NOTHING), "EVIDENCE_EARLY_GAP");
    await market.pass(EVENT_START_UNIX_MS);
    market.nowUnixMs = END;
    await assertRefused(market, byNode(NOTHING), "EVIDENCE_EARLY_GAP");
    await assertRefused(market, byNode(showing(await shownBy(), false)), "EVIDENCE_EARLY_GAP");
  });

  it("is none on the word of payer and payee alone", async () => {
    market.nowUnixMs = END;
    for (const caller of [AGGREGATOR, DISTRICT]) {
      await market.submit(caller, "time:AttestInstant", { instantUnixMs: END });
    }
    await assertRefused(market, byNode(NOTHING), "EVIDENCE_EARLY_GAP");
  });

  it("is a gap once the end is attested", async () => {
    await market.pass(END);
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", byNode(NOTHING).argument);
    expect(settled.settlement).toMatchObject({ outcome: "failure", deliveredWh: 0n });
  });

  it("is a gap as well when the device itself shows that the end has passed", async () => {
    const evidence = showing(await shownBy(), true);
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", byNode(evidence).argument);
    expect(settled.settlement?.intervals.map(({ actualWh }) => actualWh)).toEqual([null, null]);
  });

  it("is not priced by the aggregator, who wins by it, before the node had its time", async () => {
    await market.pass(END);
    await assertRefused(market, byAggregator(NOTHING), "EVIDENCE_EARLY_GAP");
    await assertRefused(market, byAggregator(showing(await shownBy(), true)), "EVIDENCE_EARLY_GAP");
    await market.pass(END + GAP_GRACE_MS);
    market.nowUnixMs = BEFORE_EVENT_UNIX_MS;
    await market.submit(AGGREGATOR, "sc1:SettleDR", byAggregator(NOTHING).argument);
    expect(market.ledger.entries("sc2/")[0]?.[1]).toContain('"state":"settled"');
  });

  it("is not asked about when all boundaries are shown: full evidence settles at any time", async () => {
    const evidence = await delivered(market, feid, { terms, actualWh: [2_000n, 2_000n] });
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", byNode(evidence).argument);
    expect(settled.state).toBe("settled");
  });

  function shownBy(): Promise<Anchored[]> {
    return market.anchor(meter(feid, terms, [2_000n, 2_000n]));
  }
});
