import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import { RESERVES_MAX } from "../src/accounts/reserve.ts";
import type { TransactionArgument } from "../src/index.ts";
import { acceptedSc1 } from "./event.ts";
import { Feid } from "./feid.ts";
import { AUDITOR, consent, DISTRICT, EVENT_START_UNIX_MS, type Market, openMarket, sc2Terms } from "./market.ts";
import { assertRefused } from "./refusal.ts";

describe("consents in a batch", () => {
  let market: Market;
  let feids: Feid[];

  beforeEach(async () => {
    ({ market, feids } = await openMarket(3));
    await acceptedSc1(market, feids);
    await market.offerAll(feids.map(({ deviceId }) => sc2Terms(deviceId)));
  });

  const consentOf = (feid: Feid, signer: Feid = feid, terms = sc2Terms(feid.deviceId)) => ({
    contractId: sc2Terms(feid.deviceId).contractId,
    signatureHex: signer.consentTo(terms),
  });
  const batch = (consents: TransactionArgument<"sc2:AcceptReductionBatch">["consents"]) =>
    ({ caller: DISTRICT, name: "sc2:AcceptReductionBatch", argument: { consents } }) as const;

  it("bind every device by its own signature and lock its deposit", async () => {
    const { argument } = batch(feids.map((feid) => consentOf(feid)));
    const { contracts } = await market.submit(DISTRICT, "sc2:AcceptReductionBatch", argument);
    expect(contracts.map(({ state }) => state)).toEqual(["accepted", "accepted", "accepted"]);
    expect(await market.balanceMicro("feid:feid-2")).toBe(1_000_000n - 150_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("are refused as a whole for a forged, replayed or late one", async () => {
    const [first, second] = feids as [Feid, Feid];
    await assertRefused(market, batch([consentOf(first), consentOf(second, first)]), "SC2_CONSENT_UNPROVEN");
    const cheaper = sc2Terms("feid-1", { priceMicroPerWh: 1n });
    await assertRefused(market, batch([consentOf(first, first, cheaper)]), "SC2_CONSENT_UNPROVEN");
    await assertRefused(market, batch([consentOf(first), consentOf(first)]), "SC2_WRONG_STATE");
    await market.submit(first.identity, "sc2:AcceptReduction", consent(sc2Terms("feid-1")));
    await assertRefused(market, batch([consentOf(second), consentOf(first)]), "SC2_WRONG_STATE");
    market.nowUnixMs = EVENT_START_UNIX_MS;
    await assertRefused(market, batch([consentOf(second)]), "SC2_LATE_ACCEPTANCE");
  });

  it("are refused for a device whose key was revoked", async () => {
    await market.submit(DISTRICT, "registry:RevokeDevice", { deviceId: "feid-1", reason: "stolen" });
    await assertRefused(market, batch([consentOf(feids[0] as Feid)]), "REGISTRY_DEVICE_REVOKED");
  });

  it("are handed in by the node of the devices alone", async () => {
    const call = { ...batch([consentOf(feids[0] as Feid)]), caller: new Feid("feid-1").identity };
    await assertRefused(market, call, "ACCESS_DENIED");
  });

  it("do not conflict in one block when they are about different devices", async () => {
    const endorsed = [];
    for (const feid of feids) {
      const { name, argument } = batch([consentOf(feid)]);
      const call = { name, args: [canonicalJson(argument)], atUnixMs: market.nowUnixMs };
      endorsed.push(await market.ledger.endorse(DISTRICT, call));
    }
    expect(endorsed.map((each) => market.ledger.commit(each))).toEqual([true, true, true]);
  });
});

describe("reserves", () => {
  it("count in the balance, however many there are", async () => {
    const { market } = await openMarket(0);
    for (let call = 0; call < 9; call += 1) {
      const reserves = Array.from({ length: RESERVES_MAX }, (_, each) => {
        return { reserveId: `chunk-${call}-${each}`, amountMicro: 1_000n };
      });
      await market.submit(DISTRICT, "accounts:Reserve", { accountId: "vn:district", reserves });
    }
    const account = await market.submit(DISTRICT, "accounts:GetAccount", { accountId: "vn:district" });
    expect(account.balanceMicro).toBe(1_000_000_000n);
    expect(account.spendableMicro).toBe(1_000_000_000n - 9n * BigInt(RESERVES_MAX) * 1_000n);
  });

  const RESERVES = [
    { reserveId: "chunk-0", amountMicro: 500_000n },
    { reserveId: "chunk-1", amountMicro: 400_000n },
  ];

  it("let chunks be set up in one block without conflict, and give back what is left", async () => {
    const { market, feids } = await openMarket(2);
    await acceptedSc1(market, feids);
    const before = await market.balanceMicro("vn:district");
    await market.submit(DISTRICT, "accounts:Reserve", { accountId: "vn:district", reserves: RESERVES });
    expect(await market.balanceMicro("vn:district")).toBe(before);
    const endorsed = [];
    for (const [chunkNo, { deviceId }] of feids.entries()) {
      const argument = { chunkNo, reserveId: `chunk-${chunkNo}`, contracts: [sc2Terms(deviceId)] };
      const call = { name: "sc2:SetupDRBatch", args: [canonicalJson(argument)], atUnixMs: market.nowUnixMs };
      endorsed.push(await market.ledger.endorse(DISTRICT, call));
    }
    expect(endorsed.map((each) => market.ledger.commit(each))).toEqual([true, true]);
    const account = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "vn:district" });
    expect(account.pendingCredits.map(({ amountMicro }) => amountMicro)).toEqual([100_000n]);
    expect(account.balanceMicro).toBe(before - 800_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("are made of money that is there, once each, and spent once each", async () => {
    const { market, feids } = await openMarket(2);
    await acceptedSc1(market, feids);
    const set = (reserves: typeof RESERVES) =>
      ({ caller: DISTRICT, name: "accounts:Reserve", argument: { accountId: "vn:district", reserves } }) as const;
    await assertRefused(market, set([{ reserveId: "all", amountMicro: 10n ** 9n }]), "ACCOUNT_INSUFFICIENT");
    await market.submit(DISTRICT, "accounts:Reserve", set(RESERVES).argument);
    await assertRefused(market, set(RESERVES.slice(1)), "ACCOUNT_RESERVE_EXISTS");
    const offer = (chunkNo: number, reserveId: string, deviceIds: string[]) => {
      const contracts = deviceIds.map((deviceId) => sc2Terms(deviceId));
      return { caller: DISTRICT, name: "sc2:SetupDRBatch", argument: { chunkNo, reserveId, contracts } } as const;
    };
    await assertRefused(market, offer(0, "chunk-7", ["feid-1"]), "ACCOUNT_RESERVE_UNKNOWN");
    await assertRefused(market, offer(0, "chunk-1", ["feid-1", "feid-2"]), "ACCOUNT_INSUFFICIENT");
    await market.submit(DISTRICT, "sc2:SetupDRBatch", offer(0, "chunk-1", ["feid-1"]).argument);
    await assertRefused(market, offer(1, "chunk-1", ["feid-2"]), "ACCOUNT_RESERVE_UNKNOWN");
  });
});
