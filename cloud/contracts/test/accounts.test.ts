import { beforeEach, describe, expect, it } from "vitest";
import { acceptedSc1, acceptedSc2, completeSc1, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  ADMINISTRATOR,
  AGGREGATOR,
  AUDITOR,
  acceptance,
  consent,
  DISTRICT,
  HASH,
  type Market,
  openMarket,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

describe("accounts", () => {
  let market: Market;
  let feids: Feid[];

  beforeEach(async () => {
    ({ market, feids } = await openMarket(1));
  });

  it("that were never used are empty", async () => {
    const account = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "feid:nobody" });
    expect(account).toMatchObject({ balanceMicro: 0n, spendableMicro: 0n, pendingCredits: [], hasMoreCredits: false });
  });

  it("get money from nowhere only by minting, which the supply counts", async () => {
    const before = await market.mintedMicro();
    await market.mint("vn:offices", 5n);
    expect(await market.mintedMicro()).toBe(before + 5n);
    expect(market.totalMicro()).toBe(before + 5n);
  });

  it.each([
    { why: "nothing", argument: { accountId: "aggregator", amountMicro: 0n } },
    { why: "less than nothing", argument: { accountId: "aggregator", amountMicro: -1n } },
    { why: "to an escrow", argument: { accountId: "escrow:sc1-1", amountMicro: 1n } },
    { why: "to an account that no one could own", argument: { accountId: "vn:Some Body", amountMicro: 1n } },
  ])("are not minted $why", async ({ argument }) => {
    await assertRefused(market, { caller: ADMINISTRATOR, name: "accounts:Mint", argument }, "ARGUMENT_INVALID");
  });

  it("show a device's account to the device and its virtual node", async () => {
    const accountId = "feid:feid-1";
    for (const caller of [feids[0]?.identity ?? DISTRICT, DISTRICT]) {
      expect((await market.submit(caller, "accounts:GetAccount", { accountId })).balanceMicro).toBe(1_000_000n);
    }
    await assertRefused(
      market,
      { caller: AGGREGATOR, name: "accounts:GetAccount", argument: { accountId } },
      "ACCESS_NOT_OWNER",
    );
  });

  describe("with a pending credit", () => {
    let transactionId: string;

    beforeEach(async () => {
      await acceptedSc1(market, feids);
      await settleSc1(market);
      await completeSc1(market);
      const { pendingCredits } = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" });
      transactionId = pendingCredits[0]?.transactionId ?? "";
    });

    const consolidate = (...transactionIds: string[]) =>
      ({
        caller: AGGREGATOR,
        name: "accounts:Consolidate",
        argument: { accountId: "aggregator", transactionIds },
      }) as const;

    it("count it in the balance, but cannot spend it", async () => {
      const account = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" });
      // All of the escrow comes back, and the penalty of a node that delivered nothing.
      expect(account.pendingCredits).toEqual([{ transactionId, amountMicro: 1_700_000n }]);
      expect(account.balanceMicro - account.spendableMicro).toBe(1_700_000n);
    });

    it("can spend it once it is consolidated, which happens once", async () => {
      const { balanceMicro } = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" });
      const call = consolidate(transactionId);
      const { spendableMicro } = await market.submit(call.caller, call.name, call.argument);
      expect(spendableMicro).toBe(balanceMicro);
      await assertRefused(market, call, "ACCOUNT_CREDIT_UNKNOWN");
      expect(await market.balanceMicro("aggregator")).toBe(balanceMicro);
    });

    it("are not consolidated from a credit named twice or never made", async () => {
      await assertRefused(market, consolidate(transactionId, transactionId), "ACCOUNT_CREDIT_UNKNOWN");
      await assertRefused(market, consolidate(HASH), "ACCOUNT_CREDIT_UNKNOWN");
    });
  });

  it("count more pending credits than one answer lists", async () => {
    for (let number = 0; number <= 500; number += 1) {
      const contractId = `sc1-${number}`;
      await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId, priceMicroPerWh: 1n }));
      await market.submit(AGGREGATOR, "sc1:SettleDR", wholeOf(contractId));
    }
    const account = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" });
    expect(account.pendingCredits).toHaveLength(500);
    expect(account.hasMoreCredits).toBe(true);
    expect(account.balanceMicro).toBe(1_000_000_000n);
    const transactionIds = account.pendingCredits.map(({ transactionId }) => transactionId);
    await market.submit(AGGREGATOR, "accounts:Consolidate", { accountId: "aggregator", transactionIds });
    const folded = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" });
    expect(folded).toMatchObject({ balanceMicro: 1_000_000_000n, hasMoreCredits: false });
    expect(folded.pendingCredits).toHaveLength(1);
  });

  describe("have a statement", () => {
    const page = (accountId: string, after: string, limit: number) =>
      market.submit(AUDITOR, "accounts:GetStatement", { accountId, after, limit });

    it("with every movement, its reason and its contract", async () => {
      await acceptedSc1(market, feids);
      await acceptedSc2(market, feids);
      const { entries, next } = await page("feid:feid-1", "", 10);
      expect(next).toBeNull();
      expect(entries.flatMap(({ transfers }) => transfers)).toEqual(
        expect.arrayContaining([
          { kind: "mint", fromId: "issuer", toId: "feid:feid-1", amountMicro: 1_000_000n, contractId: null },
          {
            kind: "lock",
            fromId: "feid:feid-1",
            toId: "escrow:sc2-1-feid-1",
            amountMicro: 150_000n,
            contractId: "sc2-1-feid-1",
          },
        ]),
      );
    });

    it("without movements of nothing", async () => {
      await acceptedSc1(market, feids);
      const terms = sc2Terms("feid-1", { penaltyCapMicro: 0n });
      await market.offer(terms);
      await market.submit(feids[0]?.identity ?? DISTRICT, "sc2:AcceptReduction", consent(terms));
      expect((await page("feid:feid-1", "", 10)).entries).toHaveLength(1);
    });

    it("in pages, in the order of their times, without gap or repetition", async () => {
      for (let minute = 1; minute <= 7; minute += 1) {
        market.nowUnixMs += 60_000;
        await market.mint("vn:offices", BigInt(minute));
      }
      const amounts: bigint[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const { entries, next } = await page("vn:offices", after, 3);
        expect(entries.length).toBeLessThanOrEqual(3);
        amounts.push(...entries.flatMap(({ transfers }) => transfers.map(({ amountMicro }) => amountMicro)));
        after = next;
      }
      expect(amounts).toEqual([1_000_000_000n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    });

    it("of at most 100 entries a page", async () => {
      expect((await page("vn:offices", "", 100)).entries).toHaveLength(1);
      const argument = { accountId: "vn:offices", after: "", limit: 101 };
      await assertRefused(market, { caller: AUDITOR, name: "accounts:GetStatement", argument }, "ARGUMENT_INVALID");
    });
  });

  it("are not mixed up when one id begins with the other", async () => {
    await market.addVirtualNode("district-2");
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ vnId: "district-2" }));
    const accept = acceptance([]);
    await assertRefused(
      market,
      { caller: DISTRICT, name: "sc1:AcceptReduction", argument: accept },
      "ACCESS_NOT_OWNER",
    );
    const { entries } = await market.submit(AUDITOR, "accounts:GetStatement", {
      accountId: "vn:district",
      after: "",
      limit: 9,
    });
    expect(entries).toHaveLength(1);
  });
});
