import { expect, test } from "vitest";
import { BlockSealer } from "../src/embedded/block-sealer.ts";
import { BlockNotProvenError, BlockVerifier, verifyChain } from "../src/evidence/index.ts";
import { blockDataHash, type Consortium, decodeBlock, encodeBlock } from "../src/protocol/index.ts";
import { signedTransaction } from "./forging.ts";
import { openHarness } from "./harness.ts";

async function provenBlocks(count: number) {
  const harness = await openHarness();
  const { client, network } = harness;
  for (let index = 0; index < count; index++) await client.execute("counter:Add", { key: "a" });
  const fetched = await Promise.all(Array.from({ length: count + 1 }, (_, number) => client.block(number)));
  return { harness, consortium: network.consortium, blocks: fetched.map(({ bytes }) => bytes) };
}

const faultOf = (bytes: Uint8Array, consortium: Consortium) => {
  try {
    new BlockVerifier(consortium).verify(bytes);
    return "proven";
  } catch (error) {
    if (error instanceof BlockNotProvenError) return error.code;
    throw error;
  }
};

test("a block proves to whoever knows the consortium who did what and with what outcome", async () => {
  const { consortium, blocks } = await provenBlocks(2);
  const verifier = new BlockVerifier(consortium);
  const proven = blocks.map((bytes) => verifier.verify(bytes));
  verifyChain(proven);
  expect(proven.map(({ number }) => number)).toEqual([0, 1, 2]);
  const [transaction] = [...(proven[2]?.transactions.values() ?? [])];
  expect(transaction).toMatchObject({
    name: "counter:Add",
    argument: '{"key":"a"}',
    result: '{"count":2}',
    creatorMspId: "VnMSP",
    creatorName: "vn",
  });
  expect([...(transaction?.writes ?? [])]).toEqual([["a", "2"]]);
});

test("a block with any byte changed proves nothing", async () => {
  const { consortium, blocks } = await provenBlocks(1);
  const bytes = blocks[1] as Uint8Array;
  const verifier = new BlockVerifier(consortium);
  for (let position = 0; position < bytes.length; position++) {
    const changed = Uint8Array.from(bytes);
    changed[position] = (changed[position] ?? 0) ^ (1 << (position % 8));
    expect(() => verifier.verify(changed), `byte ${position}`).toThrow(BlockNotProvenError);
  }
});

test("blocks that do not follow each other are no chain", async () => {
  const { consortium, blocks } = await provenBlocks(3);
  const verifier = new BlockVerifier(consortium);
  const [genesis, first, second] = blocks.map((bytes) => verifier.verify(bytes));
  if (!(genesis && first && second)) throw new Error("three blocks");
  expect(() => verifyChain([genesis, second])).toThrow(/does not follow/);
  expect(() => verifyChain([first, genesis])).toThrow(/does not follow/);
  expect(() => verifyChain([genesis, { ...first, previousHashHex: second.hashHex }])).toThrow(/does not follow/);
});

test("says what is missing", async () => {
  const { harness, consortium, blocks } = await provenBlocks(1);
  const bytes = blocks[1] as Uint8Array;
  const block = decodeBlock(bytes);
  const without = (part: Partial<typeof block>) => faultOf(encodeBlock({ ...block, ...part }), consortium);
  expect(faultOf(bytes, consortium)).toBe("proven");
  expect(faultOf(Uint8Array.of(1), consortium)).toBe("BLOCK_MALFORMED");
  expect(faultOf(Buffer.concat([bytes, Uint8Array.of(0x78, 0)]), consortium)).toBe("BLOCK_NOT_CANONICAL");
  expect(without({ data: [...block.data, Uint8Array.of(1)] })).toBe("BLOCK_DATA_HASH");
  expect(without({ validationCodes: Uint8Array.of(0, 0) })).toBe("BLOCK_CODES_INCOMPLETE");
  expect(without({ ordered: { ...block.ordered, signatures: [] } })).toBe("BLOCK_ORDERER_SIGNATURES");
  expect(without({ validationCodes: Uint8Array.of(11) })).toBe("BLOCK_PEER_SIGNATURES");
  const one = block.committed.signatures.slice(0, 1);
  expect(without({ committed: { ...block.committed, signatures: one } })).toBe("BLOCK_PEER_SIGNATURES");
  const twice = [...one, ...one];
  expect(without({ committed: { ...block.committed, signatures: twice } })).toBe("BLOCK_PEER_SIGNATURES");
  const other = signedTransaction(harness).envelopeBytes;
  const header = { ...block.header, dataHash: blockDataHash([other]) };
  expect(without({ header, data: [other] })).toBe("BLOCK_ORDERER_SIGNATURES");
  const stranger = (await openHarness({ seed: "stranger" })).network.consortium;
  expect(faultOf(bytes, stranger)).toBe("BLOCK_ORDERER_SIGNATURES");
  expect(faultOf(bytes, { ...stranger, orderers: consortium.orderers })).toBe("BLOCK_PEER_SIGNATURES");
});

test("transactions that orderers and peers let through prove nothing by that", async () => {
  const { harness, consortium } = await provenBlocks(1);
  const sealer = new BlockSealer(harness.network, harness.random);
  const faultWith = (forged: Parameters<typeof signedTransaction>[1]) => {
    const data = [signedTransaction(harness, forged).envelopeBytes];
    const header = { number: 1, previousHash: new Uint8Array(32), dataHash: blockDataHash(data) };
    const content = { header, data, validationCodes: Uint8Array.of(0), previousCommitHash: new Uint8Array(32) };
    return faultOf(encodeBlock(sealer.seal(content)), consortium);
  };
  const [peer] = harness.network.peers;
  if (peer === undefined) throw new Error("a network has peers");
  expect(faultWith({})).toBe("proven");
  expect(faultWith({ signer: peer })).toBe("TRANSACTION_FORGED");
  expect(faultWith({ status: 500 })).toBe("TRANSACTION_FORGED");
  expect(faultWith({ endorsers: [peer] })).toBe("TRANSACTION_NOT_ENDORSED");
});
