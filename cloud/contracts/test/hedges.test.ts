import { beforeEach, describe, expect, it } from "vitest";
import {
  AGGREGATOR,
  AUDITOR,
  DISTRICT,
  DSO,
  EVENT_START_UNIX_MS,
  hedgeTerms,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const DAY_MS = 86_400_000;
const HEDGE = { hedgeId: "hedge-1" };
const FIRST_INTERVAL = { startUnixMs: EVENT_START_UNIX_MS, endUnixMs: EVENT_START_UNIX_MS + MTU_MS };
const EMPTY_INTERVAL = { startUnixMs: EVENT_START_UNIX_MS + MTU_MS, endUnixMs: EVENT_START_UNIX_MS + MTU_MS };

describe("a hedge", () => {
  let market: Market;

  beforeEach(async () => {
    ({ market } = await openMarket(0));
  });

  async function open(changes: Parameters<typeof hedgeTerms>[0] = {}): Promise<void> {
    await market.submit(AGGREGATOR, "hedges:Offer", hedgeTerms(changes));
    await market.submit(DISTRICT, "hedges:Accept", HEDGE);
  }

  async function publish(prices: readonly bigint[], callers = [DSO, AUDITOR]): Promise<void> {
    for (const [index, priceMicroPerWh] of prices.entries()) {
      const startUnixMs = EVENT_START_UNIX_MS + index * MTU_MS;
      for (const caller of callers) {
        await market.submit(caller, "hedges:PublishIndex", { indexId: "day-ahead", startUnixMs, priceMicroPerWh });
      }
    }
  }

  it("pays the holder by the published index, and the writer its premium", async () => {
    await open();
    await publish([130n, 90n]);
    const { settlement, state } = await market.submit(DISTRICT, "hedges:Settle", HEDGE);
    expect({ state, ...settlement }).toMatchObject({ state: "settled", toHolderMicro: 30_000n });
    expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n - 5_000n + 30_000n);
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n + 5_000n - 30_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
    await assertRefused(market, { caller: DISTRICT, name: "hedges:Settle", argument: HEDGE }, "HEDGE_WRONG_STATE");
  });

  it("charges the holder of a collar below its floor, out of what it locked", async () => {
    await open({ kind: "collar", floorMicroPerWh: 50n, holderCollateralMicro: 10_000n });
    await publish([20n, 60n]);
    await market.submit(AUDITOR, "hedges:Settle", HEDGE);
    expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n - 5_000n - 10_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("waits for prices on which both publishers agree", async () => {
    await open();
    const settle = { caller: DISTRICT, name: "hedges:Settle", argument: HEDGE } as const;
    await assertRefused(market, settle, "INDEX_MISSING");
    await publish([130n, 90n], [DSO]);
    await assertRefused(market, settle, "INDEX_MISSING");
    await publish([130n, 91n], [AUDITOR]);
    await assertRefused(market, settle, "INDEX_MISSING");
    const again = { indexId: "day-ahead", startUnixMs: EVENT_START_UNIX_MS, priceMicroPerWh: 1n };
    await assertRefused(market, { caller: DSO, name: "hedges:PublishIndex", argument: again }, "INDEX_PUBLISHED");
  });

  it("ends without prices, too: both have their collateral back", async () => {
    await open();
    const voiding = { caller: DISTRICT, name: "hedges:Void", argument: HEDGE } as const;
    await assertRefused(market, voiding, "HEDGE_NOT_DUE");
    await market.pass(hedgeTerms().settleByUnixMs);
    await market.submit(DISTRICT, "hedges:Void", HEDGE);
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n + 5_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("may be for evenings with nights between", async () => {
    const nextDay = { startUnixMs: FIRST_INTERVAL.startUnixMs + DAY_MS, endUnixMs: FIRST_INTERVAL.endUnixMs + DAY_MS };
    const terms = { intervals: [FIRST_INTERVAL, nextDay], settleByUnixMs: nextDay.endUnixMs };
    await market.submit(AGGREGATOR, "hedges:Offer", hedgeTerms(terms));
  });

  it("is not voided when it can be settled", async () => {
    await open();
    await publish([130n, 90n]);
    await market.pass(hedgeTerms().settleByUnixMs);
    await assertRefused(market, { caller: AGGREGATOR, name: "hedges:Void", argument: HEDGE }, "INDEX_COMPLETE");
  });

  it("is accepted by its holder before it begins, or withdrawn by its writer", async () => {
    await market.submit(AGGREGATOR, "hedges:Offer", hedgeTerms());
    const accept = { caller: DISTRICT, name: "hedges:Accept", argument: HEDGE } as const;
    await assertRefused(market, { ...accept, caller: OFFICES }, "ACCESS_NOT_OWNER");
    market.nowUnixMs = EVENT_START_UNIX_MS;
    await assertRefused(market, accept, "HEDGE_LATE");
    await market.submit(AGGREGATOR, "hedges:Withdraw", HEDGE);
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n);
    await assertRefused(market, accept, "HEDGE_WRONG_STATE");
  });

  it("is offered once, and done nothing with before", async () => {
    const acts = ["hedges:Accept", "hedges:Withdraw", "hedges:Settle", "hedges:Void", "hedges:GetHedge"] as const;
    for (const name of acts) {
      await assertRefused(market, { caller: AGGREGATOR, name, argument: HEDGE }, "HEDGE_UNKNOWN");
    }
    await market.submit(AGGREGATOR, "hedges:Offer", hedgeTerms());
    const again = { caller: AGGREGATOR, name: "hedges:Offer", argument: hedgeTerms({ premiumMicro: 1n }) } as const;
    await assertRefused(market, again, "HEDGE_EXISTS");
  });

  it.each([
    { why: "a cap without a strike", changes: { capMicroPerWh: null } },
    { why: "itself on both sides", changes: { holderId: "aggregator" } },
    { why: "a settlement before its end", changes: { settleByUnixMs: EVENT_START_UNIX_MS } },
    { why: "a quantity too few", changes: { quantityWh: [1n] } },
    { why: "its intervals backwards", changes: { intervals: hedgeTerms().intervals.toReversed() } },
    { why: "an interval twice", changes: { intervals: [FIRST_INTERVAL, FIRST_INTERVAL] } },
    { why: "an interval without length", changes: { intervals: [FIRST_INTERVAL, EMPTY_INTERVAL] } },
  ])("is not offered with $why", async ({ changes }) => {
    const offer = { caller: AGGREGATOR, name: "hedges:Offer", argument: hedgeTerms(changes) } as const;
    await assertRefused(market, offer, "TERMS_INVALID");
  });
});
