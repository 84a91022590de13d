import { beforeEach, describe, expect, it } from "vitest";
import type { TransactionArgument } from "../src/index.ts";
import { acceptedSc1, acceptedSc2, completeSc1, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  ADMINISTRATOR,
  AGGREGATOR,
  AUDITOR,
  consent,
  DISTRICT,
  EVENT_START_UNIX_MS,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
  programme,
  sc1Terms,
  sc2Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const FROM = EVENT_START_UNIX_MS - 8 * MTU_MS;
const TO = EVENT_START_UNIX_MS - 4 * MTU_MS;
const DUE = EVENT_START_UNIX_MS;
const GRACE_MS = programme().graceMs;

describe("a bill", () => {
  let market: Market;
  let feids: Feid[];
  let feid: Feid;

  beforeEach(async () => {
    ({ market, feids } = await openMarket(2));
    feid = feids[0] as Feid;
    await market.submit(AGGREGATOR, "programmes:Publish", programme());
  });

  /** Registers at both ends: 1,000 Wh imported, `exportWh` exported. */
  async function billOf(exportWh: bigint, changes: Partial<TransactionArgument<"claims:Bill">> = {}) {
    const { fromUnixMs = FROM, toUnixMs = TO } = changes;
    const anchored = await market.anchor([
      feid.sign([{ measuredAtUnixMs: BigInt(fromUnixMs), importWh: 7_000n, exportWh: 50n }]),
      feid.sign([{ measuredAtUnixMs: BigInt(toUnixMs), importWh: 8_000n, exportWh: 50n + exportWh }]),
    ]);
    const boundaries = [0, 1].map((envelope) => ({ envelope, reading: 0 }));
    const evidence = [{ vnId: "district", evidence: market.evidence(anchored, boundaries) }];
    const bill = { claimId: "bill-1", programmeId: "evening", vnId: "district", deviceId: "feid-1" };
    const argument = { ...bill, fromUnixMs, toUnixMs, dueUnixMs: DUE, evidence, ...changes };
    return { caller: DISTRICT, name: "claims:Bill", argument } as const;
  }

  const pay = { name: "claims:Pay", argument: { claimId: "bill-1" } } as const;
  const suspend = { caller: DISTRICT, name: "claims:Suspend", argument: { claimId: "bill-1" } } as const;
  const offer = (deviceId: string, contractId: string) => {
    const terms = sc2Terms(deviceId, { contractId });
    return { caller: DISTRICT, name: "sc2:SetupDR", argument: { chunkNo: 50, terms } } as const;
  };

  it("follows from signed registers and the tariff, and is paid once", async () => {
    const { argument } = await billOf(500n);
    const claim = await market.submit(DISTRICT, "claims:Bill", argument);
    expect(claim).toMatchObject({ amountMicro: 300n * 1_000n - 80n * 500n, state: "open" });
    await market.submit(feid.identity, "claims:Pay", pay.argument);
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_000_000n - 260_000n);
    expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n + 260_000n);
    await assertRefused(market, { ...pay, caller: feid.identity }, "CLAIM_PAID");
    await assertRefused(market, suspend, "CLAIM_PAID");
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("is refused when nothing is owed, evidence is missing, or a span is billed twice", async () => {
    await assertRefused(market, await billOf(10_000n), "CLAIM_NOTHING_OWED");
    const nothing = { envelopes: [], boundaries: [null, null] };
    const without = await billOf(0n, { evidence: [{ vnId: "district", evidence: nothing }] });
    await assertRefused(market, without, "EVIDENCE_MISSING");
    await assertRefused(market, await billOf(0n, { dueUnixMs: TO - 1 }), "TERMS_INVALID");
    await market.submit(DISTRICT, "claims:Bill", (await billOf(0n)).argument);
    const overlap = { claimId: "bill-2", fromUnixMs: TO - MTU_MS, toUnixMs: TO + MTU_MS };
    await assertRefused(market, await billOf(0n, overlap), "CLAIM_ALREADY_BILLED");
    const next = await billOf(0n, { fromUnixMs: TO, toUnixMs: TO + MTU_MS });
    await assertRefused(market, next, "CLAIM_EXISTS");
  });

  it("is refused by registers that run backwards", async () => {
    await assertRefused(market, await billOf(-1n), "EVIDENCE_MALFORMED");
  });

  it("is shown to both sides, paid and suspended for by one each, and unknown to others", async () => {
    await market.submit(DISTRICT, "claims:Bill", (await billOf(0n)).argument);
    const read = { name: "claims:GetClaim", argument: pay.argument } as const;
    for (const caller of [feid.identity, DISTRICT, AUDITOR]) {
      expect(await market.submit(caller, read.name, read.argument)).toMatchObject({ claimId: "bill-1" });
    }
    for (const caller of [AGGREGATOR, OFFICES, (feids[1] as Feid).identity]) {
      await assertRefused(market, { ...read, caller }, "ACCESS_NOT_OWNER");
    }
    await assertRefused(market, { ...suspend, caller: feid.identity }, "ACCESS_NOT_OWNER");
    const unknown = { claimId: "bill-2" };
    await assertRefused(market, { ...read, caller: AUDITOR, argument: unknown }, "CLAIM_UNKNOWN");
    await assertRefused(market, { ...pay, caller: feid.identity, argument: unknown }, "CLAIM_UNKNOWN");
    await assertRefused(market, { ...suspend, argument: unknown }, "CLAIM_UNKNOWN");
  });

  it("suspends the debtor only when the channel saw the grace end, and until it is paid", async () => {
    await acceptedSc1(market, feids);
    await market.submit(DISTRICT, "claims:Bill", (await billOf(0n)).argument);
    market.nowUnixMs = DUE + GRACE_MS;
    await assertRefused(market, suspend, "CLAIM_NOT_OVERDUE");
    await market.pass(DUE + GRACE_MS);
    await market.submit(DISTRICT, "claims:Suspend", suspend.argument);
    await assertRefused(market, suspend, "CLAIM_SUSPENDS_ALREADY");
    await assertRefused(market, offer("feid-1", "new"), "PARTY_SUSPENDED");
    const transfer = { fromId: "feid:feid-1", toId: "vn:district", amountMicro: 1n, reference: "gift" };
    await assertRefused(
      market,
      { caller: feid.identity, name: "accounts:Transfer", argument: transfer },
      "PARTY_SUSPENDED",
    );
    const burn = { accountId: "feid:feid-1", amountMicro: 1n };
    await assertRefused(market, { caller: feid.identity, name: "accounts:Burn", argument: burn }, "PARTY_SUSPENDED");
    await market.submit(feid.identity, "claims:Pay", pay.argument);
    expect(await market.submit(AUDITOR, "claims:GetSuspension", { accountId: "feid:feid-1" })).toBeNull();
    expect((await market.submit(DISTRICT, "sc2:SetupDR", offer("feid-1", "new").argument)).state).toBe("proposed");
  });

  it.each([
    { known: 63, isTaken: true },
    { known: 64, isTaken: false },
  ])("suspends for one more claim beside $known: $isTaken", async ({ known, isTaken }) => {
    await market.submit(DISTRICT, "claims:Bill", (await billOf(0n)).argument);
    await market.pass(DUE + GRACE_MS);
    const claimIds = Array.from({ length: known }, (_, index) => `older-${index}`);
    market.ledger.seed("suspension/feid:feid-1", { accountId: "feid:feid-1", claimIds });
    if (!isTaken) return assertRefused(market, suspend, "CLAIM_SUSPENDS_ALREADY");
    const suspension = await market.submit(DISTRICT, "claims:Suspend", suspend.argument);
    expect(suspension.claimIds).toHaveLength(known + 1);
  });

  it("leaves a suspended device what it was promised: its running contract is settled and paid", async () => {
    await acceptedSc1(market, feids);
    const contracts = await acceptedSc2(market, feids);
    await market.offer(sc2Terms("feid-1", { contractId: "open-offer" }));
    await market.submit(DISTRICT, "claims:Bill", (await billOf(0n)).argument);
    await market.pass(DUE + GRACE_MS);
    await market.submit(DISTRICT, "claims:Suspend", suspend.argument);
    const settlements = [];
    for (const [index, terms] of contracts.entries()) {
      const evidence = await delivered(market, feids[index] as Feid, { terms, actualWh: [2_000n, 2_000n] });
      settlements.push({ contractId: terms.contractId, evidence });
    }
    settlements.push({ contractId: "open-offer", evidence: null });
    await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements });
    await settleSc1(market);
    await completeSc1(market);
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_400_000n);
  });

  it("stops a suspended device from accepting, and a suspended node from being asked", async () => {
    await acceptedSc1(market, feids);
    const terms = sc2Terms("feid-1");
    await market.offer(terms);
    market.ledger.seed("suspension/feid:feid-1", { accountId: "feid:feid-1", claimIds: ["x"] });
    const accept = { caller: feid.identity, name: "sc2:AcceptReduction", argument: consent(terms) } as const;
    await assertRefused(market, accept, "PARTY_SUSPENDED");
    market.ledger.seed("suspension/vn:district", { accountId: "vn:district", claimIds: ["x"] });
    const request = { caller: AGGREGATOR, name: "sc1:SetupDR", argument: sc1Terms({ contractId: "sc1-2" }) } as const;
    await assertRefused(market, request, "PARTY_SUSPENDED");
  });
});

