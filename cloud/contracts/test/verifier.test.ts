import { type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import { expect, it } from "vitest";
import { contractsVerifyingWith } from "../src/index.ts";
import { acceptedSc1, fullEvidence, meter } from "./event.ts";
import { DISTRICT, openMarket, sc2Terms } from "./market.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { assertRefused } from "./refusal.ts";

/** A market whose contracts ask this verifier, with an offered contract of one device. */
async function offeredBy(verify: SignatureVerifier) {
  const { market, feids } = await openMarket(1, new MemoryLedger(contractsVerifyingWith(verify)));
  const [feid] = feids;
  if (feid === undefined) throw new TypeError("no device");
  await acceptedSc1(market, feids);
  const terms = sc2Terms("feid-1");
  await market.offerAll([terms]);
  const consents = [{ contractId: terms.contractId, signatureHex: feid.consentTo(terms) }];
  return { market, feid, terms, consents };
}

it("a host's verifier is asked for keys, consents and evidence, and nothing else differs", async () => {
  const asked: string[] = [];
  const verify: SignatureVerifier = (key, message, signature) => {
    asked.push(Buffer.from(key).toString("hex"));
    return verifyZip215(key, message, signature);
  };
  const { market, feid, terms, consents } = await offeredBy(verify);
  await market.submit(DISTRICT, "sc2:AcceptReductionBatch", { consents });
  const evidence = fullEvidence(market, await market.anchor(meter(feid, terms, [2_000n, 2_000n])));
  const { contractId } = terms;
  const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId, evidence });
  expect(settled.settlement?.outcome).toBe("success");
  expect(asked).toEqual(Array(5).fill(feid.publicKeyHex));
});

it("what the host's verifier refuses is refused", async () => {
  let isRefusing = false;
  const { market, consents } = await offeredBy((...claim) => !isRefusing && verifyZip215(...claim));
  isRefusing = true;
  const batch = { caller: DISTRICT, name: "sc2:AcceptReductionBatch", argument: { consents } } as const;
  await assertRefused(market, batch, "SC2_CONSENT_UNPROVEN");
});
