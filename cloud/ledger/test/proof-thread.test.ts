import { afterEach, expect, it } from "vitest";
import { auditBlocks, BLOCKS_AHEAD_MAX } from "../src/audit/audit-blocks.ts";
import { ProofThread } from "../src/audit/index.ts";
import { BLOCKS_IN_HAND } from "../src/audit/proof-thread.ts";
import { BlockVerifier } from "../src/evidence/index.ts";
import type { Consortium } from "../src/protocol/index.ts";
import { openHarness } from "./harness.ts";

const opened: ProofThread[] = [];

afterEach(async () => {
  for (const thread of opened.splice(0)) await thread.close();
});

function threadFor(consortium: Consortium): ProofThread {
  const thread = new ProofThread({ ledgerKind: "embedded", consortium });
  opened.push(thread);
  return thread;
}

async function committedBlocks(count: number) {
  const { client, network } = await openHarness();
  for (let index = 0; index < count; index++) await client.execute("counter:Add", { key: "a" });
  const fetched = await Promise.all(Array.from({ length: count + 1 }, (_, number) => client.block(number)));
  return { consortium: network.consortium, blocks: fetched.map(({ bytes }) => bytes) };
}

it("a thread proves what the verifier proves, each block for who asked", async () => {
  const { consortium, blocks } = await committedBlocks(3);
  const verifier = new BlockVerifier(consortium);
  const thread = threadFor(consortium);
  const answers = await Promise.all(blocks.map((bytes) => thread.verify(bytes)));
  const proven = answers.map(({ replayed: _, ...block }) => block);
  expect(proven).toEqual(blocks.map((bytes) => verifier.verify(bytes)));
});

it("a thread runs transactions again while the audit has the bound of blocks in hand", async () => {
  const { consortium, blocks } = await committedBlocks(2 * BLOCKS_IN_HAND);
  const thread = threadFor(consortium);
  const replayed: (number | undefined)[] = [];
  for (const [number, bytes] of blocks.entries()) {
    replayed.push((await thread.verify(bytes)).replayed?.size);
    // The audit is through with all but one of them, and then keeps pace.
    if (number >= BLOCKS_IN_HAND) for (let times = 0; times < BLOCKS_IN_HAND; times++) thread.onAudited();
  }
  // Block 0 has no transaction of a contract; of the others each has one.
  expect(replayed).toEqual([0, 0, 1, 0, 0]);
});

it("a thread refuses a damaged block with the verifier's reason, and goes on with the next", async () => {
  const { consortium, blocks } = await committedBlocks(2);
  const damaged = Uint8Array.from(blocks[1] ?? []);
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
  const thread = threadFor(consortium);
  const [refused, next] = await Promise.allSettled([thread.verify(damaged), thread.verify(blocks[2] as Uint8Array)]);
  expect(() => new BlockVerifier(consortium).verify(damaged)).toThrow(
    expect.objectContaining({ code: (refused as PromiseRejectedResult).reason.code }),
  );
  expect(next).toMatchObject({ status: "fulfilled", value: { number: 2 } });
});

it("whoever waits for a thread that cannot work learns why", async () => {
  const { blocks } = await committedBlocks(0);
  await expect(threadFor({} as Consortium).verify(blocks[0] as Uint8Array)).rejects.toThrow(TypeError);
});

it("whoever asks a thread that has ended while nobody waited learns why, at once and each time", async () => {
  const { consortium, blocks } = await committedBlocks(0);
  const genesis = blocks[0] as Uint8Array;
  const broken = threadFor({} as Consortium);
  await expect(broken.verify(genesis)).rejects.toThrow(TypeError);
  for (let time = 0; time < 2; time++) await expect(broken.verify(genesis)).rejects.toThrow(TypeError);
  const ended = threadFor(consortium);
  expect((await ended.verify(genesis)).number).toBe(0);
  await ended.close();
  await expect(ended.verify(genesis)).rejects.toThrow(/the thread that proves blocks has ended with 1/);
});

it("who waits for a thread that is ended is not left waiting", async () => {
  const { consortium, blocks } = await committedBlocks(0);
  const thread = threadFor(consortium);
  const waiting = expect(thread.verify(blocks[0] as Uint8Array)).rejects.toThrow(/has ended with/);
  await thread.close();
  await waiting;
});

it("no more blocks are proven ahead of the audit than the bound", async () => {
  let asked = 0;
  const verify = () => {
    asked += 1;
    return new Promise<never>(() => undefined);
  };
  async function* endless() {
    for (;;) yield new Uint8Array();
  }
  void auditBlocks(endless(), { verifier: { verify } });
  for (let turns = 0; turns < 100; turns++) await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(BLOCKS_AHEAD_MAX + 1);
});
