import { status } from "@grpc/grpc-js";
import { gateway, orderer, peer } from "@hyperledger/fabric-protos";
import { expect, test } from "vitest";
import { TRANSACTION_BYTES_MAX } from "../src/embedded/orderer.ts";
import { PROPOSAL_SKEW_MS_MAX_DEFAULT as SKEW_MS_MAX } from "../src/embedded/proposal-checker.ts";
import { serializeIdentity } from "../src/identity/index.ts";
import { parseTransaction, validationCodeName } from "../src/protocol/index.ts";
import { type ForgedTransaction, signedProposal, signedTransaction, writeSet } from "./forging.ts";
import { type Harness, openHarness } from "./harness.ts";

async function refusalOf(harness: Harness, forged: Parameters<typeof signedProposal>[1]): Promise<string> {
  const outcome = await harness.ledger.endorse(signedProposal(harness, forged));
  return outcome.kind === "refused" ? outcome.reason : outcome.kind;
}

test("endorses an honest proposal, and none that is forged in any part", async () => {
  const harness = await openHarness();
  const { clock, network, user } = harness;
  const stranger = (await openHarness({ seed: "stranger" })).user;
  const now = clock.nowUnixMs();
  const cases = [
    [{}, "endorsed"],
    [{ signer: network.issue({ mspId: "VnMSP", commonName: "other", kind: "client" }) }, "SIGNATURE_INVALID"],
    [{ creator: serializeIdentity(stranger), signer: stranger }, "CREATOR_REFUSED"],
    [{ creator: Uint8Array.of(1) }, "CREATOR_REFUSED"],
    [{ creator: serializeIdentity({ ...user, mspId: "DsoMSP" }) }, "CREATOR_REFUSED"],
    [{ channelName: "other" }, "CHANNEL_UNKNOWN"],
    [{ chaincodeName: "other" }, "CHAINCODE_UNKNOWN"],
    [{ chaincodeName: "qscc" }, "CHAINCODE_UNKNOWN"],
    [{ nonce: new Uint8Array() }, "TRANSACTION_ID_MISMATCH"],
    [{ atUnixMs: now + SKEW_MS_MAX }, "endorsed"],
    [{ atUnixMs: now + SKEW_MS_MAX + 1 }, "TIMESTAMP_SKEWED"],
    [{ atUnixMs: now - SKEW_MS_MAX - 1 }, "TIMESTAMP_SKEWED"],
  ] as const;
  for (const [forged, expected] of cases) expect(await refusalOf(harness, forged)).toBe(expected);
});

test("takes proposals from as far away in time as it is told to", async () => {
  const harness = await openHarness({ proposalSkewMsMax: 10 });
  const now = harness.clock.nowUnixMs();
  expect(await refusalOf(harness, { atUnixMs: now - 10 })).toBe("endorsed");
  expect(await refusalOf(harness, { atUnixMs: now - 11 })).toBe("TIMESTAMP_SKEWED");
});

test("refuses bytes that are no proposal, and one whose id is used", async () => {
  const harness = await openHarness();
  const malformed = { proposalBytes: Uint8Array.of(0x0a, 0x7f), signature: new Uint8Array() };
  expect(await harness.ledger.endorse(malformed)).toMatchObject({ reason: "PROPOSAL_MALFORMED" });
  const nonce = harness.random.bytes(24);
  const first = signedProposal(harness, { nonce });
  const outcome = await harness.ledger.endorse(first);
  if (outcome.kind !== "endorsed") throw new Error(outcome.kind);
  outcome.envelope.setSignature(harness.user.key.sign(outcome.envelope.getPayload_asU8()));
  expect(harness.ledger.submit(outcome.envelope.serializeBinary())).toEqual({ ok: true });
  await harness.ledger.commitStatus(first.transactionId);
  expect(await refusalOf(harness, { nonce })).toBe("TRANSACTION_ID_USED");
});

test("refuses a wanted organisation that has no peer here", async () => {
  const harness = await openHarness();
  const endorse = (organisations: string[]) => harness.ledger.endorse(signedProposal(harness), organisations);
  expect(await endorse(["NobodyMSP"])).toMatchObject({ reason: "ENDORSERS_UNAVAILABLE" });
  const outcome = await endorse(["DsoMSP", "AuditorMSP", "VnMSP"]);
  if (outcome.kind !== "endorsed") throw new Error(outcome.kind);
  expect(parseTransaction(outcome.envelope.serializeBinary()).endorsements).toHaveLength(3);
});

/** Name of the validation code that a transaction gets in its block. */
async function codeOf(harness: Harness, forged: ForgedTransaction): Promise<string> {
  const { envelopeBytes, transactionId } = signedTransaction(harness, forged);
  const taken = harness.ledger.submit(envelopeBytes);
  if (!taken.ok) return taken.reason;
  return validationCodeName((await harness.ledger.commitStatus(transactionId)).code);
}

