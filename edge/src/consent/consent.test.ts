import { createHash } from "node:crypto";
import { SeededRandom, SimulatedDisk, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { consentSigningBytes, SIGN_STAGE, type SignStage, verifyZip215 } from "@gridpact/proto";
import { common, gateway, msp, peer } from "@hyperledger/fabric-protos";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeAuthority } from "../../test/certificates.ts";
import type { AcceptedOrder } from "../learning/index.ts";
import { Consent } from "./consent.ts";
import { CONSENTS_MAX, TRANSACTIONS_PER_CONSENT_MAX } from "./consent-book.ts";
import { MoveBook } from "./move-book.ts";
import type { RefusalCode } from "./refusal.ts";

const DEVICE = "d-ld07-household";
const NOW = Date.UTC(2016, 0, 28, 16);
const HOUR_MS = 3_600_000;
const BEGUN = { startUnixMs: NOW, endUnixMs: NOW + HOUR_MS };
const random = new SeededRandom("consent");
const key = signingKeyFromSeed(random.bytes(32));
const otherKey = signingKeyFromSeed(random.bytes(32));
const authority = makeAuthority(signingKeyFromSeed(random.bytes(32)));

function termsOf(changes: Record<string, unknown> = {}) {
  return {
    baselineWh: ["500"],
    contractId: "sc2-1",
    deviceId: DEVICE,
    intervals: [{ endUnixMs: NOW + 2 * HOUR_MS, startUnixMs: NOW + HOUR_MS }],
    orderedWh: ["100"],
    penaltyCapMicro: "1000",
    ...changes,
  };
}

function argumentOf(terms: Record<string, unknown>, changes: Record<string, unknown> = {}): string {
  const termsText = JSON.stringify(terms);
  const termsHashHex = createHash("sha256").update(termsText).digest("hex");
  return JSON.stringify({ contractId: terms["contractId"], termsHashHex, termsText, ...changes });
}

type ProposalParts = {
  channel: string;
  chaincode: string;
  calledChaincode: string;
  args: string[];
  creatorKey: Uint8Array;
  nonce: string;
  txId?: string;
};

function proposal(changes: Partial<ProposalParts> = {}): Uint8Array {
  const parts = {
    channel: "gridpact",
    chaincode: "gridpact",
    calledChaincode: "gridpact",
    args: ["sc2:AcceptReduction", argumentOf(termsOf())],
    creatorKey: key.publicKey,
    nonce: "nonce",
    ...changes,
  };
  const identity = new msp.SerializedIdentity();
  identity.setMspid("VnMSP");
  identity.setIdBytes(Buffer.from(authority.issue(DEVICE, parts.creatorKey)));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(identity.serializeBinary());
  signatureHeader.setNonce(Buffer.from(parts.nonce));
  const creator = signatureHeader.getCreator_asU8();
  const txId = createHash("sha256").update(parts.nonce).update(creator).digest("hex");
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId(parts.channel);
  channelHeader.setTxId(parts.txId ?? txId);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(parts.chaincode));
  channelHeader.setExtension$(extension.serializeBinary());
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const input = new peer.ChaincodeInput();
  input.setArgsList(parts.args.map((arg) => Buffer.from(arg)));
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId(parts.calledChaincode));
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  const result = new peer.Proposal();
  result.setHeader(header.serializeBinary());
  result.setPayload(payload.serializeBinary());
  return result.serializeBinary();
}

function chaincodeId(name: string): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  return id;
}

