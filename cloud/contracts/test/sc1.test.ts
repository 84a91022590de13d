import { beforeEach, describe, expect, it } from "vitest";
import type { Sc1Terms } from "../src/index.ts";
import { acceptedSc1, acceptedSc2, completeSc1, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  DISTRICT,
  EVENT_START_UNIX_MS,
  HASH,
  intervalsFrom,
  type Market,
  MTU_MS,
  openMarket,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const CONTRACT = { contractId: "sc1-1" };

describe("an SC1", () => {
  let market: Market;
  let feids: Feid[];

  beforeEach(async () => {
    ({ market, feids } = await openMarket(1));
  });

  const setUp = (changes: Partial<Sc1Terms>) =>
    ({ caller: AGGREGATOR, name: "sc1:SetupDR", argument: sc1Terms(changes) }) as const;
  const accept = (changes: Partial<ReturnType<typeof acceptance>>) =>
    ({ caller: DISTRICT, name: "sc1:AcceptReduction", argument: { ...acceptance(["feid-1"]), ...changes } }) as const;
  const settle = { caller: DISTRICT, name: "sc1:SettleDR", argument: wholeOf() } as const;
  const complete = { caller: AGGREGATOR, name: "sc1:DRCompletion", argument: { ...CONTRACT, chunkNo: null } } as const;

  it.each([
    { why: "values for fewer intervals", changes: { orderedWh: [1n] }, code: "TERMS_INVALID" },
    { why: "a negative order", changes: { orderedWh: [1n, -1n] }, code: "ARGUMENT_INVALID" },
    { why: "a negative price", changes: { priceMicroPerWh: -1n }, code: "ARGUMENT_INVALID" },
    { why: "a gap between intervals", changes: { intervals: gap() }, code: "TERMS_INVALID" },
    { why: "intervals off their grid", changes: { intervals: intervalsFrom(1_000, 2) }, code: "TERMS_INVALID" },
    { why: "intervals of two lengths", changes: { intervals: twoLengths() }, code: "TERMS_INVALID" },
    { why: "a virtual node nobody registered", changes: { vnId: "village" }, code: "REGISTRY_VN_UNKNOWN" },
    { why: "itself as fallback", changes: { fallbackVnIds: ["district"] }, code: "TERMS_INVALID" },
    {
      why: "more money than the aggregator has",
      changes: { priceMicroPerWh: 10n ** 9n },
      code: "ACCOUNT_INSUFFICIENT",
    },
    { why: "17 fallbacks", changes: { fallbackVnIds: fallbacks(17) }, code: "ARGUMENT_INVALID" },
  ] as const)("is not set up with $why", async ({ changes, code }) => {
    await assertRefused(market, setUp(changes), code);
  });

  it("takes 16 fallbacks", async () => {
    const { contract } = await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ fallbackVnIds: fallbacks(16) }));
    expect(contract.terms.fallbackVnIds).toHaveLength(16);
  });

  it("is not set up twice under one id", async () => {
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
    await assertRefused(market, setUp({ orderedWh: [1n, 1n] }), "SC1_EXISTS");
  });

  it("gives the aggregator its money back when it is refused", async () => {
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
    const refusal = { ...CONTRACT, reason: "a storm is coming" };
    const { contract } = await market.submit(DISTRICT, "sc1:RefuseReduction", refusal);
    expect(contract).toMatchObject({ state: "refused", heldMicro: 0n, refusal: "a storm is coming" });
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n);
    await assertRefused(market, accept({}), "SC1_WRONG_STATE");
    await assertRefused(market, settle, "SC1_WRONG_STATE");
  });

  it("expires when it is settled without ever having been accepted", async () => {
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
    const { contract } = await market.submit(AGGREGATOR, "sc1:SettleDR", wholeOf());
    expect(contract).toMatchObject({ state: "expired", heldMicro: 0n });
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n);
    await assertRefused(market, accept({}), "SC1_WRONG_STATE");
    await assertRefused(market, complete, "SC1_WRONG_STATE");
  });

  describe("proposed", () => {
    beforeEach(async () => {
      await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
    });

    it.each([
      {
        why: "a commitment of other baselines",
        changes: { baselineCommitmentHex: HASH },
        code: "SC1_BASELINE_MISMATCH",
      },
      { why: "baselines changed after", changes: { baselines: { "feid-1": [9n, 9n] } }, code: "SC1_BASELINE_MISMATCH" },
      { why: "baselines for fewer intervals", changes: { baselines: { "feid-1": [9n] } }, code: "TERMS_INVALID" },
      { why: "nominations for fewer intervals", changes: { nominatedWh: [1n] }, code: "TERMS_INVALID" },
      { why: "another contract's id", changes: { contractId: "sc1-9" }, code: "SC1_UNKNOWN" },
    ] as const)("is not accepted with $why", async ({ changes, code }) => {
      await assertRefused(market, accept(changes), code);
    });

    it("is accepted until the event starts, and not from then on", async () => {
      market.nowUnixMs = EVENT_START_UNIX_MS;
      await assertRefused(market, accept({}), "SC1_LATE_ACCEPTANCE");
      market.nowUnixMs = EVENT_START_UNIX_MS - 1;
      const { contract } = await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"]));
      expect(contract.state).toBe("accepted");
      await assertRefused(market, accept({}), "SC1_WRONG_STATE");
      const refusal = { ...CONTRACT, reason: "never mind" };
      const refuse = { caller: DISTRICT, name: "sc1:RefuseReduction", argument: refusal } as const;
      await assertRefused(market, refuse, "SC1_WRONG_STATE");
    });

    it("is not accepted by a virtual node that cannot pay the deposit", async () => {
      const terms = sc1Terms({ contractId: "sc1-2", penaltyCapMicro: 10n ** 10n });
      await market.submit(AGGREGATOR, "sc1:SetupDR", terms);
      await assertRefused(market, accept({ contractId: "sc1-2" }), "ACCOUNT_INSUFFICIENT");
    });
  });

  it("shows the baseline that was committed for a device, to the device too", async () => {
    await acceptedSc1(market, feids);
    const argument = { ...CONTRACT, deviceId: "feid-1" };
    const baseline = await market.submit((feids[0] as Feid).identity, "sc1:GetBaseline", argument);
    expect(baseline.baselineWh).toEqual([3_000n, 3_000n]);
    const unknown = {
      caller: AUDITOR,
      name: "sc1:GetBaseline",
      argument: { ...CONTRACT, deviceId: "feid-9" },
    } as const;
    await assertRefused(market, unknown, "SC1_BASELINE_UNKNOWN");
  });

  it("without any SC2 is a failure with the whole penalty", async () => {
    await acceptedSc1(market, feids);
    const { contract } = await settleSc1(market);
    expect(contract.settlement).toMatchObject({ outcome: "failure", paidMicro: 0n, penaltyMicro: 500_000n });
  });

  it("is settled only when all its SC2 are, once, and paid only then, once", async () => {
    await acceptedSc1(market, feids);
    const [terms] = await acceptedSc2(market, feids);
    await assertRefused(market, complete, "SC1_WRONG_STATE");
    await assertRefused(market, settle, "SC1_SC2_UNSETTLED");
    const actualWh = [2_000n, 2_000n];
    const evidence = await delivered(market, feids[0] as Feid, { terms: terms ?? sc2Terms("feid-1"), actualWh });
    await market.submit(DISTRICT, "sc2:SettleDR", { contractId: "sc2-1-feid-1", evidence });
    await settleSc1(market);
    await assertRefused(market, settle, "SC1_WRONG_STATE");
    await completeSc1(market);
    await assertRefused(market, complete, "SC1_WRONG_STATE");
    await assertRefused(market, settle, "SC1_WRONG_STATE");
    const paid = await market.submit(AUDITOR, "sc2:GetContract", { contractId: "sc2-1-feid-1" });
    expect(paid).toMatchObject({ state: "completed", heldMicro: 0n });
  });

  it("is unknown until it is set up", async () => {
    await assertRefused(market, settle, "SC1_UNKNOWN");
    await assertRefused(market, { caller: AUDITOR, name: "sc1:GetContract", argument: CONTRACT }, "SC1_UNKNOWN");
  });
});

function gap() {
  return [...intervalsFrom(EVENT_START_UNIX_MS, 1), ...intervalsFrom(EVENT_START_UNIX_MS + 2 * MTU_MS, 1)];
}

function twoLengths() {
  const endUnixMs = EVENT_START_UNIX_MS + 3 * MTU_MS;
  return [...intervalsFrom(EVENT_START_UNIX_MS, 1), { startUnixMs: EVENT_START_UNIX_MS + MTU_MS, endUnixMs }];
}

function fallbacks(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `fallback-${index}`);
}
