import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyOf, keysUnder } from "./document-store.ts";
import { SqliteDocumentStore } from "./sqlite-document-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "documents-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("SqliteDocumentStore", () => {
  it("keeps documents across a restart", () => {
    const path = join(folder, "a.sqlite");
    const first = new SqliteDocumentStore(path);
    first.transaction(() => first.put("ven", "1", { name: "a" }));
    first.close();
    const second = new SqliteDocumentStore(path);
    expect(second.get("ven", "1")).toEqual({ name: "a" });
    expect(second.get("ven", "2")).toBeUndefined();
    second.close();
  });

  it("lists by prefix in key order and never mixes up neighbours", () => {
    const store = new SqliteDocumentStore(":memory:");
    for (const key of [keyOf("a", "2"), keyOf("a", "1"), keyOf("ab", "3"), "a", keyOf("a", "😀")])
      store.put("c", key, key);
    store.put("d", keyOf("a", "1"), "other");
    expect(store.list("c", keysUnder("a"))).toEqual([keyOf("a", "1"), keyOf("a", "2"), keyOf("a", "😀")]);
    expect(store.count("c", keysUnder("a"))).toBe(3);
    store.delete("c", keyOf("a", "1"));
    expect(store.count("c")).toBe(4);
  });

  it("forgets everything of a transaction that failed", () => {
    const store = new SqliteDocumentStore(":memory:");
    const fail = () =>
      store.transaction(() => {
        store.put("c", "k", 1);
        throw new Error("no");
      });
    expect(fail).toThrow("no");
    expect(store.count("c")).toBe(0);
    expect(store.transaction(() => store.count("c"))).toBe(0);
    expect(() => store.transaction(() => store.transaction(() => 1))).toThrow("nest");
  });

  it("refuses a database of a newer program", () => {
    const path = join(folder, "a.sqlite");
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => new SqliteDocumentStore(path)).toThrow("version 99");
  });
});
