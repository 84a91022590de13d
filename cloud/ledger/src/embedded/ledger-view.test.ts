import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { VALIDATION_CODE } from "../protocol/index.ts";
import { LedgerView } from "./ledger-view.ts";
import { RANGE_PAGE_KEYS } from "./world-state.ts";

const directory = mkdtempSync(join(tmpdir(), "gridpact-view-"));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const newPath = () => join(directory, `${files++}.sqlite`);
const idOf = (number: number) => number.toString(16).padStart(64, "0");
const textOf = (view: LedgerView, key: string) => {
  const found = view.state.get("s", key);
  return found && `${Buffer.from(found.value)} of block ${found.version.blockNumber}`;
};

/** Puts a block with one transaction there, which writes one key. */
function addBlock(view: LedgerView, number: number, value: string | undefined, key = `key ${number}`): void {
  const place = { blockNumber: number, transactionIndex: 0, code: VALIDATION_CODE.VALID };
  view.noteTransaction(idOf(number), place);
  view.state.apply([{ store: "s", key, value: value === undefined ? undefined : Buffer.from(value) }], place);
  const hash = new Uint8Array(32).fill(number);
  view.endBlock({ number, hash, record: BigInt(2 * number), written: Int32Array.of(number % 3) });
}

test("has the same answers from memory and from the database, and after it was opened again", () => {
  const path = newPath();
  const view = new LedgerView(path);
  for (let number = 0; number < 4; number++) addBlock(view, number, `v${number}`);
  addBlock(view, 4, undefined, "key 1");
  view.private.keep(idOf(9), Uint8Array.of(9));
  const check = (seen: LedgerView) => {
    expect(["key 0", "key 1", "key 3", "key 9"].map((key) => textOf(seen, key))).toEqual([
      "v0 of block 0",
      undefined,
      "v3 of block 3",
      undefined,
    ]);
    expect(seen.transaction(idOf(3))).toEqual({ blockNumber: 3, transactionIndex: 0, code: VALIDATION_CODE.VALID });
    expect(seen.transaction(idOf(5))).toBeUndefined();
    expect([seen.record(2), seen.record(4), seen.record(5)]).toEqual([4n, 8n, undefined]);
    expect(seen.blocksThatWrote(1)).toEqual([1, 4]);
    expect(seen.newestBlock()).toMatchObject({ number: 4, hash: new Uint8Array(32).fill(4), record: 8n });
  };
  check(view);
  view.flush();
  check(view);
  view.close();
  const reopened = new LedgerView(path);
  check(reopened);
  expect(reopened.private.take(idOf(9))).toEqual(Uint8Array.of(9));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  reopened.close();
});

test("settings of a key come back, and stay with it", () => {
  const path = newPath();
  const view = new LedgerView(path);
  const metadata = new Map([["policy", Uint8Array.of(0, 255, 7)]]);
  const place = { blockNumber: 0, transactionIndex: 3 };
  view.state.apply([{ store: "s", key: "a", value: Uint8Array.of(1), metadata }], place);
  view.flush();
  view.close();
  const reopened = new LedgerView(path);
  expect(reopened.state.get("s", "a")).toEqual({ value: Uint8Array.of(1), version: place, metadata });
  reopened.state.apply([{ store: "s", key: "a", value: Uint8Array.of(2) }], { blockNumber: 1, transactionIndex: 0 });
  expect(reopened.state.get("s", "a")?.metadata).toEqual(metadata);
  reopened.close();
});

test("holds so many bytes of changes in memory, and puts them all away with the block that reaches the bound", () => {
  const path = newPath();
  const view = new LedgerView(path, 100_000);
  const stored = () => {
    const database = new DatabaseSync(path);
    const row = database.prepare("SELECT count(*) AS blocks FROM block").get();
    database.close();
    return row?.["blocks"];
  };
  let number = 0;
  for (let bytes = 0; ; number++) {
    addBlock(view, number, "x".repeat(20_000));
    if (view.changesBytes() === 0) break;
    expect([view.changesBytes() < 100_000, view.changesBytes() > bytes, stored()]).toEqual([true, true, 0]);
    bytes = view.changesBytes();
  }
  expect([number, stored()]).toEqual([4, 5]);
  view.close();
});

test("what was not put away when the process died is missing as a whole", () => {
  const path = newPath();
  const view = new LedgerView(path);
  for (let number = 0; number < 2; number++) addBlock(view, number, "old");
  view.flush();
  addBlock(view, 2, "new", "key 0");
  const [left, leftLog] = [newPath(), `${path}-wal`];
  copyFileSync(path, left);
  copyFileSync(leftLog, `${left}-wal`);
  const survivor = new LedgerView(left);
  expect([survivor.newestBlock()?.number, textOf(survivor, "key 0")]).toEqual([1, "old of block 0"]);
  expect(survivor.transaction(idOf(2))).toBeUndefined();
  survivor.close();
  view.close();
});

test("ranges longer than a page are whole, in memory or not, and as they were when the snapshot was opened", () => {
  const view = new LedgerView();
  const count = 2 * RANGE_PAGE_KEYS;
  const names = Array.from({ length: count }, (_, index) => `k${String(index).padStart(4, "0")}`);
  const put = (key: string, value: string | undefined) =>
    view.state.apply([{ store: "s", key, value: value === undefined ? undefined : Buffer.from(value) }], {
      blockNumber: 0,
      transactionIndex: 0,
    });
  for (const name of names) put(name, "1");
  const snapshot = view.state.openSnapshot();
  const range = snapshot.range("s", "", "");
  const seen = [range.next().value?.key];
  // The keys at both ends of a page vanish, and others come, while the range is being read.
  for (const at of [1, RANGE_PAGE_KEYS - 1, RANGE_PAGE_KEYS, count - 1]) put(names[at] as string, undefined);
  for (const key of ["k0000a", "k0300a", "z"]) put(key, "2");
  for (const { key } of range) seen.push(key);
  expect(seen).toEqual(names);
  expect([...view.state.openSnapshot().range("s", "k0398", "")].map(({ key }) => key)).toEqual(["k0398", "z"]);
  snapshot.close();
  view.close();
});

test.each([
  ["no database", (path: string) => writeFileSync(path, "no database".repeat(1_000))],
  ["one of another version", (path: string) => new DatabaseSync(path).exec("PRAGMA user_version = 7")],
  ["empty", (path: string) => writeFileSync(path, "")],
])("a file that is %s is made anew", (_, spoil) => {
  const path = newPath();
  const view = new LedgerView(path);
  addBlock(view, 0, "v");
  view.flush();
  view.close();
  spoil(path);
  const renewed = new LedgerView(path);
  expect(renewed.newestBlock()).toBeUndefined();
  addBlock(renewed, 0, "again");
  renewed.flush();
  expect(textOf(renewed, "key 0")).toBe("again of block 0");
  renewed.close();
});
