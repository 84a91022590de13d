import { canonicalJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { CHUNKS_PER_SC1_MAX } from "../src/index.ts";
import { ARGUMENT_CHARS_MAX } from "../src/transaction/read-argument.ts";
import { acceptedSc1 } from "./event.ts";
import { AGGREGATOR, AUDITOR, acceptance, DISTRICT, HASH, openMarket, sc2Terms } from "./market.ts";
import { assertRefused } from "./refusal.ts";

const offers = (count: number, start = 0) =>
  Array.from({ length: count }, (_, index) =>
    sc2Terms("feid-1", { contractId: `offer-${start + index}`, priceMicroPerWh: 1n }),
  );

describe("limits", () => {
  it("take 200 SC2 in one batch, not 201", async () => {
    const { market, feids } = await openMarket(1);
    await acceptedSc1(market, feids);
    const over = {
      caller: DISTRICT,
      name: "sc2:SetupDRBatch",
      argument: { chunkNo: 99, reserveId: null, contracts: offers(201) },
    } as const;
    await assertRefused(market, over, "ARGUMENT_INVALID");
    const { contracts } = await market.offerAll(offers(200));
    expect(contracts).toHaveLength(200);
    const settlements = contracts.map(({ contractId }) => ({ contractId, evidence: null }));
    const last = settlements.at(-1) ?? { contractId: "", evidence: null };
    const overSettled = { settlements: [...settlements, last] };
    await assertRefused(
      market,
      { caller: DISTRICT, name: "sc2:SettleDRBatch", argument: overSettled },
      "ARGUMENT_INVALID",
    );
    expect((await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements })).contracts).toHaveLength(200);
  });

  it("take 128 chunks of SC2 under one SC1, not 129", async () => {
    const { market, feids } = await openMarket(1);
    await acceptedSc1(market, feids);
    const call = (chunkNo: number) =>
      ({
        caller: DISTRICT,
        name: "sc2:SetupDRBatch",
        argument: { chunkNo, reserveId: null, contracts: offers(1, chunkNo) },
      }) as const;
    await assertRefused(market, call(CHUNKS_PER_SC1_MAX), "ARGUMENT_INVALID");
    await market.submit(DISTRICT, "sc2:SetupDRBatch", call(CHUNKS_PER_SC1_MAX - 1).argument);
    const { chunks } = await market.submit(AUDITOR, "sc1:GetContract", { contractId: "sc1-1" });
    expect(chunks).toEqual([{ chunkNo: CHUNKS_PER_SC1_MAX - 1, state: "open" }]);
  });

  it("take 2,000 baselines, not 2,001", async () => {
    const { market } = await openMarket(0);
    const ids = Array.from({ length: 2_001 }, (_, index) => `candidate-${index}`);
    await acceptedSc1(market, []);
    const call = (count: number) =>
      ({ caller: DISTRICT, name: "sc1:AcceptReduction", argument: acceptance(ids.slice(0, count)) }) as const;
    await assertRefused(market, call(2_001), "ARGUMENT_INVALID");
    await assertRefused(market, call(2_000), "SC1_WRONG_STATE");
  });

  it("take 500 credits to consolidate, not 501", async () => {
    const { market } = await openMarket(0);
    const call = (count: number) => {
      const argument = { accountId: "aggregator", transactionIds: Array.from({ length: count }, () => HASH) };
      return { caller: AGGREGATOR, name: "accounts:Consolidate", argument } as const;
    };
    await assertRefused(market, call(501), "ARGUMENT_INVALID");
    await assertRefused(market, call(500), "ACCOUNT_CREDIT_UNKNOWN");
  });

  it("take an argument of 8 MiB characters, not one more", async () => {
    const { market } = await openMarket(0);
    const frame = canonicalJson({ vnId: "" }).length;
    const answer = async (characters: number) => {
      const args = [canonicalJson({ vnId: "x".repeat(characters - frame) })];
      return (await market.ledger.endorse(AUDITOR, { name: "anchors:GetHead", args, atUnixMs: 0 })).message;
    };
    expect(await answer(ARGUMENT_CHARS_MAX)).toMatch(/^ARGUMENT_INVALID: \$\.vnId: must be a VN id/);
    expect(await answer(ARGUMENT_CHARS_MAX + 1)).toMatch(/^ARGUMENT_INVALID: over 8388608 characters/);
  });
});

describe("an argument", () => {
  async function answer(text: string): Promise<string> {
    const { market } = await openMarket(0);
    const call = { name: "accounts:GetStatement", args: [text], atUnixMs: 0 };
    return (await market.ledger.endorse(AUDITOR, call)).message;
  }

  it("is refused with all its faults at once", async () => {
    expect(await answer('{"accountId":"nobody","extra":1,"limit":"3"}')).toBe(
      "ARGUMENT_INVALID: $.extra: is not a known field; $.accountId: must be an account id: aggregator, vn:<vnId> or " +
        "feid:<deviceId>; $.after: must be the `next` of a page; $.limit: must be a whole number from 1 to 100",
    );
  });

  it.each([
    { why: "not JSON", text: "{" },
    { why: "not canonical", text: '{"limit":1, "after":""}' },
    { why: "not an object", text: "[]" },
    { why: "empty", text: "" },
  ])("is refused when it is $why", async ({ text }) => {
    expect(await answer(text)).toMatch(/^ARGUMENT_INVALID: /);
  });

  it("lists at most 50 faults", async () => {
    const fields = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, 0]));
    expect(await answer(canonicalJson(fields))).toMatch(/; and 13 more$/);
  });
});
