import { canonicalJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, openMarket } from "./market.ts";

/** Organisations of the channel. */
const MSP_IDS = ["AggregatorMSP", "AuditorMSP", "DsoMSP", "VnMSP"];

describe("keys that hold money", () => {
  const mint = async (accountId: string) => {
    const { market } = await openMarket(0);
    const args = [canonicalJson({ accountId, amountMicro: 1n })];
    return market.ledger.endorse(ADMINISTRATOR, { name: "accounts:Mint", args, atUnixMs: market.nowUnixMs });
  };

  it("get a policy when they are new, and only then", async () => {
    expect([...(await mint("feid:new")).policies.keys()]).toEqual(["account/feid:new"]);
    expect([...(await mint("aggregator")).policies.keys()]).toEqual([]);
  });

  it("are changed with the endorsement of two organisations, whichever they are", async () => {
    const [policyHex = ""] = (await mint("feid:new")).policies.values();
    const policy = Buffer.from(policyHex, "hex");
    // rule = NOutOf { n: 2, rules: signed_by 0..3 }
    const rule = `121412120802${[0, 1, 2, 3].map((index) => `1202080${index}`).join("")}`;
    expect(policyHex.startsWith(rule)).toBe(true);
    for (const mspId of MSP_IDS) expect(policy.includes(mspId)).toBe(true);
  });
});
