import { VirtualClock } from "@gridpact/host";
import { expect, test } from "vitest";
import type { OrderedTransaction } from "./channel.ts";
import {
  BATCH_BYTES_MAX,
  type BatchOptions,
  Orderer,
  PENDING_TRANSACTIONS_MAX,
  TRANSACTION_BYTES_MAX,
} from "./orderer.ts";

function setUp(options: BatchOptions) {
  const clock = new VirtualClock(0);
  const blocks: number[] = [];
  const failures: unknown[] = [];
  let failure: Error | undefined;
  const orderer = new Orderer(options, {
    clock,
    commit: async (batch) => {
      if (failure !== undefined) throw failure;
      blocks.push(batch.length);
    },
    onFailure: (error) => failures.push(error),
  });
  const fail = (error: Error) => {
    failure = error;
  };
  return { clock, orderer, blocks, failures, fail };
}

let count = 0;

/** A transaction as far as the orderer looks at it. */
function transaction(sizeBytes = 1): OrderedTransaction {
  const header = { transactionId: `transaction ${count++}` };
  return { envelopeBytes: new Uint8Array(sizeBytes), transaction: { header } } as unknown as OrderedTransaction;
}

test("commits at once when there is nothing to wait for, and together what came meanwhile", async () => {
  const { clock, orderer, blocks } = setUp({ transactionsMax: 500, timeoutMs: 0 });
  for (let index = 0; index < 5; index++) orderer.enqueue(transaction());
  await clock.advanceTo(0);
  expect(blocks.reduce((sum, length) => sum + length, 0)).toBe(5);
  expect(blocks.length).toBeLessThan(5);
});

test("leaves nothing behind that comes at any step of a commit", async () => {
  const { clock, orderer, blocks } = setUp({ transactionsMax: 500, timeoutMs: 0 });
  for (let steps = 0; steps < 20; steps++) {
    orderer.enqueue(transaction());
    for (let step = 0; step < steps; step++) await Promise.resolve();
    orderer.enqueue(transaction());
    await clock.advanceTo(steps);
    expect(
      blocks.splice(0).reduce((sum, length) => sum + length, 0),
      `${steps} steps`,
    ).toBe(2);
  }
});

test("waits as long as it was told for a block to fill, but no longer once it is full", async () => {
  const { clock, orderer, blocks } = setUp({ transactionsMax: 3, timeoutMs: 100 });
  orderer.enqueue(transaction());
  orderer.enqueue(transaction());
  await clock.advanceTo(99);
  expect(blocks).toEqual([]);
  await clock.advanceTo(100);
  expect(blocks).toEqual([2]);
  for (let index = 0; index < 3; index++) orderer.enqueue(transaction());
  await clock.advanceTo(101);
  expect(blocks).toEqual([2, 3]);
});

test("cuts a block at the number and at the bytes that it may have", async () => {
  const cut = async (transactionsMax: number, sizes: number[]) => {
    const { clock, orderer, blocks } = setUp({ transactionsMax, timeoutMs: 10 });
    for (const size of sizes) orderer.enqueue(transaction(size));
    await clock.advanceTo(1_000);
    return blocks;
  };
  expect(await cut(3, Array(8).fill(1))).toEqual([3, 3, 2]);
  expect(await cut(9, [BATCH_BYTES_MAX - 1, 1, 1])).toEqual([2, 1]);
  expect(await cut(9, [TRANSACTION_BYTES_MAX, 1])).toEqual([1, 1]);
});

test("takes as many transactions as may wait and no more, and goes on when they are done", async () => {
  const { clock, orderer, blocks } = setUp({ transactionsMax: PENDING_TRANSACTIONS_MAX * 2, timeoutMs: 1 });
  for (let index = 0; index < PENDING_TRANSACTIONS_MAX; index++) {
    expect(orderer.canAcceptWork()).toBe(true);
    orderer.enqueue(transaction());
  }
  expect(orderer.canAcceptWork()).toBe(false);
  await clock.advanceTo(1);
  expect(blocks).toEqual([PENDING_TRANSACTIONS_MAX]);
  expect(orderer.canAcceptWork()).toBe(true);
});

test("knows what is pending until it is committed", async () => {
  const { clock, orderer } = setUp({ transactionsMax: 3, timeoutMs: 10 });
  const one = transaction();
  const { transactionId } = one.transaction.header;
  expect(orderer.isPending(transactionId)).toBe(false);
  orderer.enqueue(one);
  expect(orderer.isPending(transactionId)).toBe(true);
  await clock.advanceTo(10);
  expect(orderer.isPending(transactionId)).toBe(false);
});

test("stops for good after a block that could not be committed", async () => {
  const { clock, orderer, blocks, failures, fail } = setUp({ transactionsMax: 3, timeoutMs: 0 });
  const error = new Error("disk");
  fail(error);
  orderer.enqueue(transaction());
  await clock.advanceTo(0);
  expect(failures).toEqual([error]);
  expect(orderer.canAcceptWork()).toBe(false);
  await orderer.close();
  expect([blocks, failures]).toEqual([[], [error]]);
});

test("commits what it has taken in before it is closed, without waiting for more", async () => {
  const { orderer, blocks } = setUp({ transactionsMax: 3, timeoutMs: 1_000 });
  for (let index = 0; index < 5; index++) orderer.enqueue(transaction());
  await orderer.close();
  expect(blocks).toEqual([3, 2]);
  expect(orderer.canAcceptWork()).toBe(false);
});
