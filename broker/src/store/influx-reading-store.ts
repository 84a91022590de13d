import type { Disk, Log } from "@gridpact/host";
import type { LoggedLines } from "@gridpact/native";
import { flux, fluxDuration, InfluxDB, type QueryApi } from "@influxdata/influxdb-client";
import { type InfluxOptions, InfluxWriter, REQUEST_TIMEOUT_MS } from "./influx-writer.ts";
import {
  assertHistoryLength,
  type Copied,
  type HistoryPoint,
  type HistoryQuery,
  type ReadingLog,
  type ReadingStore,
  StoreError,
} from "./reading-store.ts";

/**
 * Room for lines, used again and again: V8 collects all of its heap the more often, the more memory beside it is new.
 * Some 13,000 readings, taken in 30 ms; smaller writes cost InfluxDB more a reading, larger ones nothing less.
 */
export const LINES_BYTES_MAX = 1024 * 1024;

/**
 * Records of the log between two writes of the cursor file: at most so many are written again after a crash, which
 * changes nothing, while a sync for each batch would cost more than the batch.
 */
export const CURSOR_LAG_RECORDS_MAX = 1_024n;

const CURSOR_PATH = "store/influx-cursor.json";

/** InfluxDB 2; queries go by the official client. Device and time make a point, so writing twice stores once. */
export class InfluxReadingStore implements ReadingStore {
  readonly kind = "influx";
  readonly #options: InfluxOptions;
  readonly #modules: { disk: Disk; log: Log };
  readonly #writer: InfluxWriter;
  readonly #queryApi: QueryApi;
  readonly #room = new Uint8Array(LINES_BYTES_MAX);
  /** What is in the room and not written yet: a store that fails does not have the log read again. */
  #unwritten: (LoggedLines & { fromWalSeq: bigint }) | undefined;
  #writtenCursor: bigint | undefined;
  #keptCursor = 0n;

  constructor(options: InfluxOptions, modules: { disk: Disk; log: Log }) {
    const { url, token, org } = options;
    const influx = new InfluxDB({ url, token, timeout: REQUEST_TIMEOUT_MS });
    this.#options = options;
    this.#modules = modules;
    this.#writer = new InfluxWriter(options);
    this.#queryApi = influx.getQueryApi(org);
  }

  async cursor(): Promise<bigint> {
    const bytes = await this.#modules.disk.read(CURSOR_PATH);
    const kept = bytes === undefined ? 0n : BigInt(JSON.parse(Buffer.from(bytes).toString()).cursor as string);
    this.#keptCursor = kept;
    return kept;
  }

  async copyFrom(log: ReadingLog, fromWalSeq: bigint): Promise<Copied> {
    const { sizeBytes, readingCount, nextWalSeq } = await this.#linesFrom(log, fromWalSeq);
    if (sizeBytes > 0) {
      const reason = await this.#writer.write(this.#room.subarray(0, sizeBytes));
      if (reason !== undefined) this.#modules.log.warn("influx_dropped_points", { reason });
    }
    this.#unwritten = undefined;
    this.#writtenCursor = nextWalSeq;
    if (nextWalSeq - this.#keptCursor >= CURSOR_LAG_RECORDS_MAX) await this.#keepCursor();
    return { readings: readingCount, nextWalSeq };
  }

  async history(query: HistoryQuery): Promise<HistoryPoint[]> {
    assertHistoryLength(query);
    try {
      const rows = await this.#queryApi.collectRows<HistoryRow>(historyQuery(this.#options.bucket, query));
      return pointsOf(rows);
    } catch (cause) {
      throw new StoreError("STORE_UNAVAILABLE", "InfluxDB did not answer", { cause });
    }
  }

  async close(): Promise<void> {
    this.#writer.close();
    await this.#keepCursor();
  }

  async #linesFrom(log: ReadingLog, fromWalSeq: bigint): Promise<LoggedLines> {
    if (this.#unwritten?.fromWalSeq !== fromWalSeq) {
      this.#unwritten = undefined;
      this.#unwritten = { fromWalSeq, ...(await log.loggedLines(fromWalSeq, this.#room)) };
    }
    return this.#unwritten;
  }

  /** Never ahead of what InfluxDB has confirmed. */
  async #keepCursor(): Promise<void> {
    if (this.#writtenCursor === undefined || this.#writtenCursor === this.#keptCursor) return;
    const cursor = this.#writtenCursor;
    await this.#modules.disk.replace(CURSOR_PATH, Buffer.from(JSON.stringify({ cursor: `${cursor}` })));
    this.#keptCursor = cursor;
  }
}

type HistoryRow = { result: string; _time: string; _field: string; _value: number };

/** Three results of one pass over the readings; steps are counted from `fromUnixMs`, not from midnight. */
function historyQuery(bucket: string, { deviceId, fromUnixMs, toUnixMs, stepMs }: HistoryQuery) {
  const every = fluxDuration(`${stepMs}ms`);
  const offset = fluxDuration(`${fromUnixMs % stepMs}ms`);
  return flux`
    readings = from(bucket: ${bucket})
      |> range(start: ${new Date(fromUnixMs)}, stop: ${new Date(toUnixMs)})
      |> filter(fn: (r) => r._measurement == "reading" and r.device == ${deviceId})
      |> group(columns: ["_field"])
      |> sort(columns: ["_time"])
    steps = (fn, tables=<-) =>
      tables |> aggregateWindow(every: ${every}, offset: ${offset}, fn: fn, createEmpty: false, timeSrc: "_start")
    power = readings |> filter(fn: (r) => r._field == "power_w")
    power |> steps(fn: sum) |> yield(name: "power_sum")
    power |> steps(fn: count) |> yield(name: "reading_count")
    readings |> filter(fn: (r) => r._field != "power_w") |> steps(fn: last) |> yield(name: "registers")
  `;
}

/** Joins the three results by the start of the step. */
function pointsOf(rows: readonly HistoryRow[]): HistoryPoint[] {
  const byStart = new Map<number, Record<string, bigint>>();
  for (const row of rows) {
    const startUnixMs = Date.parse(row._time);
    const name = row.result === "registers" ? row._field : row.result;
    // The client reads integers as doubles: exact up to 2^53 Wh, which is 9,000 TWh.
    byStart.set(startUnixMs, { ...byStart.get(startUnixMs), [name]: BigInt(row._value) });
  }
  return [...byStart]
    .sort(([left], [right]) => left - right)
    .map(([startUnixMs, values]) => ({
      startUnixMs,
      readingCount: Number(values["reading_count"] ?? 0n),
      meanPowerW: (values["power_sum"] ?? 0n) / (values["reading_count"] ?? 1n),
      importWh: values["import_wh"] ?? 0n,
      exportWh: values["export_wh"] ?? 0n,
    }));
}
