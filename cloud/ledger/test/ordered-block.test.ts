import { expect, test } from "vitest";
import { type BlockNotProvenCode, OrderedBlockVerifier } from "../src/evidence/index.ts";
import type { Version } from "../src/protocol/index.ts";
import { openConsenters } from "./consenters.ts";
import { type ForgedTransaction, signedTransaction, writeSet } from "./forging.ts";
import { type Harness, openHarness } from "./harness.ts";

const NUMBER = 7;

/** A block as four SmartBFT consenters sign it: each names itself by its number only. */
async function setUp() {
  const harness = await openHarness();
  const { consortium, sign } = openConsenters(harness);
  const blockOf = (data: Uint8Array[], signers: readonly number[], ids = signers) =>
    sign({ number: NUMBER, data, codes: [0], signers, ids });
  return { harness, verifier: new OrderedBlockVerifier(consortium), blockOf };
}

const envelopeOf = (harness: Harness, forged: ForgedTransaction = {}) => signedTransaction(harness, forged);

const failure = (code: BlockNotProvenCode) => expect.objectContaining({ code });

test("a block is believed when a quorum of consenters signed it, each counted once", async () => {
  const { harness, verifier, blockOf } = await setUp();
  const { envelopeBytes, transactionId } = envelopeOf(harness);
  const block = verifier.verify(blockOf([envelopeBytes], [0, 2, 3]));
  expect(block.number).toBe(NUMBER);
  expect(block.transactions.get(transactionId)?.place).toEqual({ blockNumber: NUMBER, transactionIndex: 0 });
  for (const signers of [[0, 2], [0, 2, 2], []]) {
    const act = () => verifier.verify(blockOf([envelopeBytes], signers));
    expect(act).toThrow(failure("BLOCK_ORDERER_SIGNATURES"));
  }
  // A consenter that signs in the name of another.
  expect(() => verifier.verify(blockOf([envelopeBytes], [0, 2, 2], [0, 2, 3]))).toThrow(
    failure("BLOCK_ORDERER_SIGNATURES"),
  );
});

test("data that the header does not name, and bytes that are no block, are not believed", async () => {
  const { harness, verifier, blockOf } = await setUp();
  const bytes = Buffer.from(blockOf([envelopeOf(harness).envelopeBytes], [0, 1, 2]));
  const at = bytes.indexOf("counter:Add");
  bytes.write("counter:Sub", at);
  expect(() => verifier.verify(bytes)).toThrow(failure("BLOCK_DATA_HASH"));
  expect(() => verifier.verify(bytes.subarray(0, 40))).toThrow(failure("BLOCK_MALFORMED"));
});

test("what too few organisations endorsed is in the block and proves nothing", async () => {
  const { harness, verifier, blockOf } = await setUp();
  const { envelopeBytes, transactionId } = envelopeOf(harness, { endorsers: harness.network.peers.slice(0, 1) });
  expect(verifier.verify(blockOf([envelopeBytes], [0, 1, 2])).transactions.has(transactionId)).toBe(false);
});

test("a transaction took effect when enough organisations read what it wrote at its very place", async () => {
  const { harness, verifier, blockOf } = await setUp();
  const first = envelopeOf(harness, { sets: [writeSet("other")] });
  const second = envelopeOf(harness, { sets: [writeSet("paid")] });
  const block = verifier.verify(blockOf([first.envelopeBytes, second.envelopeBytes], [0, 1, 2]));
  const paid = block.transactions.get(second.transactionId);
  if (paid === undefined) throw new TypeError("the transaction is not in the block");
  const reader = (key: string, version: Version | undefined, forged: ForgedTransaction = {}) =>
    envelopeOf(harness, { ...forged, sets: [{ ...writeSet("x"), writes: [], reads: [{ key, version }] }] })
      .envelopeBytes;
  const place = { blockNumber: NUMBER, transactionIndex: 1 };
  expect(verifier.provesEffect(paid, reader("paid", place))).toBe(true);
  // Somebody else's write, another key, and a key that was not there.
  expect(verifier.provesEffect(paid, reader("paid", { ...place, transactionIndex: 0 }))).toBe(false);
  expect(verifier.provesEffect(paid, reader("other", place))).toBe(false);
  expect(verifier.provesEffect(paid, reader("paid", undefined))).toBe(false);
  const alone = reader("paid", place, { endorsers: harness.network.peers.slice(0, 1) });
  expect(() => verifier.provesEffect(paid, alone)).toThrow(failure("TRANSACTION_NOT_ENDORSED"));
});