test("makes a transaction valid only when peers of two organisations endorsed just this", async () => {
  const harness = await openHarness();
  const { network, user } = harness;
  const [aggregator, vn] = network.peers as [typeof user, typeof user];
  const client = network.issue({ mspId: "DsoMSP", commonName: "dso", kind: "client" });
  const second = network.issue({ mspId: "AggregatorMSP", commonName: "peer2", kind: "peer" });
  const cases: [ForgedTransaction, string][] = [
    [{}, "VALID"],
    [{ endorsers: [aggregator] }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsers: [] }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsers: [aggregator, aggregator] }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsers: [aggregator, second] }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsers: [aggregator, client] }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsers: [aggregator, user] }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsement: (given) => ({ ...given, signature: new Uint8Array(64) }) }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ endorsement: (given) => ({ ...given, endorser: serializeIdentity(vn) }) }, "ENDORSEMENT_POLICY_FAILURE"],
    [{ sets: [writeSet("a", "lscc")] }, "ILLEGAL_WRITESET"],
    [{ status: 500 }, "BAD_RESPONSE_PAYLOAD"],
    [{ signer: client }, "CREATOR_REFUSED"],
  ];
  for (const [forged, expected] of cases) expect(await codeOf(harness, forged)).toBe(expected);
});

test("a transaction changed after its endorsement is not valid", async () => {
  const harness = await openHarness();
  const honest = signedTransaction(harness);
  const { envelopeBytes } = honest;
  for (let position = 0; position < envelopeBytes.length; position += 37) {
    const changed = Uint8Array.from(envelopeBytes);
    changed[position] = (changed[position] ?? 0) ^ 1;
    expect(harness.ledger.submit(changed).ok, `byte ${position}`).toBe(false);
  }
  expect(harness.ledger.submit(envelopeBytes)).toEqual({ ok: true });
  expect((await harness.ledger.commitStatus(honest.transactionId)).code).toBe(0);
});

test("takes the same bytes once: pending, and committed", async () => {
  const harness = await openHarness();
  const { envelopeBytes, transactionId } = signedTransaction(harness);
  expect(harness.ledger.submit(envelopeBytes)).toEqual({ ok: true });
  expect(harness.ledger.submit(envelopeBytes)).toEqual({ ok: false, reason: "ALREADY_SUBMITTED" });
  await harness.ledger.commitStatus(transactionId);
  expect(harness.ledger.submit(envelopeBytes)).toEqual({ ok: false, reason: "ALREADY_SUBMITTED" });
});

test("refuses a transaction beyond the size that a block may have", async () => {
  const { ledger } = await openHarness();
  expect(ledger.submit(new Uint8Array(TRANSACTION_BYTES_MAX + 1))).toEqual({ ok: false, reason: "ENVELOPE_TOO_LARGE" });
  expect(ledger.submit(new Uint8Array(TRANSACTION_BYTES_MAX))).toEqual({ ok: false, reason: "ENVELOPE_MALFORMED" });
  expect(ledger.submit(new Uint8Array())).toEqual({ ok: false, reason: "ENVELOPE_MALFORMED" });
});

test("tells nobody who is no member what became of a transaction, nor any events", async () => {
  const { gateway: service, user, clientOf, client } = await openHarness();
  const { transactionId } = await client.execute("counter:Add", { key: "a" });
  const stranger = (await openHarness({ seed: "stranger" })).user;
  await expect(clientOf(stranger).commitStatus(transactionId)).rejects.toMatchObject({
    status: status.PERMISSION_DENIED,
  });
  const request = new gateway.ChaincodeEventsRequest();
  request.setChannelId("gridpact");
  request.setChaincodeId("gridpact");
  request.setIdentity(serializeIdentity(user));
  const signed = new gateway.SignedChaincodeEventsRequest();
  signed.setRequest(request.serializeBinary());
  const next = () => service.chaincodeEvents(signed).next();
  await expect(next()).rejects.toMatchObject({ status: status.PERMISSION_DENIED });
  signed.setSignature(stranger.key.sign(signed.getRequest_asU8()));
  await expect(next()).rejects.toMatchObject({ status: status.PERMISSION_DENIED });
  const newest = new orderer.SeekPosition();
  newest.setNewest(new orderer.SeekNewest());
  request.setStartPosition(newest);
  signed.setRequest(request.serializeBinary());
  signed.setSignature(user.key.sign(signed.getRequest_asU8()));
  await expect(next()).rejects.toMatchObject({ status: status.INVALID_ARGUMENT });
});

test("answers empty requests with what is missing", async () => {
  const { gateway: service } = await openHarness();
  const invalid = { status: status.INVALID_ARGUMENT };
  await expect(service.evaluate(new gateway.EvaluateRequest())).rejects.toMatchObject(invalid);
  await expect(service.endorse(new gateway.EndorseRequest())).rejects.toMatchObject(invalid);
  await expect(service.submit(new gateway.SubmitRequest())).rejects.toMatchObject(invalid);
  await expect(service.commitStatus(new gateway.SignedCommitStatusRequest())).rejects.toMatchObject(invalid);
  const unsigned = new gateway.SubmitRequest();
  unsigned.setPreparedTransaction();
  await expect(service.submit(unsigned)).rejects.toMatchObject(invalid);
  const proposal = new gateway.EvaluateRequest();
  const malformed = new peer.SignedProposal();
  malformed.setProposalBytes(Uint8Array.of(1));
  proposal.setProposedTransaction(malformed);
  await expect(service.evaluate(proposal)).rejects.toMatchObject(invalid);
});
