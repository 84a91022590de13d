import assert from "node:assert/strict";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { DocumentStore } from "./document-store.ts";

/** Step n brings a database from version n to n + 1. Steps are only ever appended. */
const MIGRATIONS: readonly string[] = [
  "CREATE TABLE document (collection TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, " +
    "PRIMARY KEY (collection, key)) WITHOUT ROWID;",
];

/** A newer version of this program wrote the file; an older one would misread it. */
export class StorageError extends Error {
  readonly code: "newer-database";

  constructor(version: number) {
    super(`the database has version ${version}; this program knows ${MIGRATIONS.length}`);
    this.name = "StorageError";
    this.code = "newer-database";
  }
}

/** Greater than every character, so that it ends a range of keys. */
const LAST_CHARACTER = "\u{10ffff}";

/**
 * Documents in one SQLite file (`:memory:` for tests). Every transaction is flushed to the disk before it returns: what
 * a peer was told survives `kill -9` and power loss.
 */
export class SqliteDocumentStore implements DocumentStore {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #count: StatementSync;
  #isInTransaction = false;

  /** Throws `StorageError` when a newer version of the program wrote the file. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    this.#migrate();
    const range = "FROM document WHERE collection = ? AND key >= ? AND key < ?";
    this.#get = this.#database.prepare("SELECT json FROM document WHERE collection = ? AND key = ?");
    this.#put = this.#database.prepare("INSERT OR REPLACE INTO document (collection, key, json) VALUES (?, ?, ?)");
    this.#delete = this.#database.prepare("DELETE FROM document WHERE collection = ? AND key = ?");
    this.#list = this.#database.prepare(`SELECT json ${range} ORDER BY key`);
    this.#count = this.#database.prepare(`SELECT count(*) AS n ${range}`);
  }

  get<T>(collection: string, key: string): T | undefined {
    const row = this.#get.get(collection, key);
    return row === undefined ? undefined : (JSON.parse(String(row["json"])) as T);
  }

  put(collection: string, key: string, value: unknown): void {
    this.#put.run(collection, key, JSON.stringify(value));
  }

  delete(collection: string, key: string): void {
    this.#delete.run(collection, key);
  }

  list<T>(collection: string, prefix = ""): readonly T[] {
    const rows = this.#list.all(collection, prefix, prefix + LAST_CHARACTER);
    return rows.map((row) => JSON.parse(String(row["json"])) as T);
  }

  count(collection: string, prefix = ""): number {
    return Number(this.#count.get(collection, prefix, prefix + LAST_CHARACTER)?.["n"]);
  }

  transaction<T>(work: () => T): T {
    assert(!this.#isInTransaction, "transactions do not nest");
    this.#isInTransaction = true;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  close(): void {
    this.#database.close();
  }

  #migrate(): void {
    const version = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > MIGRATIONS.length) throw new StorageError(version);
    for (const [at, step] of MIGRATIONS.entries()) {
      if (at < version) continue;
      this.#database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${at + 1}; COMMIT;`);
    }
  }
}
