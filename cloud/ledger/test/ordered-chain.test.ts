import { expect, test } from "vitest";
import { OrderedChainVerifier } from "../src/audit/index.ts";
import { BlockNotProvenError } from "../src/evidence/index.ts";
import { VALIDATION_CODE, type Version } from "../src/protocol/index.ts";
import { openConsenters } from "./consenters.ts";
import { type ForgedTransaction, signedTransaction, writeSet } from "./forging.ts";
import { openHarness } from "./harness.ts";

const { VALID, MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE, DUPLICATE_TXID } = VALIDATION_CODE;

/** Blocks as four consenters make them, with what a peer says of their transactions. */
async function setUp() {
  const harness = await openHarness();
  const { network } = harness;
  const { consortium, sign } = openConsenters(harness);
  const block = (number: number, data: Uint8Array[], codes: number[], signers = number === 0 ? 0 : 3) =>
    sign({ number, data, codes, signers: [0, 1, 2, 3].slice(0, signers) });
  const envelope = (forged: ForgedTransaction = {}) => signedTransaction(harness, forged).envelopeBytes;
  const reading = (key: string, version: Version | undefined) =>
    envelope({ sets: [{ ...writeSet(key), reads: [{ key, version }] }] });
  return {
    network,
    verifier: new OrderedChainVerifier(consortium, { name: "gridpact", collections: [] }),
    block,
    envelope,
    reading,
  };
}

const numberOf = (count: number) => expect.objectContaining({ transactions: expect.objectContaining({ size: count }) });

test("what took effect is found out by versions, whatever a peer says of it", async () => {
  const { verifier, block, envelope, reading } = await setUp();
  expect(verifier.verify(block(0, [Buffer.from("configuration")], [VALID]))).toEqual(numberOf(0));
  const proven = verifier.verify(block(1, [envelope({ sets: [writeSet("a")] })], [VALID]));
  expect([...proven.transactions.values()][0]).toMatchObject({ name: "counter:Add", writes: new Map([["a", "1"]]) });
  const fresh = reading("a", { blockNumber: 1, transactionIndex: 0 });
  const stale = reading("a", undefined);
  expect(verifier.verify(block(2, [fresh, stale], [VALID, MVCC_READ_CONFLICT]))).toEqual(numberOf(1));
  // Read before the block that has changed it since.
  expect(
    verifier.verify(block(3, [reading("a", { blockNumber: 1, transactionIndex: 0 })], [MVCC_READ_CONFLICT])),
  ).toEqual(numberOf(0));
});

test.each([
  [
    "a conflict that is called valid",
    (world: World) => world.reading("a", { blockNumber: 9, transactionIndex: 0 }),
    VALID,
  ],
  ["too few endorsements that are called enough", (world: World) => alone(world), VALID],
  ["a valid one that is called a conflict", (world: World) => world.envelope(), MVCC_READ_CONFLICT],
  ["a valid one without a code", (world: World) => world.envelope(), undefined],
] as const)("%s ends the audit", async (_, make, code) => {
  const world = await setUp();
  const bytes = world.block(1, [make(world)], code === undefined ? [] : [code]);
  expect(() => world.verifier.verify(bytes)).toThrow(expect.objectContaining({ code: "VALIDATION_CODE_DIFFERS" }));
});

test("which fault of an invalid transaction is named makes no difference", async () => {
  const world = await setUp();
  expect(world.verifier.verify(world.block(1, [alone(world)], [ENDORSEMENT_POLICY_FAILURE]))).toEqual(numberOf(0));
  const again = world.envelope();
  expect(world.verifier.verify(world.block(2, [again, again], [VALID, DUPLICATE_TXID]))).toEqual(numberOf(1));
  expect(world.verifier.verify(world.block(3, [again], [MVCC_READ_CONFLICT]))).toEqual(numberOf(0));
});

test("a block after the first without a quorum of consenters is not believed", async () => {
  const { verifier, block, envelope } = await setUp();
  expect(() => verifier.verify(block(1, [envelope()], [VALID], 2))).toThrow(BlockNotProvenError);
});

type World = Awaited<ReturnType<typeof setUp>>;

function alone({ envelope, network }: World): Uint8Array {
  return envelope({ endorsers: network.peers.slice(0, 1) });
}
