import { common, peer } from "@hyperledger/fabric-protos";
import { expect, test } from "vitest";
import { committedDefinition, OrderedBlockVerifier, type OrderedTransaction } from "../src/evidence/index.ts";
import { buildEndorsementPolicy, type NamespaceReadWriteSet, type Version } from "../src/protocol/index.ts";
import { openConsenters } from "./consenters.ts";
import { signedTransaction, writeSet } from "./forging.ts";
import { openHarness } from "./harness.ts";

const SEQUENCE_KEY = "namespaces/fields/gridpact/Sequence";
const ALL = ["AggregatorMSP", "VnMSP", "DsoMSP", "AuditorMSP"];

type Field = { field: string; state: peer.lifecycle.StateData };

function sequence(number: number): Field {
  const state = new peer.lifecycle.StateData();
  state.setInt64(number);
  return { field: "Sequence", state };
}

function bytesField(field: string, bytes: Uint8Array): Field {
  const state = new peer.lifecycle.StateData();
  state.setBytes(bytes);
  return { field, state };
}

function policyOf(signaturePolicy: Uint8Array): peer.ApplicationPolicy {
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(common.SignaturePolicyEnvelope.deserializeBinary(signaturePolicy));
  return policy;
}

function validation(policy: peer.ApplicationPolicy): Field {
  const info = new peer.lifecycle.ChaincodeValidationInfo();
  info.setValidationParameter(policy.serializeBinary());
  return bytesField("ValidationInfo", info.serializeBinary());
}

/** One collection that one organisation may write to alone, and one that follows the chaincode. */
function collections(mspId: string): Field {
  const packaged = new peer.CollectionConfigPackage();
  for (const [name, endorsers] of Object.entries({ supply: [mspId], plain: undefined })) {
    const collection = new peer.StaticCollectionConfig();
    collection.setName(name);
    if (endorsers !== undefined) collection.setEndorsementPolicy(policyOf(buildEndorsementPolicy(endorsers, 1)));
    packaged.addConfig().setStaticCollectionConfig(collection);
  }
  return bytesField("Collections", packaged.serializeBinary());
}

/** As a peer's life cycle writes it: the fields that changed, having read the sequence before. */
function commitSet(fields: readonly Field[], previous?: Version): NamespaceReadWriteSet {
  const writes = fields.map(({ field, state }) => {
    return { key: `namespaces/fields/gridpact/${field}`, value: state.serializeBinary(), isDelete: false };
  });
  const reads = [{ key: SEQUENCE_KEY, version: previous }];
  return { namespace: "_lifecycle", reads, writes, metadataWrites: [], collections: [] };
}

function placed(set: NamespaceReadWriteSet, blockNumber: number): OrderedTransaction {
  const parsed = { readWriteSets: [set] } as unknown as OrderedTransaction["parsed"];
  return { transactionId: `commit-${blockNumber}`, place: { blockNumber, transactionIndex: 0 }, parsed };
}

const FIRST = placed(commitSet([sequence(1), validation(policyOf(buildEndorsementPolicy(ALL, 2)))]), 5);
const SECOND = placed(commitSet([sequence(2), collections("VnMSP")], FIRST.place), 9);

async function setUp() {
  const harness = await openHarness();
  const { consortium, sign } = openConsenters(harness);
  return { harness, consortium, sign, target: { consortium, chaincodeName: "gridpact" } };
}

/** A transaction of one organisation that writes to a collection and nothing else. */
function privateWrite(collection: string): NamespaceReadWriteSet {
  const writes = [{ keyHash: Buffer.alloc(32, 1), valueHash: Buffer.alloc(32, 2), isDelete: false }];
  return { ...writeSet("x"), writes: [], collections: [{ collection, reads: [], writes }] };
}

test("a definition is folded from its commits, and the light client goes by it", async () => {
  const { harness, consortium, sign, target } = await setUp();
  const { policies, sequence: number, commit } = committedDefinition(target, [FIRST, SECOND]);
  expect([number, commit]).toEqual([2, SECOND]);
  const verifier = new OrderedBlockVerifier(consortium, policies);
  const vnPeer = harness.network.peers.filter(({ mspId }) => mspId === "VnMSP").slice(0, 1);
  const aggregatorPeer = harness.network.peers.filter(({ mspId }) => mspId === "AggregatorMSP").slice(0, 1);
  const isBelieved = (set: NamespaceReadWriteSet, endorsers: typeof vnPeer) => {
    const { envelopeBytes } = signedTransaction(harness, { sets: [set], endorsers });
    return verifier.verify(sign({ number: 12, data: [envelopeBytes], codes: [0], signers: [0, 1, 2] })).transactions
      .size;
  };
  expect(isBelieved(privateWrite("supply"), vnPeer)).toBe(1);
  expect(isBelieved(privateWrite("_implicit_org_AggregatorMSP"), aggregatorPeer)).toBe(1);
  // Of another organisation, to a collection without a policy of its own, and what everybody can read.
  expect(isBelieved(privateWrite("supply"), aggregatorPeer)).toBe(0);
  expect(isBelieved(privateWrite("plain"), vnPeer)).toBe(0);
  expect(isBelieved(writeSet("paid"), vnPeer)).toBe(0);
  expect(isBelieved(writeSet("paid"), [...vnPeer, ...aggregatorPeer])).toBe(1);
});

test("a commit that changes nothing but its sequence keeps what was agreed on before", async () => {
  const { target } = await setUp();
  const third = placed(commitSet([sequence(3)], SECOND.place), 20);
  const { policies } = committedDefinition(target, [FIRST, SECOND, third]);
  expect(policies.policyOfCollection("gridpact", "supply")).toEqual(buildEndorsementPolicy(["VnMSP"], 1));
});

test.each([
  ["no commit", []],
  ["a later one alone", [SECOND]],
  [
    "one that was committed over another",
    [FIRST, placed(commitSet([sequence(2)], { blockNumber: 4, transactionIndex: 0 }), 9)],
  ],
  ["one twice", [FIRST, FIRST]],
  ["what commits nothing", [FIRST, placed(writeSet("paid"), 9)]],
  ["no policy", [placed(commitSet([sequence(1)]), 5)]],
])("%s is no definition", async (_, commits) => {
  const { target } = await setUp();
  expect(() => committedDefinition(target, commits)).toThrow(
    expect.objectContaining({ code: "DEFINITION_NOT_CHAINED" }),
  );
});

test("a policy that only refers to the channel's configuration is refused", async () => {
  const { target } = await setUp();
  const reference = new peer.ApplicationPolicy();
  reference.setChannelConfigPolicyReference("/Channel/Application/Endorsement");
  const commit = placed(commitSet([sequence(1), validation(reference)]), 5);
  expect(() => committedDefinition(target, [commit])).toThrow(expect.objectContaining({ code: "MESSAGE_MALFORMED" }));
});
