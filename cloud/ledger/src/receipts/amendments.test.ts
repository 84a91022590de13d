import { amendmentHash, termsHash } from "@gridpact/contracts";
import { signingKeyFromSeed } from "@gridpact/host";
import { amendmentSigningBytes, verifyZip215 } from "@gridpact/proto";
import { canonicalJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { checkAmendments } from "./amendments.ts";
import type { ReceiptLedger } from "./proven-ledger.ts";
import type { Receipt } from "./receipt.ts";

const key = signingKeyFromSeed(Buffer.alloc(32, 7));
const stranger = signingKeyFromSeed(Buffer.alloc(32, 8));
const terms: Receipt["terms"] = {
  contractId: "event:feid-1",
  sc1Id: "sc1-1",
  deviceId: "feid-1",
  intervals: [0, 1].map((index) => ({ startUnixMs: index * 900_000, endUnixMs: (index + 1) * 900_000 })),
  orderedWh: [1_000n, 1_000n],
  baselineWh: [3_000n, 3_000n],
  priceMicroPerWh: 200n,
  penaltyMicroPerWh: 100n,
  penaltyCapMicro: 150_000n,
  kind: "original",
};
const receipt = { terms, sc1Id: "sc1-1", publicKeyHex: Buffer.from(key.publicKey).toString("hex") } as Receipt;

type Changes = { amendmentNo?: number; orderedWh?: bigint[]; sc1Id?: string; contractId?: string; signer?: typeof key };

/** One `sc2:Amend` with a change of another device beside that of this one. */
function amendment({ amendmentNo = 1, orderedWh = [1_000n, 0n], signer = key, ...rest }: Changes = {}) {
  const { sc1Id = "sc1-1", contractId = terms.contractId } = rest;
  const order = { amendmentNo, orderedWh, penaltyCapMicro: 75_000n };
  const hashHex = amendmentHash({ contractId: terms.contractId, termsHashHex: termsHash(terms), ...order });
  const signatureHex = Buffer.from(signer.sign(amendmentSigningBytes(Buffer.from(hashHex, "hex")))).toString("hex");
  const changes = [
    { contractId: "another", ...order, signatureHex },
    { contractId, ...order, signatureHex },
  ];
  const argument = canonicalJson({ sc1Id, changes, joinedIds: [], sumChangeWh: [0n, 0n] });
  return { argument, transactionId: "aa" } as ReceiptLedger["amendments"][number];
}

const check = (...amendments: ReceiptLedger["amendments"]) =>
  checkAmendments(receipt, { amendments } as ReceiptLedger, verifyZip215);

describe("checkAmendments", () => {
  it("gives the order that the last amendment left in force, in words, too", () => {
    expect(check()).toEqual({ value: null, detail: "none" });
    const { value, detail } = check(amendment(), amendment({ amendmentNo: 2, orderedWh: [1_000n, 300n] }));
    expect(value).toEqual({ amendmentNo: 2, orderedWh: [1_000n, 300n], penaltyCapMicro: 75_000n });
    expect(detail).toBe("2 amendments, signed by the device: 1000 300 Wh instead of 1000 1000");
  });

  it.each([
    ["another key signed it", [amendment({ signer: stranger })], /is not signed by the device/],
    ["it is of another contract", [amendment({ contractId: "event:feid-2" })], /is not of event:feid-1/],
    ["it is of another SC1", [amendment({ sc1Id: "sc1-2" })], /under sc1-1/],
    ["one before it is missing", [amendment({ amendmentNo: 2 })], /amendment 2 stands where 1 should/],
    ["it is listed twice", [amendment(), amendment()], /amendment 1 stands where 2 should/],
  ])("does not hold when %s", (_, amendments, fault) => {
    expect(() => check(...amendments)).toThrow(fault);
  });
});