/** A protobuf field of bytes. */
function tagged(tag: number, bytes: Uint8Array): Buffer {
  const length = [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
}

/** The transaction that an endorser's answer to the proposal makes. */
function transaction(
  proposalBytes: Uint8Array,
  changes: { status?: number; hash?: Uint8Array; actions?: number } = {},
) {
  const read = peer.Proposal.deserializeBinary(proposalBytes);
  const header = common.Header.deserializeBinary(read.getHeader_asU8());
  const hash = createHash("sha256")
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(read.getPayload_asU8())
    .digest();
  const response = new peer.Response();
  response.setStatus(changes.status ?? 200);
  const result = new peer.ChaincodeAction();
  result.setResponse(response);
  const answer = new peer.ProposalResponsePayload();
  answer.setProposalHash(changes.hash ?? hash);
  answer.setExtension$(result.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(answer.serializeBinary());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(read.getPayload_asU8());
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setPayload(actionPayload.serializeBinary());
  const body = new peer.Transaction();
  body.setActionsList(Array(changes.actions ?? 1).fill(action));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(body.serializeBinary());
  return payload.serializeBinary();
}

function commitStatus(proposalBytes: Uint8Array, channel = "gridpact"): Uint8Array {
  const header = common.Header.deserializeBinary(peer.Proposal.deserializeBinary(proposalBytes).getHeader_asU8());
  const request = new gateway.CommitStatusRequest();
  request.setTransactionId(common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId());
  request.setChannelId(channel);
  return request.serializeBinary();
}

/** What a contract verifies of a consent. */
function consentMessage(argument: Uint8Array): Uint8Array {
  const { termsText } = JSON.parse(Buffer.from(argument).toString());
  return consentSigningBytes(createHash("sha256").update(termsText).digest());
}

async function setUp() {
  const disk = new SimulatedDisk(new SeededRandom("disk"));
  const clock = new VirtualClock(NOW);
  const policy = { penaltyCapMicroMax: 1_000n };
  const agreed: AcceptedOrder[] = [];
  const learner = {
    promised: async (order: AcceptedOrder) => void agreed.push(order),
    amended: async () => undefined,
    deliveredPerMille: () => undefined,
  };
  const open = async () => {
    const moves = await MoveBook.open(disk);
    const modules = { disk, clock, learner, moves, onMove: () => undefined };
    return Consent.open({ deviceId: DEVICE, key, policy }, modules);
  };
  let consent = await open();
  const ask = async (stage: SignStage, message: Uint8Array) => {
    const { signature, refusal } = await consent.answer({ requestId: "r", stage, message });
    const signed = () => (stage === SIGN_STAGE.CONSENT ? consentMessage(message) : message);
    const isSigned = refusal === "" && verifyZip215(key.publicKey, signed(), signature);
    expect(isSigned).toBe(signature.length > 0);
    return isSigned ? "signed" : (refusal.split(":")[0] as RefusalCode);
  };
  const restart = async () => {
    disk.crash();
    consent = await open();
  };
  return { ask, restart, clock, agreed };
}

describe("Consent", () => {
  it("signs proposal, transaction and status question of an offer for itself, over a restart in between", async () => {
    const { ask, restart } = await setUp();
    const offer = proposal();
    expect(await ask(SIGN_STAGE.PROPOSAL, offer)).toBe("signed");
    await restart();
    expect(await ask(SIGN_STAGE.TRANSACTION, transaction(offer))).toBe("signed");
    await restart();
    expect(await ask(SIGN_STAGE.COMMIT_STATUS, commitStatus(offer))).toBe("signed");
  });

  it("tells what it agreed to, and nothing of what it refused", async () => {
    const { ask, agreed } = await setUp();
    const greedy = { ...termsOf(), penaltyCapMicro: "1001" };
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal({ args: ["sc2:AcceptReduction", argumentOf(greedy)] }))).toBe(
      "penalty_too_high",
    );
    expect(agreed).toEqual([]);
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal())).toBe("signed");
    const interval = { startUnixMs: NOW + HOUR_MS, endUnixMs: NOW + 2 * HOUR_MS };
    expect(agreed).toEqual([{ contractId: "sc2-1", intervals: [interval], orderedWh: [100n], baselineWh: [500n] }]);
  });

  const interval = { startUnixMs: NOW + HOUR_MS, endUnixMs: NOW + 2 * HOUR_MS };
  it.each([
    ["no intervals", { intervals: [], orderedWh: [], baselineWh: [] }],
    ["fewer orders than intervals", { orderedWh: [] }],
    ["more baselines than intervals", { baselineWh: ["1", "2"] }],
    ["intervals that overlap", { intervals: [interval, interval], orderedWh: ["1", "1"], baselineWh: ["1", "1"] }],
    ["an order below zero", { orderedWh: ["-1"] }],
    ["a baseline that is no number", { baselineWh: ["1.5"] }],
    ["an interval that is none", { intervals: ["now"] }],
  ])("refuses terms with %s", async (_, changes) => {
    const { ask } = await setUp();
    const args = ["sc2:AcceptReduction", argumentOf(termsOf(changes))];
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal({ args }))).toBe("wrong_argument");
  });

  const terms = termsOf();
  const call = (argument: string) => ({ args: ["sc2:AcceptReduction", argument] });
  const rejected: [string, RefusalCode, Partial<ProposalParts>][] = [
    ["another channel", "wrong_channel", { channel: "other" }],
    ["another chaincode in the header", "wrong_chaincode", { chaincode: "other" }],
    ["another chaincode in the call", "wrong_chaincode", { calledChaincode: "other" }],
    ["another transaction", "wrong_transaction", { args: ["accounts:Mint", argumentOf(terms)] }],
    ["no argument", "wrong_argument", { args: ["sc2:AcceptReduction"] }],
    ["a second argument", "wrong_argument", { args: ["sc2:AcceptReduction", argumentOf(terms), "x"] }],
    ["an argument that is no JSON", "wrong_argument", call("{")],
    ["an argument that is a list", "wrong_argument", call("[]")],
    ["an argument without terms", "wrong_argument", call(argumentOf(terms, { termsText: undefined }))],
    ["another key's certificate", "wrong_creator", { creatorKey: otherKey.publicKey }],
    ["a transaction id out of thin air", "wrong_transaction_id", { txId: "00".repeat(32) }],
    ["another device's terms", "foreign_device", call(argumentOf(termsOf({ deviceId: "d-1" })))],
    ["the hash of other terms", "terms_mismatch", call(argumentOf(terms, { termsHashHex: "00".repeat(32) }))],
    ["terms of another contract", "terms_mismatch", call(argumentOf(terms, { contractId: "sc2-2" }))],
    ["terms without intervals", "wrong_argument", call(argumentOf(termsOf({ intervals: [] })))],
    ["a penalty in words", "wrong_argument", call(argumentOf(termsOf({ penaltyCapMicro: "much" })))],
    [
      "a penalty one above the owner's bound",
      "penalty_too_high",
      call(argumentOf(termsOf({ penaltyCapMicro: "1001" }))),
    ],
    [
      "an event that has begun",
      "too_late",
      call(argumentOf(termsOf({ intervals: [{ startUnixMs: NOW, endUnixMs: NOW + HOUR_MS }] }))),
    ],
  ];

  it.each(rejected)("refuses a proposal with %s", async (_name, refusal, changes) => {
    const { ask } = await setUp();
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal(changes))).toBe(refusal);
  });

  it("refuses bytes that are no proposal, and stages that are none", async () => {
    const { ask } = await setUp();
    for (const stage of [SIGN_STAGE.PROPOSAL, SIGN_STAGE.TRANSACTION, SIGN_STAGE.COMMIT_STATUS]) {
      expect(await ask(stage, Buffer.from("ff00ff", "hex"))).toBe("malformed");
    }
    expect(await ask(SIGN_STAGE.PROPOSAL, new Uint8Array())).toBe("malformed");
    expect(await ask(SIGN_STAGE.UNSPECIFIED, proposal())).toBe("wrong_stage");
  });

  it("refuses whatever is made of a proposal by changing bytes of it, or at random, and never fails", async () => {
    const { ask } = await setUp();
    const plain = proposal();
    const change = fc.record({ at: fc.nat({ max: plain.length - 1 }), bits: fc.integer({ min: 1, max: 255 }) });
    const changed = change.map(({ at, bits }) => {
      const bytes = Buffer.from(plain);
      bytes[at] = (bytes[at] ?? 0) ^ bits;
      return bytes;
    });
    const { PROPOSAL, TRANSACTION, COMMIT_STATUS, CONSENT } = SIGN_STAGE;
    const stage = fc.constantFrom(PROPOSAL, TRANSACTION, COMMIT_STATUS, CONSENT);
    await fc.assert(
      fc.asyncProperty(stage, fc.oneof(changed, fc.uint8Array({ maxLength: 300 })), async (asked, bytes) => {
        expect(await ask(asked, bytes)).not.toBe("signed");
      }),
    );
  });

  it("refuses a proposal that other parsers may read in another way", async () => {
    const { ask } = await setUp();
    const plain = proposal();
    const other = peer.Proposal.deserializeBinary(proposal({ args: ["accounts:Mint", "{}"] }));
    // The payload field twice: which one counts is up to the parser.
    const payloadTwice = Buffer.concat([tagged(0x12, other.getPayload_asU8()), plain]);
    expect(await ask(SIGN_STAGE.PROPOSAL, payloadTwice)).toBe("malformed");
    const unknownField = Buffer.concat([plain, tagged(0x7a, Buffer.from("x"))]);
    expect(await ask(SIGN_STAGE.PROPOSAL, unknownField)).toBe("malformed");
  });

  it("signs the same terms again in a new proposal, but never others of the same contract", async () => {
    const { ask, restart } = await setUp();
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal())).toBe("signed");
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal({ nonce: "again" }))).toBe("signed");
    const others = call(argumentOf(termsOf({ orderedWh: ["101"] })));
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal(others))).toBe("terms_changed");
    await restart();
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal(others))).toBe("terms_changed");
  });

  it("answers the same request in the same way even when the event has begun since", async () => {
    const { ask, clock } = await setUp();
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal())).toBe("signed");
    await clock.advanceTo(NOW + HOUR_MS);
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal())).toBe("signed");
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal({ nonce: "again" }))).toBe("too_late");
  });

  it("refuses a transaction that is not the agreeing answer to its own proposal", async () => {
    const { ask } = await setUp();
    const offer = proposal();
    expect(await ask(SIGN_STAGE.TRANSACTION, transaction(offer))).toBe("transaction_unknown");
    expect(await ask(SIGN_STAGE.COMMIT_STATUS, commitStatus(offer))).toBe("transaction_unknown");
    await ask(SIGN_STAGE.PROPOSAL, offer);
    expect(await ask(SIGN_STAGE.TRANSACTION, transaction(offer, { status: 500 }))).toBe("not_endorsed");
    expect(await ask(SIGN_STAGE.TRANSACTION, transaction(offer, { hash: new Uint8Array(32) }))).toBe(
      "response_mismatch",
    );
    expect(await ask(SIGN_STAGE.TRANSACTION, transaction(offer, { actions: 2 }))).toBe("malformed");
    const sameIdOtherCall = proposal(call(argumentOf(termsOf({ orderedWh: ["7"] }))));
    expect(await ask(SIGN_STAGE.TRANSACTION, transaction(sameIdOtherCall))).toBe("response_mismatch");
    expect(await ask(SIGN_STAGE.COMMIT_STATUS, commitStatus(offer, "other"))).toBe("wrong_channel");
  });

  it("consents to terms without a transaction, in the same way again, late and after a restart", async () => {
    const { ask, restart, clock, agreed } = await setUp();
    const offer = Buffer.from(argumentOf(termsOf()));
    expect(await ask(SIGN_STAGE.CONSENT, offer)).toBe("signed");
    expect(agreed).toHaveLength(1);
    await restart();
    await clock.advanceTo(NOW + HOUR_MS);
    expect(await ask(SIGN_STAGE.CONSENT, offer)).toBe("signed");
  });

  it.each<[string, RefusalCode, string]>([
    ["nothing that can be read", "wrong_argument", "{"],
    ["the terms of another device", "foreign_device", argumentOf(termsOf({ deviceId: "other" }))],
    ["a hash of other terms", "terms_mismatch", argumentOf(termsOf(), { termsHashHex: "00".repeat(32) })],
    ["a penalty above the owner's limit", "penalty_too_high", argumentOf(termsOf({ penaltyCapMicro: "1001" }))],
    ["terms that have begun", "too_late", argumentOf(termsOf({ intervals: [BEGUN] }))],
  ])("does not consent to %s", async (_, refusal, argument) => {
    const { ask, agreed } = await setUp();
    expect(await ask(SIGN_STAGE.CONSENT, Buffer.from(argument))).toBe(refusal);
    expect(agreed).toEqual([]);
  });

  it("consents to no other terms of a contract than it signed for, in either way", async () => {
    const { ask } = await setUp();
    const others = argumentOf(termsOf({ orderedWh: ["101"] }));
    expect(await ask(SIGN_STAGE.CONSENT, Buffer.from(argumentOf(termsOf())))).toBe("signed");
    expect(await ask(SIGN_STAGE.CONSENT, Buffer.from(others))).toBe("terms_changed");
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal(call(others)))).toBe("terms_changed");
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal())).toBe("signed");
  });

  it("remembers as many contracts as its bound, and forgets them a day after their end", async () => {
    const { ask, clock } = await setUp();
    const offer = (index: number) =>
      proposal({ ...call(argumentOf(termsOf({ contractId: `sc2-${index}` }))), nonce: `${index}` });
    for (let index = 0; index < CONSENTS_MAX; index++)
      expect(await ask(SIGN_STAGE.PROPOSAL, offer(index))).toBe("signed");
    expect(await ask(SIGN_STAGE.PROPOSAL, offer(CONSENTS_MAX))).toBe("too_many");
    await clock.advanceTo(NOW + 26 * HOUR_MS);
    const later = { startUnixMs: NOW + 27 * HOUR_MS, endUnixMs: NOW + 28 * HOUR_MS };
    const next = call(argumentOf(termsOf({ contractId: "next", intervals: [later] })));
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal(next))).toBe("signed");
  });

  it("signs as many proposals for one contract as its bound", async () => {
    const { ask } = await setUp();
    for (let index = 0; index < TRANSACTIONS_PER_CONSENT_MAX; index++) {
      expect(await ask(SIGN_STAGE.PROPOSAL, proposal({ nonce: `${index}` }))).toBe("signed");
    }
    expect(await ask(SIGN_STAGE.PROPOSAL, proposal({ nonce: "one more" }))).toBe("too_many");
  });
});
