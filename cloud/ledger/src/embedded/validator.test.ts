import { SeededRandom, VirtualClock } from "@gridpact/host";
import { expect, test } from "vitest";
import { type ForgedTransaction, signedTransaction, writeSet } from "../../test/forging.ts";
import type { Harness } from "../../test/harness.ts";
import { testNetwork } from "../../test/network.ts";
import { Membership } from "../identity/index.ts";
import {
  buildEndorsementPolicy,
  type NamespaceReadWriteSet,
  type ParsedTransaction,
  parseTransaction,
  VALIDATION_CODE,
} from "../protocol/index.ts";
import { BlockValidator, KEY_POLICY } from "./validator.ts";
import { hashedStore, type StateValue, WorldState } from "./world-state.ts";

const PLACE = { blockNumber: 1, transactionIndex: 0 };
const LATER = { blockNumber: 2, transactionIndex: 0 };

function setUp() {
  const random = new SeededRandom("validator");
  const clock = new VirtualClock(Date.UTC(2016, 0, 28));
  const network = testNetwork({ random, clock });
  const user = network.issue({ mspId: "VnMSP", commonName: "vn", kind: "client" });
  const parts = { random, clock, network, user } as Harness;
  const state = WorldState.inMemory();
  const committed = new Set<string>();
  const validator = () =>
    new BlockValidator({
      rules: { channelName: "gridpact", membership: new Membership(network.consortium.organisations) },
      chaincodePolicy: buildEndorsementPolicy(["AggregatorMSP", "VnMSP", "DsoMSP", "AuditorMSP"], 2),
      policyOfCollection: (_, name) => (name === "vnOnly" ? buildEndorsementPolicy(["VnMSP"], 1) : undefined),
      stateOf: (store, key): StateValue | undefined => state.get(store, key),
      isKnownTransaction: (transactionId) => committed.has(transactionId),
    });
  const transaction = (forged: ForgedTransaction = {}): ParsedTransaction =>
    parseTransaction(signedTransaction(parts, forged).envelopeBytes);
  return { state, committed, validator, transaction, network };
}

const reading = (key: string, version: typeof PLACE | undefined): NamespaceReadWriteSet => ({
  ...writeSet("target"),
  reads: [{ key, version }],
});

test("a transaction is valid while what it read is current", () => {
  const { state, validator, transaction } = setUp();
  state.apply([{ store: "gridpact", key: "a", value: Uint8Array.of(1) }], PLACE);
  const codeOf = (set: NamespaceReadWriteSet) => validator().validate(transaction({ sets: [set] }));
  expect(codeOf(reading("a", PLACE))).toBe(VALIDATION_CODE.VALID);
  expect(codeOf(reading("missing", undefined))).toBe(VALIDATION_CODE.VALID);
  expect(codeOf(reading("a", LATER))).toBe(VALIDATION_CODE.MVCC_READ_CONFLICT);
  expect(codeOf(reading("a", { ...PLACE, transactionIndex: 1 }))).toBe(VALIDATION_CODE.MVCC_READ_CONFLICT);
  expect(codeOf(reading("a", undefined))).toBe(VALIDATION_CODE.MVCC_READ_CONFLICT);
  expect(codeOf(reading("missing", PLACE))).toBe(VALIDATION_CODE.MVCC_READ_CONFLICT);
});

test("a write in the same block makes later reads of its key stale, an invalid one does not", () => {
  const { validator, transaction } = setUp();
  const block = validator();
  const invalid = transaction({ sets: [writeSet("b")], endorsers: [] });
  expect(block.validate(invalid)).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  expect(block.validate(transaction({ sets: [reading("b", undefined)] }))).toBe(VALIDATION_CODE.VALID);
  expect(block.validate(transaction({ sets: [reading("target", undefined)] }))).toBe(
    VALIDATION_CODE.MVCC_READ_CONFLICT,
  );
  expect(block.validate(transaction({ sets: [writeSet("target")] }))).toBe(VALIDATION_CODE.VALID);
});

