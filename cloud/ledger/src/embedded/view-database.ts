import { closeSync, openSync, rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { CommittedTransaction } from "./channel.ts";
import type { StateTable, StateValue } from "./world-state.ts";

/** A block of which the database has everything: its number, its hash and the number of its record in the journal. */
export type ViewedBlock = { number: number; hash: Uint8Array; record: bigint };

/** Hashes of keys, four bytes each; see `hashOfKey`. */
export type KeyHashes = Int32Array<ArrayBuffer>;

/**
 * `synchronous = NORMAL` may lose the last transactions in a power cut, but each as a whole: what is then missing is
 * read from the blocks again. A contract's document of 1.4 kB fits a quarter of a page, beyond which it would get a
 * page of its own. Another version of the tables is another number of `user_version`.
 */
const SCHEMA = `
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -65536;
  CREATE TABLE IF NOT EXISTS state (
    store TEXT NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    block INTEGER NOT NULL,
    place INTEGER NOT NULL,
    settings TEXT,
    PRIMARY KEY (store, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ledger_transaction (
    id BLOB PRIMARY KEY,
    block INTEGER NOT NULL,
    place INTEGER NOT NULL,
    code INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS block (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    record INTEGER NOT NULL,
    written BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS waiting (
    id INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  PRAGMA user_version = 1;
`;
const VERSION = 1;
const TABLES = ["state", "ledger_transaction", "block", "waiting"] as const;

/** Above every key, as UTF-8 has no such byte. */
const END_OF_KEYS = Uint8Array.of(0xff);

/**
 * The tables of a ledger's view (see `LedgerView`). Keys are bytes, since SQLite compares bytes as every Fabric state
 * database does, and its texts end at U+0000, with which composite keys begin.
 */
export class ViewDatabase implements StateTable {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareAll>;

  /** @param path file of the database, made anew when it is none of this version; without it, memory */
  constructor(path?: string) {
    this.#database = path === undefined ? new DatabaseSync(":memory:") : openFile(path);
    this.#database.exec(SCHEMA);
    this.#statements = prepareAll(this.#database);
  }

  get(store: string, key: string): StateValue | undefined {
    const row = this.#statements.getState.get(store, Buffer.from(key));
    if (row === undefined) return undefined;
    const { value, block, place, settings } = row as { [name: string]: unknown };
    const version = { blockNumber: block as number, transactionIndex: place as number };
    return { value: value as Uint8Array, version, metadata: readSettings(settings as string | null) };
  }

  keys({ store, from, end, limit }: { store: string; from: string; end: string; limit: number }): string[] {
    const until = end === "" ? END_OF_KEYS : Buffer.from(end);
    const rows = this.#statements.getKeys.all(store, Buffer.from(from), until, limit);
    return rows.map(({ key }) => Buffer.from(key as Uint8Array).toString());
  }

  transaction(transactionId: string): CommittedTransaction | undefined {
    const row = this.#statements.getTransaction.get(Buffer.from(transactionId, "hex"));
    if (row === undefined) return undefined;
    const { block, place, code } = row as Record<string, number>;
    return { blockNumber: block, transactionIndex: place, code } as CommittedTransaction;
  }

  /** Number of the journal's record that is the block. */
  record(blockNumber: number): bigint | undefined {
    const row = this.#statements.getRecord.get(blockNumber);
    return row && BigInt(row["record"] as number);
  }

  newestBlock(): ViewedBlock | undefined {
    const row = this.#statements.getNewest.get();
    if (row === undefined) return undefined;
    const { number, hash, record } = row as { [name: string]: unknown };
    return { number: number as number, hash: hash as Uint8Array, record: BigInt(record as number) };
  }

  /** Numbers of blocks, oldest first, with the keys that each wrote. */
  *written(): Generator<{ number: number; written: KeyHashes }> {
    for (const { number, written } of this.#statements.getWritten.iterate()) {
      yield { number: number as number, written: new Int32Array(Uint8Array.from(written as Uint8Array).buffer) };
    }
  }

  /** Private writes of transactions that were not committed yet, oldest first. */
  waiting(): { transactionId: string; bytes: Uint8Array }[] {
    const rows = this.#statements.getWaiting.all();
    return rows.map(({ transaction_id: id, bytes }) => ({ transactionId: id as string, bytes: bytes as Uint8Array }));
  }

  putState(store: string, key: string, state: StateValue | null): void {
    const { putState, deleteState } = this.#statements;
    if (state === null) {
      deleteState.run(store, Buffer.from(key));
      return;
    }
    const { value, version, metadata } = state;
    const { blockNumber, transactionIndex } = version;
    putState.run(store, Buffer.from(key), value, blockNumber, transactionIndex, settingsText(metadata));
  }

  putTransaction(transactionId: string, { blockNumber, transactionIndex, code }: CommittedTransaction): void {
    this.#statements.putTransaction.run(Buffer.from(transactionId, "hex"), blockNumber, transactionIndex, code);
  }

  putBlock({ number, hash, record, written }: ViewedBlock & { written: KeyHashes }): void {
    this.#statements.putBlock.run(number, hash, record, new Uint8Array(written.buffer));
  }

  replaceWaiting(waiting: Iterable<readonly [string, Uint8Array]>): void {
    this.#database.exec("DELETE FROM waiting");
    for (const [transactionId, bytes] of waiting) this.#statements.putWaiting.run(transactionId, bytes);
  }

  /** All of the writes or, when the process dies, none. */
  atOnce(write: () => void): void {
    this.#database.exec("BEGIN");
    try {
      write();
      this.#database.exec("COMMIT");
    } catch (error) {
      // After some failures, a full disk for one, SQLite has done so by itself.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  clear(): void {
    this.atOnce(() => {
      for (const table of TABLES) this.#database.exec(`DELETE FROM ${table}`);
    });
  }

  close(): void {
    this.#database.close();
  }
}

function prepareAll(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    getState: prepare("SELECT value, block, place, settings FROM state WHERE store = ? AND key = ?"),
    putState: prepare("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?, ?)"),
    deleteState: prepare("DELETE FROM state WHERE store = ? AND key = ?"),
    getKeys: prepare("SELECT key FROM state WHERE store = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?"),
    getTransaction: prepare("SELECT block, place, code FROM ledger_transaction WHERE id = ?"),
    putTransaction: prepare("INSERT INTO ledger_transaction VALUES (?, ?, ?, ?)"),
    getRecord: prepare("SELECT record FROM block WHERE number = ?"),
    getNewest: prepare("SELECT number, hash, record FROM block ORDER BY number DESC LIMIT 1"),
    getWritten: prepare("SELECT number, written FROM block ORDER BY number"),
    putBlock: prepare("INSERT INTO block VALUES (?, ?, ?, ?)"),
    getWaiting: prepare("SELECT transaction_id, bytes FROM waiting ORDER BY id"),
    putWaiting: prepare("INSERT INTO waiting (transaction_id, bytes) VALUES (?, ?)"),
  };
}

/** A file that is damaged or of another version is thrown away: everything in it follows from the blocks. */
function openFile(path: string): DatabaseSync {
  const found = tryOpen(path);
  if (found !== undefined) return found;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  // Readable by the owner only, as it holds private values; what SQLite puts beside it is made alike.
  closeSync(openSync(path, "wx", OWNER_ONLY));
  return new DatabaseSync(path);
}

const OWNER_ONLY = 0o600;

/** Undefined when there is no such file, or none that is of use. */
function tryOpen(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, "r+"));
    database = new DatabaseSync(path);
    if (database.prepare("PRAGMA user_version").get()?.["user_version"] === VERSION) return database;
  } catch (error) {
    if (!isNoUse(error)) throw error;
  }
  database?.close();
  return undefined;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED_SQLITE_CODES: readonly unknown[] = [11, 26];

function isNoUse(error: unknown): boolean {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return code === "ENOENT" || DAMAGED_SQLITE_CODES.includes(errcode);
}

function settingsText(metadata: ReadonlyMap<string, Uint8Array>): string | null {
  if (metadata.size === 0) return null;
  return JSON.stringify([...metadata].map(([name, value]) => [name, Buffer.from(value).toString("base64")]));
}

const NO_SETTINGS: ReadonlyMap<string, Uint8Array> = new Map();

function readSettings(text: string | null): ReadonlyMap<string, Uint8Array> {
  if (text === null) return NO_SETTINGS;
  const entries = JSON.parse(text) as [string, string][];
  return new Map(entries.map(([name, value]) => [name, Uint8Array.from(Buffer.from(value, "base64"))]));
}
