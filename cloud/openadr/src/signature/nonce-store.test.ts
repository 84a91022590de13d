import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryNonceStore } from "./nonce-store.ts";
import { SqliteNonceStore } from "./sqlite-nonce-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nonces-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stores = [
  ["memory", (capacity?: number) => new MemoryNonceStore(capacity)],
  ["SQLite", (capacity?: number) => new SqliteNonceStore(join(folder, "nonces.sqlite"), capacity)],
] as const;

describe.each(stores)("a nonce store in %s", (_, open) => {
  it("takes each nonce once", () => {
    const store = open();
    expect([store.use("a", 10, 0), store.use("a", 10, 0), store.use("b", 10, 0)]).toEqual([true, false, true]);
  });

  it("refuses at its bound until entries expire", () => {
    const store = open(2);
    expect([store.use("a", 10, 0), store.use("b", 20, 0), store.use("c", 30, 0)]).toEqual([true, true, false]);
    expect([store.use("c", 30, 11), store.use("d", 30, 11)]).toEqual([true, false]);
  });
});

it("nonces on disk survive the process", () => {
  const path = join(folder, "nonces.sqlite");
  const first = new SqliteNonceStore(path);
  expect(first.use("a", 10, 0)).toBe(true);
  first.close();
  const second = new SqliteNonceStore(path);
  expect(second.use("a", 10, 0)).toBe(false);
  second.close();
});
