import { SEED_BYTES, SeededRandom, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import type { GrpcClient } from "@hyperledger/fabric-gateway";
import { connect, hash } from "@hyperledger/fabric-gateway";
import { gateway, peer } from "@hyperledger/fabric-protos";
import { expect, test } from "vitest";
import { issueAuthority, serializeIdentity } from "../identity/index.ts";
import { MalformedMessageError } from "../wire/index.ts";
import { buildProposal, NONCE_BYTES, parseProposal, transactionIdOf } from "./proposal.ts";

const AT_UNIX_MS = Date.UTC(2016, 0, 28, 9, 15, 0, 250);

function setUp() {
  const random = new SeededRandom("proposal");
  const key = signingKeyFromSeed(random.bytes(SEED_BYTES));
  const { certificatePem } = issueAuthority({ mspId: "VnMSP", key }, { random, clock: new VirtualClock(AT_UNIX_MS) });
  const creator = serializeIdentity({ mspId: "VnMSP", certificatePem });
  return { certificatePem, creator, nonce: random.bytes(NONCE_BYTES) };
}

const args = ["counter:Add", '{"key":"a"}'].map((text) => Buffer.from(text));
const content = { channelName: "gridpact", chaincodeName: "gridpact", args, atUnixMs: AT_UNIX_MS };

test("reads back what it builds", () => {
  const { creator, nonce } = setUp();
  const transientMap = { secret: Uint8Array.of(1, 2, 3) };
  const built = buildProposal({ ...content, creator, nonce, transientMap });
  const parsed = parseProposal(built.proposalBytes);
  expect(parsed).toMatchObject({ channelName: "gridpact", chaincodeName: "gridpact", atUnixMs: AT_UNIX_MS, epoch: 0 });
  expect(parsed.transactionId).toBe(built.transactionId);
  expect(parsed.transactionId).toBe(transactionIdOf(nonce, creator));
  expect(parsed.args.map((arg) => Buffer.from(arg).toString())).toEqual(["counter:Add", '{"key":"a"}']);
  expect([...parsed.transientMap]).toEqual([["secret", Uint8Array.of(1, 2, 3)]]);
});

test("what becomes public holds no transient data", () => {
  const { creator, nonce } = setUp();
  const secret = Buffer.from("a secret of the prosumer");
  const parsed = parseProposal(buildProposal({ ...content, creator, nonce, transientMap: { secret } }).proposalBytes);
  expect(Buffer.from(parsed.publicPayloadBytes).includes(secret)).toBe(false);
  const plain = parseProposal(buildProposal({ ...content, creator, nonce }).proposalBytes);
  expect(parsed.publicPayloadBytes).toEqual(plain.publicPayloadBytes);
});

test("builds byte for byte what the unmodified gateway client builds with the same nonce and time", () => {
  const { certificatePem, creator } = setUp();
  const fabric = connect({
    client: {} as GrpcClient,
    identity: { mspId: "VnMSP", credentials: Buffer.from(certificatePem) },
    hash: hash.none,
  });
  const contract = fabric.getNetwork("gridpact").getContract("gridpact", "counter");
  const theirs = contract.newProposal("Add", { arguments: ['{"key":"a"}'] }).getBytes();
  const proposed = gateway.ProposedTransaction.deserializeBinary(theirs);
  const theirProposal = proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array();
  const { nonce, atUnixMs, transactionId } = parseProposal(theirProposal);
  const ours = buildProposal({ ...content, creator, nonce, atUnixMs });
  expect(Buffer.from(ours.proposalBytes).toString("hex")).toBe(Buffer.from(theirProposal).toString("hex"));
  expect(Buffer.from(ours.proposedTransactionBytes).toString("hex")).toBe(Buffer.from(theirs).toString("hex"));
  expect(ours.transactionId).toBe(transactionId);
});

test("refuses proposals without an invocation", () => {
  expect(() => parseProposal(new Uint8Array())).toThrow(MalformedMessageError);
  expect(() => parseProposal(Uint8Array.of(0x0a, 0x7f))).toThrow(MalformedMessageError);
  const empty = new peer.Proposal();
  empty.setPayload(new peer.ChaincodeProposalPayload().serializeBinary());
  expect(() => parseProposal(empty.serializeBinary())).toThrow(MalformedMessageError);
});
