import { type Disk, JournalDamagedError, SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import type { FinishedEntry } from "./outbox-record.ts";
import { OutboxStore } from "./outbox-store.ts";
import { readOutbox } from "./read-outbox.ts";

const TRANSACTION = "accounts:Mint";

const preparedAs = (transactionId: string) => ({
  transactionId,
  transaction: TRANSACTION,
  bytes: Uint8Array.of(1, 2, 3),
  result: null,
});

async function world({ compactBytes = 1_000_000, finishedMax = 100 } = {}) {
  const disk = new SimulatedDisk(new SeededRandom("read-outbox"));
  const store = await OutboxStore.open({ disk, directory: "o", compactBytes, finishedMax, whenFull: async () => {} });
  const enqueue = (key: string) => store.enqueue({ key, lane: "l", transaction: TRANSACTION, argument: "{}" });
  const finish = async (key: string, transactionId: string, blockNumber: number) => {
    const entry = store.pending.get(key) ?? {
      key,
      lane: "l",
      transaction: TRANSACTION,
      argument: "{}",
      prepared: null,
    };
    await store.finish(entry, { transactionId, blockNumber, result: null });
  };
  return { disk, store, enqueue, finish };
}

/** Every byte of every file. */
async function contentOf(disk: Disk): Promise<string[]> {
  const names = await disk.list("o");
  const read = async (name: string) => `${name} ${Buffer.from((await disk.read(`o/${name}`)) ?? []).toString("hex")}`;
  return Promise.all(names.map(read));
}

describe("reading an outbox", () => {
  it("tells what is pending, done and refused, with every transaction that was prepared", async () => {
    const { disk, store, enqueue, finish } = await world();
    for (const key of ["done", "sent", "refused", "new"]) await enqueue(key);
    await store.prepare("done", "l", preparedAs("lost to a conflict"));
    await store.prepare("done", "l", preparedAs("second"));
    await finish("done", "second", 7);
    await store.prepare("sent", "l", preparedAs("third"));
    await store.prepare("refused", "l", preparedAs("fourth"));
    await store.drop("refused");
    const { keys, forgottenToBlock } = await readOutbox({ disk, directory: "o" });
    const told = [...keys.values()].map(({ key, status, transactionIds }) => [key, status, ...transactionIds]);
    expect(told).toEqual([
      ["done", "finished", "lost to a conflict", "second"],
      ["sent", "pending", "third"],
      ["refused", "dropped", "fourth"],
      ["new", "pending"],
    ]);
    expect(keys.get("done")?.finished).toMatchObject([{ transactionId: "second", blockNumber: 7 }]);
    expect(forgottenToBlock).toBeNull();
  });

  it("finds nothing where there is no outbox, and makes none", async () => {
    const { disk } = await world();
    expect((await readOutbox({ disk, directory: "elsewhere" })).keys.size).toBe(0);
    expect(await disk.list("elsewhere")).toEqual([]);
  });

  it("takes the restating of a rewritten journal for one effect, and a second transaction for two", async () => {
    const { disk, enqueue, finish } = await world({ compactBytes: 400 });
    for (let number = 0; number < 20; number++) {
      await enqueue(`key-${number}`);
      await finish(`key-${number}`, `tx-${number}`, number);
    }
    const transactionsOf = async (key: string) => {
      const { keys } = await readOutbox({ disk, directory: "o" });
      return keys.get(key)?.finished.map(({ transactionId }: FinishedEntry) => transactionId);
    };
    expect(await transactionsOf("key-3")).toEqual(["tx-3"]);
    await finish("key-3", "tx-other", 21);
    expect(await transactionsOf("key-3")).toContain("tx-other");
  });

  it("knows from which block on nothing was forgotten: at the bound of finished keys, not below it", async () => {
    const { disk, enqueue, finish } = await world();
    for (const number of [4, 5]) {
      await enqueue(`key-${number}`);
      await finish(`key-${number}`, `tx-${number}`, number);
    }
    const forgotten = async (finishedMax: number) =>
      (await readOutbox({ disk, directory: "o", finishedMax })).forgottenToBlock;
    expect([await forgotten(3), await forgotten(2)]).toEqual([null, 5]);
  });
});

describe("reading the outbox of a running process", () => {
  it("leaves a torn tail as it is: the process is about to finish it", async () => {
    const { disk, store, enqueue } = await world();
    await enqueue("whole");
    const file = await disk.openAppend("o/00000000000000000000.log");
    await file.append(Uint8Array.of(1, 2, 3, 4, 5));
    const before = await contentOf(disk);
    const { keys } = await readOutbox({ disk, directory: "o" });
    expect([...keys.keys()]).toEqual(["whole"]);
    expect(await contentOf(disk)).toEqual(before);
    await store.close();
  });

  it("begins anew when a segment was dropped between listing and reading", async () => {
    const { disk, enqueue } = await world();
    await enqueue("kept");
    let listings = 0;
    const racing: Disk = {
      openAppend: (path) => disk.openAppend(path),
      replace: (path, bytes) => disk.replace(path, bytes),
      remove: (path) => disk.remove(path),
      read: (path) => disk.read(path),
      list: async (path) => {
        listings += 1;
        const names = await disk.list(path);
        return listings === 1 ? ["00000000000000000000.gone.log", ...names] : names;
      },
    };
    expect([...(await readOutbox({ disk: racing, directory: "o" })).keys.keys()]).toEqual(["kept"]);
    expect(listings).toBe(2);
  });

  it("refuses a damaged record, and repairs nothing", async () => {
    const { disk, enqueue } = await world();
    for (const key of ["a", "b", "c"]) await enqueue(key);
    disk.flipBit("o/00000000000000000000.log", 30 * 8);
    const before = await contentOf(disk);
    await expect(readOutbox({ disk, directory: "o" })).rejects.toBeInstanceOf(JournalDamagedError);
    expect(await contentOf(disk)).toEqual(before);
  });
});