test("reads of private data are checked by the hashes of their keys", () => {
  const { state, validator, transaction } = setUp();
  const keyHash = Buffer.alloc(32, 7);
  const change = { store: hashedStore("gridpact", "terms"), key: keyHash.toString("hex"), value: Uint8Array.of(1) };
  state.apply([change], PLACE);
  const reads = (version: typeof PLACE): NamespaceReadWriteSet => ({
    ...writeSet("target"),
    collections: [{ collection: "terms", reads: [{ keyHash, version }], writes: [] }],
  });
  const writes: NamespaceReadWriteSet = {
    ...writeSet("other"),
    collections: [{ collection: "terms", reads: [], writes: [{ keyHash, valueHash: keyHash, isDelete: false }] }],
  };
  const block = validator();
  expect(block.validate(transaction({ sets: [reads(LATER)] }))).toBe(VALIDATION_CODE.MVCC_READ_CONFLICT);
  expect(block.validate(transaction({ sets: [reads(PLACE)] }))).toBe(VALIDATION_CODE.VALID);
  expect(block.validate(transaction({ sets: [writes] }))).toBe(VALIDATION_CODE.VALID);
  expect(block.validate(transaction({ sets: [reads(PLACE)] }))).toBe(VALIDATION_CODE.MVCC_READ_CONFLICT);
});

test("an id stands for one transaction, in the block and in the chain", () => {
  const { committed, validator, transaction } = setUp();
  const one = transaction();
  const block = validator();
  expect(block.validate(one)).toBe(VALIDATION_CODE.VALID);
  expect(block.validate(one)).toBe(VALIDATION_CODE.DUPLICATE_TXID);
  const other = transaction();
  committed.add(other.header.transactionId);
  expect(validator().validate(other)).toBe(VALIDATION_CODE.DUPLICATE_TXID);
});

test("a key's own policy counts for it, and cannot be changed and used in one block", () => {
  const { state, validator, transaction, network } = setUp();
  const [aggregator, vn, dso] = network.peers;
  if (!(aggregator && vn && dso)) throw new Error("three peers");
  const policyOf = (mspId: string) => new Map([[KEY_POLICY, buildEndorsementPolicy([mspId], 1)]]);
  const guarded = { store: "gridpact", key: "guarded", value: Uint8Array.of(1) };
  state.apply([{ ...guarded, metadata: policyOf("DsoMSP") }], PLACE);
  const codeOf = (block: BlockValidator, forged: ForgedTransaction) => block.validate(transaction(forged));
  const sets = [writeSet("guarded")];
  expect(codeOf(validator(), { sets, endorsers: [aggregator, vn] })).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  // The key's policy stands in place of the chaincode's: its own organisation is enough.
  expect(codeOf(validator(), { sets, endorsers: [dso] })).toBe(VALIDATION_CODE.VALID);
  const both = [{ ...writeSet("guarded"), writes: [...sets, writeSet("free")].flatMap(({ writes }) => writes) }];
  expect(codeOf(validator(), { sets: both, endorsers: [dso] })).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  expect(codeOf(validator(), { sets: both, endorsers: [dso, vn] })).toBe(VALIDATION_CODE.VALID);
  const change = [{ ...writeSet("x"), writes: [], metadataWrites: [{ key: "guarded", entries: policyOf("VnMSP") }] }];
  const block = validator();
  expect(codeOf(block, { sets: change, endorsers: [vn, aggregator] })).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  expect(codeOf(block, { sets: change, endorsers: [dso, aggregator] })).toBe(VALIDATION_CODE.VALID);
  expect(codeOf(block, { sets, endorsers: [dso] })).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  state.apply([{ ...guarded, metadata: new Map([[KEY_POLICY, Uint8Array.of(1)]]) }], LATER);
  expect(codeOf(validator(), { sets, endorsers: [dso] })).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
});

test("a collection's own policy counts for what is written to it, and for nothing else", () => {
  const { validator, transaction, network } = setUp();
  const hashes = { keyHash: Buffer.alloc(32, 1), valueHash: Buffer.alloc(32, 2), isDelete: false };
  const isVn = ({ mspId }: { mspId: string }) => mspId === "VnMSP";
  const codeOf = (collection: string, endorsers: typeof network.peers, writes = [hashes]) => {
    const onlyPrivate = { ...writeSet("x"), writes: [], collections: [{ collection, reads: [], writes }] };
    return validator().validate(transaction({ sets: [onlyPrivate], endorsers }));
  };
  const [vn, others] = [network.peers.filter(isVn), network.peers.filter((peer) => !isVn(peer))];
  expect(codeOf("vnOnly", vn)).toBe(VALIDATION_CODE.VALID);
  expect(codeOf("vnOnly", others)).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  expect(codeOf("terms", vn)).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
  expect(codeOf("terms", others)).toBe(VALIDATION_CODE.VALID);
  // Nothing is written there, so the chaincode's policy holds.
  expect(codeOf("vnOnly", vn, [])).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
});