describe("money", () => {
  it("is transferred by its owner, and burned to be paid out", async () => {
    const { market, feids } = await openMarket(1);
    const { identity } = feids[0] as Feid;
    const transfer = { fromId: "feid:feid-1", toId: "vn:district", amountMicro: 400_000n, reference: "rent" };
    await market.submit(identity, "accounts:Transfer", transfer);
    await market.submit(identity, "accounts:Burn", { accountId: "feid:feid-1", amountMicro: 600_000n });
    expect(await market.balanceMicro("feid:feid-1")).toBe(0n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
    const more = {
      caller: identity,
      name: "accounts:Burn",
      argument: { accountId: "feid:feid-1", amountMicro: 1n },
    } as const;
    await assertRefused(market, more, "ACCOUNT_INSUFFICIENT");
    const self = { ...transfer, toId: "feid:feid-1" };
    await assertRefused(market, { caller: identity, name: "accounts:Transfer", argument: self }, "TERMS_INVALID");
  });

  it("is minted up to the limit, which burning makes room in", async () => {
    const { market, feids } = await openMarket(1);
    const { identity } = feids[0] as Feid;
    const limit = { circulatingMaxMicro: await market.mintedMicro() };
    await market.submit(ADMINISTRATOR, "accounts:SetSupplyLimit", limit);
    const mint = {
      caller: ADMINISTRATOR,
      name: "accounts:Mint",
      argument: { accountId: "aggregator", amountMicro: 1n },
    } as const;
    await assertRefused(market, mint, "ACCOUNT_SUPPLY_EXCEEDED");
    await market.submit(identity, "accounts:Burn", { accountId: "feid:feid-1", amountMicro: 1n });
    await market.submit(ADMINISTRATOR, "accounts:Mint", mint.argument);
    const lower = { circulatingMaxMicro: limit.circulatingMaxMicro - 1n };
    await assertRefused(
      market,
      { caller: ADMINISTRATOR, name: "accounts:SetSupplyLimit", argument: lower },
      "ACCOUNT_SUPPLY_EXCEEDED",
    );
  });
});
