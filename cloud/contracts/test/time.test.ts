import { beforeEach, describe, expect, it } from "vitest";
import { acceptedSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  BEFORE_EVENT_UNIX_MS,
  consent,
  DISTRICT,
  DSO,
  EVENT_START_UNIX_MS,
  type Market,
  OFFICES,
  openMarket,
  sc1Terms,
  sc2Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const INSTANT = { instantUnixMs: EVENT_START_UNIX_MS };

describe("time on the ledger", () => {
  let market: Market;
  let feids: Feid[];

  beforeEach(async () => {
    ({ market, feids } = await openMarket(1));
  });

  it.each([
    { who: "nobody", callers: [], hasPassed: false },
    { who: "one neutral organisation", callers: [DSO], hasPassed: false },
    { who: "one organisation twice, by two of its members", callers: [DISTRICT, OFFICES], hasPassed: false },
    { who: "payer and payee together", callers: [AGGREGATOR, DISTRICT], hasPassed: false },
    { who: "a payer and a neutral organisation", callers: [AGGREGATOR, AUDITOR], hasPassed: true },
    { who: "both neutral organisations", callers: [DSO, AUDITOR], hasPassed: true },
  ])("has passed when $who attested it: $hasPassed", async ({ callers, hasPassed }) => {
    market.nowUnixMs = EVENT_START_UNIX_MS;
    for (const caller of callers) await market.submit(caller, "time:AttestInstant", INSTANT);
    expect((await market.submit(DISTRICT, "time:GetInstant", INSTANT)).hasPassed).toBe(hasPassed);
  });

  it("is not attested before it is there by the caller's own clock", async () => {
    market.nowUnixMs = EVENT_START_UNIX_MS - 1;
    await assertRefused(market, { caller: DSO, name: "time:AttestInstant", argument: INSTANT }, "TIME_IN_FUTURE");
  });

  it("stops late acceptances whose timestamps lie", async () => {
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "sc1-2" }));
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"]));
    await market.offer(sc2Terms("feid-1"));
    market.nowUnixMs = EVENT_START_UNIX_MS;
    for (const caller of [DSO, AUDITOR]) await market.submit(caller, "time:AttestInstant", INSTANT);
    market.nowUnixMs = BEFORE_EVENT_UNIX_MS;
    const accept = { ...acceptance(["feid-1"]), contractId: "sc1-2" };
    await assertRefused(
      market,
      { caller: DISTRICT, name: "sc1:AcceptReduction", argument: accept },
      "SC1_LATE_ACCEPTANCE",
    );
    const feid = feids[0] as Feid;
    const argument = consent(sc2Terms("feid-1"));
    await assertRefused(
      market,
      { caller: feid.identity, name: "sc2:AcceptReduction", argument },
      "SC2_LATE_ACCEPTANCE",
    );
  });

  it("makes only those conflict who rest on the very instant", async () => {
    await acceptedSc1(market, feids);
    await market.offer(sc2Terms("feid-1"));
    const feid = feids[0] as Feid;
    const argument = consent(sc2Terms("feid-1"));
    const endorse = (name: string, of: unknown, caller = feid.identity) =>
      market.ledger.endorse(caller, { name, args: [JSON.stringify(of)], atUnixMs: BEFORE_EVENT_UNIX_MS });
    const acceptance_ = await endorse("sc2:AcceptReduction", argument);
    const other = await endorse("time:AttestInstant", { instantUnixMs: BEFORE_EVENT_UNIX_MS }, DSO);
    expect([other, acceptance_].map((each) => market.ledger.commit(each))).toEqual([true, true]);
  });
});
