import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import {
  checkSupplyOpening,
  privateHashHex,
  replayTransaction,
  SUPPLY_INPUT,
  type SupplyAgreement,
} from "../src/index.ts";
import type { Feid } from "./feid.ts";
import {
  ADMINISTRATOR,
  AGGREGATOR,
  AUDITOR,
  DISTRICT,
  DSO,
  type Market,
  openMarket,
  supplyAgreement,
} from "./market.ts";
import { Refusal } from "./memory-ledger.ts";

const FIRST = { deviceId: "feid-1", revision: 0 };

describe("a private agreement of node and prosumer", () => {
  let market: Market;
  let feid: Feid;
  let stranger: Feid;
  let agreement: SupplyAgreement;

  beforeEach(async () => {
    const opened = await openMarket(2);
    market = opened.market;
    [feid, stranger] = opened.feids as [Feid, Feid];
    agreement = supplyAgreement(feid);
  });

  const agree = (value: unknown = agreement, argument = FIRST, caller = DISTRICT) =>
    market.submit(caller, "supply:Agree", argument, new Map([[SUPPLY_INPUT, canonicalJson(value)]]));
  const codeOf = (refused: Promise<unknown>) =>
    refused.then(
      () => "accepted",
      (error: unknown) => (error instanceof Refusal ? error.code : error),
    );

  it("is told to its two sides and the auditor, as it was signed", async () => {
    await agree();
    for (const caller of [DISTRICT, feid.identity, AUDITOR]) {
      expect(await market.submit(caller, "supply:GetAgreement", FIRST)).toEqual(agreement);
    }
    expect(await codeOf(market.submit(stranger.identity, "supply:GetAgreement", FIRST))).toBe("ACCESS_NOT_OWNER");
    for (const caller of [AGGREGATOR, DSO, ADMINISTRATOR]) {
      expect(await codeOf(market.submit(caller, "supply:GetAgreement", FIRST))).toBe("ACCESS_DENIED");
    }
  });

  it("leaves no trace of itself in state, event and answer", async () => {
    const before = market.ledger.snapshot();
    expect(await agree()).toEqual(FIRST);
    expect(market.ledger.snapshot()).toBe(before);
    expect(market.ledger.events.at(-1)).toEqual({ name: "supply.Agreed", payload: canonicalJson(FIRST) });
  });

  it("is known to the channel by a hash that fits the opened agreement and no other", async () => {
    await agree();
    const commitment = await market.submit(DSO, "supply:GetCommitment", FIRST);
    expect(commitment.hashHex).toBe(privateHashHex(agreement));
    expect(() => checkSupplyOpening(agreement, commitment, feid.publicKeyHex)).not.toThrow();
    const cheaper = supplyAgreement(feid, { tariff: { importMicroPerWh: 1n, exportMicroPerWh: 80n } });
    expect(() => checkSupplyOpening(cheaper, commitment, feid.publicKeyHex)).toThrow(/^SUPPLY_UNKNOWN: /);
    const other = supplyAgreement(feid, { saltHex: "00".repeat(32) });
    expect(() => checkSupplyOpening(other, commitment, feid.publicKeyHex)).toThrow(/^SUPPLY_UNKNOWN: /);
    expect(() => checkSupplyOpening(agreement, commitment, stranger.publicKeyHex)).toThrow(
      /^SUPPLY_CONSENT_UNPROVEN: /,
    );
  });

  it("is followed by revisions without gaps, each put down once", async () => {
    const second = { ...FIRST, revision: 1 };
    const revised = supplyAgreement(feid, { revision: 1, contact: "by telephone" });
    expect(await codeOf(agree(revised, second))).toBe("SUPPLY_UNKNOWN");
    await agree();
    expect(await codeOf(agree())).toBe("SUPPLY_REVISION_TAKEN");
    await agree(revised, second);
    expect(await market.submit(feid.identity, "supply:GetAgreement", FIRST)).toEqual(agreement);
    expect((await market.submit(feid.identity, "supply:GetAgreement", second)).terms.contact).toBe("by telephone");
  });

  it.each([
    ["without private input", "PRIVATE_INPUT_MISSING", () => market.submit(DISTRICT, "supply:Agree", FIRST)],
    ["with another shape", "ARGUMENT_INVALID", () => agree({ ...agreement, note: "no salt" })],
    ["of another device", "SUPPLY_FOREIGN_DEVICE", () => agree(supplyAgreement(stranger))],
    ["of another revision", "SUPPLY_FOREIGN_DEVICE", () => agree(supplyAgreement(feid, { revision: 3 }))],
    ["of another node", "SUPPLY_FOREIGN_DEVICE", () => agree(supplyAgreement(feid, { vnId: "offices" }))],
    [
      "that the device did not sign",
      "SUPPLY_CONSENT_UNPROVEN",
      () => agree({ ...agreement, terms: { ...agreement.terms, contact: "never" } }),
    ],
    [
      "for a device that nobody enrolled",
      "REGISTRY_DEVICE_UNKNOWN",
      () => agree(agreement, { ...FIRST, deviceId: "feid-9" }),
    ],
    ["by the auditor", "ACCESS_DENIED", () => agree(agreement, FIRST, AUDITOR)],
  ] as const)("is refused %s", async (_, code, act) => {
    expect(await codeOf(act())).toBe(code);
    expect(await codeOf(market.submit(AUDITOR, "supply:GetCommitment", FIRST))).toBe("SUPPLY_UNKNOWN");
  });

  it("is sealed for whoever replays blocks: its input is in none", async () => {
    const creator = { mspId: "VnMSP", attributes: { role: "vn", vnId: "district" }, certificatePem: "" };
    const past = { name: "supply:Agree", argument: canonicalJson(FIRST), transactionId: "ab".repeat(32), creator };
    const state = new Map(market.ledger.entries(""));
    const replay = await replayTransaction({ ...past, claimedAtUnixMs: 0 }, (key) => state.get(key));
    expect(replay).toEqual({ ok: "sealed" });
  });
});
