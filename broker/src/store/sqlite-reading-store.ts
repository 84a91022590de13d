import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { AcceptedReading } from "@gridpact/native";
import {
  assertHistoryLength,
  type Copied,
  type HistoryPoint,
  type HistoryQuery,
  type ReadingLog,
  type ReadingStore,
  StoreError,
} from "./reading-store.ts";
import { RecordsPerRead } from "./records-per-read.ts";

/** Readings taken of the log at once, where no envelope has many: objects of 2 MB. */
const READINGS_PER_COPY = 10_000;

/**
 * Rows of one transaction, after which other work gets its turn: SQLite writes on the event loop, about 2 us a row.
 */
const ROWS_AT_ONCE_MAX = 2_000;

/** `synchronous = NORMAL` may lose the last transactions in a power cut, but rows and cursor together. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS device (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS reading (
    device INTEGER NOT NULL REFERENCES device (id),
    measured_at_unix_ms INTEGER NOT NULL,
    boot_epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    power_w INTEGER NOT NULL,
    import_wh INTEGER NOT NULL,
    export_wh INTEGER NOT NULL,
    PRIMARY KEY (device, measured_at_unix_ms, boot_epoch, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 0), cursor INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO progress (id, cursor) VALUES (0, 0);
`;

/** With max() in the list, SQLite takes the other bare columns from the row that has the maximum. */
const HISTORY = `
  SELECT (measured_at_unix_ms - $from) / $step AS step, max(measured_at_unix_ms),
    count(*) AS reading_count, sum(power_w) AS power_sum_w, import_wh, export_wh
  FROM reading
  WHERE device = (SELECT id FROM device WHERE name = $name)
    AND measured_at_unix_ms >= $from AND measured_at_unix_ms < $to
  GROUP BY step ORDER BY step
`;

type HistoryRow = Record<"step" | "reading_count" | "power_sum_w" | "import_wh" | "export_wh", bigint>;

/**
 * The embedded store: SQLite as it comes with Node. One row for each reading, keyed by what identifies it, so that
 * writing again changes nothing. Registers fit SQLite's signed 64 bits, as the engine refuses more than 48.
 */
export class SqliteReadingStore implements ReadingStore {
  readonly kind = "sqlite";
  readonly #database: DatabaseSync;
  readonly #insertReading: StatementSync;
  readonly #insertDevice: StatementSync;
  readonly #setCursor: StatementSync;
  readonly #history: StatementSync;
  /** Row ids of the devices seen; as many as the registry holds at most. */
  readonly #deviceRows = new Map<string, number>();
  readonly #recordsPerRead = new RecordsPerRead(READINGS_PER_COPY);

  /** @param path file of the database, or `:memory:` */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
    this.#insertReading = this.#database.prepare("INSERT OR IGNORE INTO reading VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#insertDevice = this.#database.prepare(
      "INSERT INTO device (name) VALUES (?) ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id",
    );
    this.#setCursor = this.#database.prepare("UPDATE progress SET cursor = ?");
    this.#history = this.#database.prepare(HISTORY);
    this.#history.setReadBigInts(true);
  }

  async cursor(): Promise<bigint> {
    const select = this.#database.prepare("SELECT cursor FROM progress");
    select.setReadBigInts(true);
    return select.get()?.["cursor"] as bigint;
  }

  /** The cursor comes last: rows without it are written again, and it never runs ahead of them. */
  async copyFrom(log: ReadingLog, fromWalSeq: bigint): Promise<Copied> {
    const { readings, nextWalSeq } = await log.loggedReadings(fromWalSeq, this.#recordsPerRead.next());
    const copied = { readings: readings.length, nextWalSeq };
    if (nextWalSeq === fromWalSeq) return copied;
    for (let from = 0; from < readings.length; from += ROWS_AT_ONCE_MAX) {
      // While a log is read again nothing else would wait for the machine, and sockets would starve.
      await nextTurn();
      const rows = readings.slice(from, from + ROWS_AT_ONCE_MAX);
      this.#transaction(() => this.#insert(rows));
    }
    this.#transaction(() => this.#setCursor.run(nextWalSeq));
    this.#recordsPerRead.learn({ records: Number(nextWalSeq - fromWalSeq), readings: readings.length });
    return copied;
  }

  async history(query: HistoryQuery): Promise<HistoryPoint[]> {
    assertHistoryLength(query);
    const { deviceId, fromUnixMs, toUnixMs, stepMs } = query;
    // A number is bound as a floating-point value, and steps would not be whole.
    const [$from, $to, $step] = [BigInt(fromUnixMs), BigInt(toUnixMs), BigInt(stepMs)];
    const parameters = { $name: deviceId, $from, $to, $step };
    const rows = this.#history.all(parameters) as HistoryRow[];
    return rows.map((row) => ({
      startUnixMs: fromUnixMs + Number(row.step) * stepMs,
      readingCount: Number(row.reading_count),
      meanPowerW: row.power_sum_w / row.reading_count,
      importWh: row.import_wh,
      exportWh: row.export_wh,
    }));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #insert(readings: readonly AcceptedReading[]): void {
    for (const { deviceId, measuredAtUnixMs, bootEpoch, seq, powerW, importWh, exportWh } of readings) {
      this.#insertReading.run(this.#deviceRow(deviceId), measuredAtUnixMs, bootEpoch, seq, powerW, importWh, exportWh);
    }
  }

  /** Names stand in a table of their own: a row of a reading then takes 40 bytes instead of 100. */
  #deviceRow(deviceId: string): number {
    const known = this.#deviceRows.get(deviceId);
    if (known !== undefined) return known;
    const row = this.#insertDevice.get(deviceId)?.["id"] as number;
    this.#deviceRows.set(deviceId, row);
    return row;
  }

  #transaction(act: () => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      act();
      this.#database.exec("COMMIT");
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      // A device row that was rolled back must not be remembered.
      this.#deviceRows.clear();
      throw new StoreError("STORE_UNAVAILABLE", "SQLite could not write", { cause });
    }
  }
}

/** Resolves after everything else that is ready has run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
