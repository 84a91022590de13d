import { collections, contracts } from "@gridpact/contracts";
import { silentLog } from "@gridpact/host";
import { gateway } from "@hyperledger/fabric-protos";
import { expect, test } from "vitest";
import { auditBlocks } from "../src/audit/index.ts";
import { EvaluateError } from "../src/client/index.ts";
import {
  BlockVerifier,
  OrderedBlockVerifier,
  type ProvenBlock,
  type ProvenTransaction,
} from "../src/evidence/index.ts";
import { Outbox } from "../src/outbox/index.ts";
import { decodeBlock, deployedPolicies } from "../src/protocol/index.ts";
import { openConsenters } from "./consenters.ts";
import { openHarness } from "./harness.ts";
import { openSupply } from "./supply-market.ts";

const FIRST = { deviceId: "feid-1", revision: 0 };

test("who may read a private agreement: its sides and the auditor, at a peer of theirs, and nobody else", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts, collections }] });
  const { agree, agreement, feid, person, operator } = await openSupply(harness);
  expect(await agree()).toMatchObject({ name: "VALID" });
  const auditor = person("auditor", "AuditorMSP", { role: "auditor" });
  for (const reader of [operator, feid, auditor]) {
    expect(await reader.evaluate("supply:GetAgreement", FIRST)).toEqual(JSON.parse(agreement));
  }
  // Whoever may see them names whose peer is to answer; another's has no values.
  const askedAt = (mspId: string) =>
    auditor.evaluate("supply:GetAgreement", FIRST, { endorsingOrganisations: [mspId] });
  expect(await askedAt("VnMSP")).toEqual(JSON.parse(agreement));
  await expect(askedAt("AggregatorMSP")).rejects.toThrow("a peer of AggregatorMSP has no values of collection supply");
  await expect(askedAt("NobodyMSP")).rejects.toThrow("no peer of a wanted organisation");
  // The contract refuses the aggregator; its peer could not have told it anything.
  const aggregator = person("aggregator", "AggregatorMSP", { role: "aggregator" });
  await expect(aggregator.evaluate("supply:GetAgreement", FIRST)).rejects.toBeInstanceOf(EvaluateError);
  for (const reader of [aggregator, person("dso", "DsoMSP", { role: "dso" })]) {
    const { hashHex } = (await reader.evaluate("supply:GetCommitment", FIRST)) as { hashHex: string };
    expect(hashHex).toMatch(/^[0-9a-f]{64}$/);
  }
});

test("an agreement that peers of other organisations endorsed has no effect", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts, collections }] });
  const { agree } = await openSupply(harness);
  expect(await agree(["AggregatorMSP", "DsoMSP"])).toMatchObject({ name: "ENDORSEMENT_POLICY_FAILURE" });
  expect(await agree(["AuditorMSP"])).toMatchObject({ name: "VALID" });
});

test("the outbox carries an agreement to the ledger once, and no block has a word of it", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts, collections }] });
  const { agreement, operator } = await openSupply(harness);
  const { disk, clock } = harness;
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock, ledger: operator, log: silentLog });
  const wish = { transient: { agreement }, endorsingOrganisations: ["VnMSP"] };
  const { transactionId, result } = await outbox.execute("supply/feid-1/0", "supply:Agree", FIRST, wish);
  expect(result).toEqual(FIRST);
  expect(await outbox.execute("supply/feid-1/0", "supply:Agree", FIRST, wish)).toMatchObject({ transactionId });
  const { bytes } = await operator.blockByTransaction(transactionId);
  for (const secret of ["by letter", JSON.parse(agreement).terms.saltHex]) {
    expect(Buffer.from(bytes).includes(secret)).toBe(false);
  }
});

test("an audit takes a sealed agreement for one, and finds it when it wrote anything that is not private", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts, collections }] });
  const { agree, operator } = await openSupply(harness);
  await agree();
  const { height } = await operator.chainInfo();
  const blocks = await Promise.all(Array.from({ length: height }, (_, number) => operator.block(number)));
  const verifier = new BlockVerifier(harness.network.consortium);
  const audit = (verify: (bytes: Uint8Array) => ProvenBlock) =>
    auditBlocks(streamed(blocks.map(({ bytes }) => bytes)), { verifier: { verify } });
  expect(await audit((bytes) => verifier.verify(bytes))).toMatchObject({ ok: true, counts: { transactions: 3 } });
  const report = await audit((bytes) => withPublicWrite(verifier.verify(bytes), "supply:Agree"));
  expect(report.findings).toMatchObject([
    { name: "supply:Agree", about: "device/feid-1", expected: "no write", found: "{}" },
  ]);
});

test("one organisation's endorsement is enough for what is private, and for nothing else", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts, collections }] });
  const { agree, operator } = await openSupply(harness);
  await agree();
  const { bytes } = await operator.block(3);
  const { consortium } = harness.network;
  expect(new BlockVerifier(consortium).verify(bytes).transactions.size).toBe(1);
  expect(() => new BlockVerifier(consortium, []).verify(bytes)).toThrow(/endorsed by VnMSP alone/);
});

test("a light client believes what a collection's member endorsed alone, once others read its hash", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts, collections }] });
  const { agree, person } = await openSupply(harness);
  await agree();
  const { bytes } = await person("auditor", "AuditorMSP", { role: "auditor" }).block(3);
  const { header, data } = decodeBlock(bytes);
  const { consortium, sign } = openConsenters(harness);
  const ordered = sign({ number: header.number, data, codes: [0], signers: [0, 1, 2] });
  const verifier = new OrderedBlockVerifier(consortium);
  const [agreed] = verifier.verify(ordered).transactions.values();
  if (agreed === undefined) throw new TypeError("the agreement is not in the block");
  expect(agreed.parsed.endorsements).toHaveLength(1);
  // By a definition without collections the chaincode's own policy would hold.
  const publicOnly = new OrderedBlockVerifier(consortium, deployedPolicies(consortium, []));
  expect(publicOnly.verify(ordered).transactions.size).toBe(0);
  const reading = async (endorsingOrganisations: readonly string[]) => {
    const aggregator = person("aggregator", "AggregatorMSP", { role: "aggregator" });
    const prepared = await aggregator.prepare("supply:GetCommitment", FIRST, { endorsingOrganisations });
    return envelopeOf(prepared.bytes);
  };
  expect(verifier.provesEffect(agreed, await reading(["AggregatorMSP", "DsoMSP"]))).toBe(true);
  const alone = await reading(["VnMSP"]);
  expect(() => verifier.provesEffect(agreed, alone)).toThrow(/not endorsed by enough/);
  const elsewhere = { ...agreed, place: { ...agreed.place, transactionIndex: 1 } };
  expect(verifier.provesEffect(elsewhere, await reading(["AggregatorMSP", "DsoMSP"]))).toBe(false);
});

function envelopeOf(preparedBytes: Uint8Array): Uint8Array {
  return gateway.PreparedTransaction.deserializeBinary(preparedBytes).getEnvelope()?.serializeBinary() as Uint8Array;
}

/** The block as if its transaction of that name had written something that everyone can read. */
function withPublicWrite(block: ProvenBlock, name: string): ProvenBlock {
  const transactions = [...block.transactions].map(([id, each]): [string, ProvenTransaction] => {
    return [id, each.name === name ? { ...each, writes: new Map([...each.writes, ["device/feid-1", "{}"]]) } : each];
  });
  return { ...block, transactions: new Map(transactions) };
}

async function* streamed(blocks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* blocks;
}
