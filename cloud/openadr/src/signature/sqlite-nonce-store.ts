import { DatabaseSync, type StatementSync } from "node:sqlite";
import { MAX_NONCES, type NonceStore } from "./nonce-store.ts";

/** Dropping expired rows on every use would double the cost of a message; once in so many is enough. */
const USES_PER_SWEEP = 1_000;

/**
 * Nonces on disk. Writes are not flushed one by one: they survive the death of the process, which is the replay case
 * that matters, and a machine that lost power comes back later than the window in which a replay would be accepted.
 */
export class SqliteNonceStore implements NonceStore {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #sweep: StatementSync;
  readonly #capacity: number;
  #count: number;
  #uses = 0;

  constructor(path: string, capacity: number = MAX_NONCES) {
    this.#capacity = capacity;
    this.#database = new DatabaseSync(path);
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" +
        "CREATE TABLE IF NOT EXISTS nonce (key TEXT PRIMARY KEY, expires_at_unix_ms INTEGER NOT NULL) WITHOUT ROWID;" +
        "CREATE INDEX IF NOT EXISTS nonce_expiry ON nonce (expires_at_unix_ms);",
    );
    this.#insert = this.#database.prepare("INSERT OR IGNORE INTO nonce (key, expires_at_unix_ms) VALUES (?, ?)");
    this.#sweep = this.#database.prepare("DELETE FROM nonce WHERE expires_at_unix_ms < ?");
    this.#count = Number(this.#database.prepare("SELECT count(*) AS n FROM nonce").get()?.["n"] ?? 0);
  }

  use(key: string, expiresAtUnixMs: number, nowUnixMs: number): boolean {
    this.#uses += 1;
    if (this.#uses % USES_PER_SWEEP === 0 || this.#count >= this.#capacity) {
      this.#count -= Number(this.#sweep.run(nowUnixMs).changes);
    }
    if (this.#count >= this.#capacity) return false;
    const isNew = this.#insert.run(key, expiresAtUnixMs).changes === 1;
    if (isNew) this.#count += 1;
    return isNew;
  }

  close(): void {
    this.#database.close();
  }
}
