import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutboxStore } from "./outbox-store.ts";

const prepared = (key: string, fill = 8) => ({
  transactionId: `tx of ${key}`,
  transaction: "accounts:Mint",
  bytes: new Uint8Array(fill).fill(10),
  result: { key },
});

function world(compactBytes: number) {
  const disk = new SimulatedDisk(new SeededRandom("store"));
  const open = () =>
    OutboxStore.open({ disk, directory: "o", compactBytes, finishedMax: 100, whenFull: async () => undefined });
  const sizeBytes = async () => {
    const sizes = (await disk.list("o")).map(async (name) => (await disk.read(`o/${name}`))?.length ?? 0);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  return { disk, open, sizeBytes };
}

describe("OutboxStore", () => {
  it("gives back after a restart what was prepared, byte for byte", async () => {
    const { open } = world(1_000_000);
    const store = await open();
    await store.enqueue({ key: "a", lane: "l", transaction: "accounts:Mint", argument: '{"text":"line\\nbreak"}' });
    await store.prepare("a", "l", { ...prepared("a"), commitRequest: Uint8Array.of(0, 255) });
    await store.prepare("b", "m", prepared("b"));
    const { pending } = await open();
    expect([...pending.values()]).toEqual([
      {
        key: "a",
        lane: "l",
        transaction: "accounts:Mint",
        argument: '{"text":"line\\nbreak"}',
        prepared: { ...prepared("a"), commitRequest: Uint8Array.of(0, 255) },
      },
      { key: "b", lane: "m", transaction: "accounts:Mint", argument: null, prepared: prepared("b") },
    ]);
  });

  it("keeps its files small, its order and its state, however often it is rewritten", async () => {
    const step = fc.tuple(fc.constantFrom("enqueue", "prepare", "finish", "drop"), fc.integer({ min: 0, max: 9 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 300 }), async (steps) => {
        const { open, sizeBytes } = world(2_000);
        const store = await open();
        for (const [name, number] of steps) await apply(store, name, `key-${number}`);
        const reopened = await open();
        expect([...reopened.pending.entries()]).toEqual([...store.pending.entries()]);
        for (let number = 0; number < 10; number++) {
          expect(reopened.finished(`key-${number}`)).toEqual(store.finished(`key-${number}`));
        }
        // The state itself is below 4 kB: ten pending and ten finished entries.
        expect(await sizeBytes()).toBeLessThan(12_000);
      }),
      { numRuns: 40 },
    );
  });
});

async function apply(store: OutboxStore, name: string, key: string): Promise<void> {
  const entry = store.pending.get(key);
  if (entry === undefined) {
    if (name === "enqueue") await store.enqueue({ key, lane: "l", transaction: "accounts:Mint", argument: "{}" });
    if (name === "prepare") await store.prepare(key, "l", prepared(key, 100));
    return;
  }
  if (name === "prepare") await store.prepare(key, "l", prepared(key, 50));
  if (name === "finish") await store.finish(entry, { transactionId: "tx", blockNumber: 1, result: key });
  if (name === "drop") await store.drop(key);
}
