import { canonicalJson } from "@gridpact/settlement";
import type { Context } from "fabric-contract-api";
import { describe, expect, it } from "vitest";
import { CHAINCODE_EVENT } from "./chaincode-events.ts";
import { decimal, object } from "./shape.ts";
import { defineTransaction, transact } from "./transact.ts";
import type { Transaction } from "./transaction.ts";
import { collection } from "./world-state.ts";

const COUNTER = object({ count: decimal({ min: 0n }) });
const counterAt = collection("counter", COUNTER);

/** A transaction of a node about itself, so that the ownership rule applies. */
const SPEC = defineTransaction({ name: "anchors:CommitAnchor", argument: COUNTER, result: COUNTER });

function contextOf(state: Map<string, string>) {
  const writes = new Map<string, string | undefined>();
  const context = {
    clientIdentity: {
      getMSPID: () => "VnMSP",
      getIDBytes: () => new Uint8Array(),
      getAttributeValue: (name: string) => ({ role: "vn", vnId: "district" })[name] ?? null,
    },
    stub: {
      getTxID: () => "ab".repeat(32),
      getTxTimestamp: () => ({ seconds: 12n, nanos: 345_678_901 }),
      getState: (key: string) => Promise.resolve(Buffer.from(state.get(key) ?? "")),
      putState: (key: string, value: Uint8Array) => Promise.resolve(writes.set(key, Buffer.from(value).toString())),
      deleteState: (key: string) => Promise.resolve(writes.set(key, undefined)),
      getStateByRange: () =>
        Promise.resolve({ next: () => Promise.resolve({ done: true }), close: () => Promise.resolve() }),
      setEvent: () => undefined,
    },
  };
  return { context: context as unknown as Context, writes };
}

describe("a transaction", () => {
  const run = (act: (transaction: Transaction) => Promise<void> | void, state = new Map<string, string>()) => {
    const { context, writes } = contextOf(state);
    const argument = canonicalJson({ count: 1n });
    const outcome = transact({ context, argument }, SPEC, async (transaction, counter) => {
      await act(transaction);
      return counter;
    });
    return { outcome, writes };
  };

  it("sees its own writes, and hands each key to the peer once and in order", async () => {
    const { outcome, writes } = run(async (transaction) => {
      transaction.authorise({ vnId: "district" });
      for (const name of ["b", "a", "b"]) {
        const { count } = (await transaction.state.get(counterAt(name))) ?? { count: 0n };
        transaction.state.put(counterAt(name), { count: count + 1n });
      }
    });
    expect(await outcome).toBe('{"count":"1"}');
    expect([...writes]).toEqual([
      ["counter/a", '{"count":"1"}'],
      ["counter/b", '{"count":"2"}'],
    ]);
  });

  it("removes what it removes", async () => {
    const { outcome, writes } = run(
      async (transaction) => {
        transaction.authorise({ vnId: "district" });
        transaction.state.remove(counterAt("a"));
        expect(await transaction.state.get(counterAt("a"))).toBeUndefined();
      },
      new Map([["counter/a", '{"count":"1"}']]),
    );
    await outcome;
    expect([...writes]).toEqual([["counter/a", undefined]]);
  });

  it("reads the claimed time to the millisecond", async () => {
    const { outcome } = run((transaction) => {
      transaction.authorise({ vnId: "district" });
      expect(transaction.claimedAtUnixMs).toBe(12_345);
    });
    await outcome;
  });

  it("fails, and writes nothing, when the ownership rule was forgotten", async () => {
    const { outcome, writes } = run(({ state }) => state.put(counterAt("a"), { count: 1n }));
    await expect(outcome).rejects.toThrow("the ownership rule was not applied");
    expect(writes.size).toBe(0);
  });

  it("fails, and writes nothing, when it both reads a range and writes", async () => {
    const { outcome, writes } = run(async (transaction) => {
      transaction.authorise({ vnId: "district" });
      await transaction.state.list(counterAt("a"), { after: "", limit: 1 });
      transaction.state.put(counterAt("a"), { count: 1n });
    });
    await expect(outcome).rejects.toThrow("must not read ranges");
    expect(writes.size).toBe(0);
  });

  it("fails on a state that does not fit its shape", async () => {
    const damaged = new Map([["counter/a", '{"count":1}']]);
    const { outcome } = run(async ({ state }) => void (await state.get(counterAt("a"))), damaged);
    await expect(outcome).rejects.toThrow("the state at counter/a is damaged");
  });

  it("has one event", async () => {
    const { outcome } = run((transaction) => {
      transaction.emit(CHAINCODE_EVENT.MINTED, {});
      transaction.emit(CHAINCODE_EVENT.MINTED, {});
    });
    await expect(outcome).rejects.toThrow("a transaction has one event");
  });
});
