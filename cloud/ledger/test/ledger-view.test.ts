import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LedgerDamagedError } from "../src/embedded/index.ts";
import { type Harness, hex, openHarness } from "./harness.ts";
import { CounterContract } from "./network.ts";

const parent = mkdtempSync(join(tmpdir(), "gridpact-ledger-view-"));
const opened: Harness[] = [];
afterAll(async () => {
  for (const { ledger } of opened) await ledger.close().catch(() => undefined);
  rmSync(parent, { recursive: true });
});

/** To be closed at the end, if it is not by then. */
function tracked(harness: Harness): Harness {
  opened.push(harness);
  return harness;
}

let directories = 0;
const newDirectory = () => join(parent, String(directories++));

/** What a process that was killed now would leave behind. */
function leftBehind(directory: string): string {
  const copy = newDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** Everything that clients can see of a few keys, and the head. */
async function answers({ client, ledger }: Harness) {
  const history = [];
  for (let index = 0; index < 5; index++) history.push(await client.evaluate("counter:History", { key: `k${index}` }));
  const { keys } = (await client.evaluate("counter:List", { start: "", end: "" })) as { keys: string[] };
  const newest = await client.block(ledger.channel.height() - 1);
  return { history, keys, head: hex(ledger.channel.headHash()), newest: hex(newest.bytes) };
}

async function play({ client }: Harness, from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index++) {
    await client.execute(index % 7 === 3 ? "counter:Remove" : "counter:Add", { key: `k${index % 5}` });
  }
}

test("a killed ledger goes on from its view, wherever that stood, as if it had read every block", async () => {
  const directory = newDirectory();
  const harness = await openHarness({ directoryOnMachine: directory, changesBytesMax: 4_000 });
  const expected = [];
  const left: string[] = [];
  for (let round = 0; round < 8; round++) {
    await play(harness, round * 4, 4);
    left.push(leftBehind(directory));
    expected.push(await answers(harness));
  }
  for (const [round, copy] of left.entries()) {
    const revived = tracked(await harness.reopen(copy));
    expect(await answers(revived), `round ${round}`).toEqual(expected[round]);
    await play(revived, 100, 3);
    await revived.ledger.close();
    const seen = await answers(tracked(await harness.reopen(copy)));
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(copy, `ledger/view.sqlite${suffix}`), { force: true });
    expect(await answers(tracked(await harness.reopen(copy))), `round ${round}, every block read`).toEqual(seen);
  }
  await harness.ledger.close();
});

test("a view of other blocks than are stored is made anew", async () => {
  const directory = newDirectory();
  const harness = await openHarness({ directoryOnMachine: directory });
  await play(harness, 0, 5);
  const old = leftBehind(directory);
  await play(harness, 5, 5);
  await harness.ledger.close();
  // A backup of the blocks, brought back beside a view that has seen more.
  cpSync(join(directory, "ledger/view.sqlite"), join(old, "ledger/view.sqlite"));
  for (const name of ["view.sqlite-wal", "view.sqlite-shm"]) rmSync(join(old, "ledger", name), { force: true });
  const restored = await harness.reopen(old);
  expect(restored.ledger.channel.height()).toBe(6);
  const seen = await answers(restored);
  await restored.ledger.close();
  rmSync(join(old, "ledger/view.sqlite"));
  expect(await answers(tracked(await harness.reopen(old)))).toEqual(seen);
});

test("a damaged block that the view has is found by who asks for it, and when the view is made anew", async () => {
  const directory = newDirectory();
  const harness = await openHarness({ directoryOnMachine: directory });
  // Of some hundred kilobytes each, so that there is more than one file of blocks.
  const key = "k".repeat(300_000);
  for (let index = 0; index < 8; index++) await harness.client.execute("counter:Add", { key });
  await harness.ledger.close();
  const [first = "", ...others] = readdirSync(join(directory, "ledger")).filter((name) => name.endsWith(".log"));
  expect(others.length).toBeGreaterThan(0);
  const path = join(directory, "ledger", first);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const reopened = await harness.reopen();
  expect(await reopened.client.evaluate("counter:Get", { key })).toEqual({ count: 8 });
  await expect(reopened.client.block(2)).rejects.toThrow(/the ledger failed/);
  await reopened.ledger.close();
  rmSync(join(directory, "ledger/view.sqlite"));
  await expect(harness.reopen()).rejects.toThrow(/damaged record/);
});

test("private values that wait for their transaction wait over a restart", async () => {
  const directory = newDirectory();
  const collections = [{ name: "terms", memberMspIds: ["VnMSP"] }];
  const harness = await openHarness({
    directoryOnMachine: directory,
    chaincodes: [{ name: "gridpact", contracts: [CounterContract], collections }],
  });
  const read = { collection: "terms", key: "offer" };
  const transientMap = { value: Buffer.from("price 7") };
  const prepared = await harness.client.prepare("counter:KeepSecret", read, { transientMap });
  // After it, so that what the view starts from is later in the journal than the private values.
  await harness.client.execute("counter:Add", { key: "a" });
  await harness.ledger.close();
  const reopened = await harness.reopen();
  await reopened.client.submit(prepared);
  expect((await reopened.client.commitStatus(prepared.transactionId)).name).toBe("VALID");
  expect(await reopened.client.evaluate("counter:Secret", read)).toEqual({ value: "price 7" });
  await reopened.ledger.close();
  const again = tracked(await harness.reopen());
  expect(await again.client.evaluate("counter:Secret", read)).toEqual({ value: "price 7" });
});

test("a chain of another consortium is refused, also by who has a view of it", async () => {
  const directory = newDirectory();
  const harness = await openHarness({ directoryOnMachine: directory });
  await harness.ledger.close();
  const stranger = await openHarness({ seed: "another" });
  const { consortium, orderers, peers } = stranger.network;
  Object.assign(harness.network, { consortium, orderers, peers });
  await expect(harness.reopen()).rejects.toThrow(LedgerDamagedError);
});
