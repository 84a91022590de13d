import { beforeEach, describe, expect, it } from "vitest";
import type { Sc1Terms } from "../src/index.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  BEFORE_EVENT_UNIX_MS,
  DISTRICT,
  EVENT_START_UNIX_MS,
  intervalsFrom,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
  sc1Terms,
  staff,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const FIRST = { contractId: "sc1-1" };

describe("a fallback", () => {
  let market: Market;

  /** The district is asked, with the offices and then the village behind it. */
  beforeEach(async () => {
    ({ market } = await openMarket(0));
    await market.addVirtualNode("village");
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ fallbackVnIds: ["offices", "village"] }));
  });

  const call = (changes: Partial<Sc1Terms> = {}, contractId = "sc1-1") => {
    const terms = sc1Terms({ contractId: "sc1-2", vnId: "offices", fallbackVnIds: ["village"], ...changes });
    return { caller: AGGREGATOR, name: "sc1:CallFallback", argument: { contractId, terms } } as const;
  };
  const decline = () => market.submit(DISTRICT, "sc1:RefuseReduction", { ...FIRST, reason: "a storm is coming" });
  const stateOf = async (contractId: string) =>
    (await market.submit(AUDITOR, "sc1:GetContract", { contractId })).contract;

  it("takes the place of a node that declined, and may accept like any other", async () => {
    await decline();
    const { contract } = await market.submit(AGGREGATOR, "sc1:CallFallback", call().argument);
    expect(contract).toMatchObject({ state: "proposed", heldMicro: 1_200_000n });
    const accepted = await market.submit(OFFICES, "sc1:AcceptReduction", { ...acceptance([]), contractId: "sc1-2" });
    expect(accepted.contract.state).toBe("accepted");
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("is called once for a request, and follows when the first one declines as well", async () => {
    await decline();
    await market.submit(AGGREGATOR, "sc1:CallFallback", call().argument);
    await assertRefused(market, call({ contractId: "sc1-3" }), "SC1_FALLBACK_CALLED");
    await market.submit(OFFICES, "sc1:RefuseReduction", { contractId: "sc1-2", reason: "nobody is here" });
    const last = call({ contractId: "sc1-3", vnId: "village", fallbackVnIds: [] }, "sc1-2");
    await market.submit(AGGREGATOR, "sc1:CallFallback", last.argument);
    expect((await stateOf("sc1-3")).terms.vnId).toBe("village");
    await market.submit(staff("vn", "village"), "sc1:RefuseReduction", {
      contractId: "sc1-3",
      reason: "nobody is here either",
    });
    const beyond = call({ contractId: "sc1-4", vnId: "district", fallbackVnIds: [] }, "sc1-3");
    await assertRefused(market, beyond, "SC1_FALLBACK_OUT_OF_TURN");
  });

  it("ends a request that began unanswered, whose escrow it takes over, for what is left of it", async () => {
    const late = { intervals: intervalsFrom(EVENT_START_UNIX_MS + MTU_MS, 1), orderedWh: [2_000n] };
    await assertRefused(market, call(late), "SC1_WRONG_STATE");
    market.nowUnixMs = EVENT_START_UNIX_MS;
    await assertRefused(market, call(late), "SC1_WRONG_STATE");
    await market.pass(EVENT_START_UNIX_MS);
    await market.submit(AGGREGATOR, "sc1:CallFallback", call(late).argument);
    expect(await stateOf("sc1-1")).toMatchObject({ state: "expired", heldMicro: 0n });
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n - 600_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
    market.nowUnixMs = BEFORE_EVENT_UNIX_MS;
    const accept = { caller: DISTRICT, name: "sc1:AcceptReduction", argument: acceptance([]) } as const;
    await assertRefused(market, accept, "SC1_WRONG_STATE");
  });

  it.each([
    ["out of turn", "SC1_FALLBACK_OUT_OF_TURN", { vnId: "village", fallbackVnIds: [] }],
    ["with other fallbacks behind it", "SC1_FALLBACK_OUT_OF_TURN", { fallbackVnIds: [] }],
    ["for another event", "SC1_FALLBACK_OUT_OF_TURN", { eventId: "event-2" }],
    ["for more than was asked", "SC1_FALLBACK_EXCEEDED", { orderedWh: [2_000n, 2_001n] }],
    ["for other intervals", "SC1_FALLBACK_EXCEEDED", { intervals: intervalsFrom(EVENT_START_UNIX_MS + MTU_MS, 2) }],
    ["under a known id", "SC1_EXISTS", { contractId: "sc1-1" }],
  ] as const)("is not called %s", async (_, code, changes) => {
    await decline();
    await assertRefused(market, call(changes), code);
  });

  it("stands beside a node that serves the request and falls short, whose contract goes on", async () => {
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance([]));
    const before = await stateOf("sc1-1");
    const rest = { intervals: intervalsFrom(EVENT_START_UNIX_MS + MTU_MS, 1), orderedWh: [700n] };
    await market.submit(AGGREGATOR, "sc1:CallFallback", call(rest).argument);
    expect(await stateOf("sc1-1")).toEqual(before);
    expect(await stateOf("sc1-2")).toMatchObject({ state: "proposed", heldMicro: 700n * before.terms.priceMicroPerWh });
    expect(market.totalMicro()).toBe(await market.mintedMicro());
    await assertRefused(market, call({ ...rest, contractId: "sc1-3" }), "SC1_FALLBACK_CALLED");
  });

  it("is not called while the node may still answer, after the settlement, or by anybody else", async () => {
    await assertRefused(market, call(), "SC1_WRONG_STATE");
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance([]));
    await assertRefused(market, { ...call(), caller: OFFICES }, "ACCESS_DENIED");
    await market.submit(DISTRICT, "sc1:SettleDR", { ...FIRST, chunkNo: null, settlements: [] });
    await assertRefused(market, call(), "SC1_WRONG_STATE");
  });
});
