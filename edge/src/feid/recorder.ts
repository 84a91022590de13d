import { strict as assert } from "node:assert";
import type { Log } from "@gridpact/host";
import { QUALITY, type Reading } from "@gridpact/proto";
import { type Meter, MeterError } from "../meter/index.ts";
import { type EnvelopeChain, READINGS_PER_ENVELOPE_MAX, type SealedEnvelope } from "../sign/index.ts";
import type { Spool } from "../spool/index.ts";
import { BOUNDARIES_AT_ONCE_MAX, boundaries, dueInstants, isBoundary, type SamplingGrid } from "./sampling-grid.ts";

/** What the recorder did since it was opened, in readings unless the name says otherwise. */
export type RecorderStats = {
  recorded: number;
  /** Of these, estimated because the meter did not answer. */
  estimated: number;
  /** Came too late, or the meter did not answer inside a market time unit. */
  missed: number;
  /** Given up because the spool was filling. */
  thinned: number;
  envelopesSealed: number;
};

/** Readings of one day, in quarter hours; an envelope of history holds as many boundaries. */
const HISTORY_READINGS_PER_ENVELOPE = 96;

/**
 * From meter to spool: reads what is due, signs it, and makes it durable. While nothing can be sent it keeps readings
 * unsigned, so that later one envelope carries many. Calls MUST NOT overlap.
 */
export class Recorder {
  readonly stats: RecorderStats = { recorded: 0, estimated: 0, missed: 0, thinned: 0, envelopesSealed: 0 };
  readonly #grid: SamplingGrid;
  readonly #meter: Meter;
  readonly #chain: EnvelopeChain;
  readonly #spool: Spool;
  readonly #log: Log;
  #unsigned: Reading[];
  #last: Reading | undefined;
  /** Until here every instant has been dealt with, whether or not a reading came of it. */
  #dealtUntilUnixMs: number | undefined;

  constructor(
    grid: SamplingGrid,
    modules: { meter: Meter; chain: EnvelopeChain; spool: Spool; log: Log },
    state: { unsigned: Reading[]; lastReading: Reading | undefined },
  ) {
    this.#grid = grid;
    this.#meter = modules.meter;
    this.#chain = modules.chain;
    this.#spool = modules.spool;
    this.#log = modules.log;
    this.#unsigned = [...state.unsigned];
    this.#last = state.lastReading;
    this.#dealtUntilUnixMs = this.lastMeasuredAtUnixMs();
  }

  /** Readings that are durable but in no envelope yet. */
  get unsignedCount(): number {
    return this.#unsigned.length;
  }

  /** Instant of the newest reading; undefined before the first ever. */
  lastMeasuredAtUnixMs(): number | undefined {
    return this.#last === undefined ? undefined : Number(this.#last.measuredAtUnixMs);
  }

  /**
   * Reads all that is due, and gives what it read. Resolves when it is durable; signed only if it can be sent now, or
   * enough is waiting.
   */
  async record(nowUnixMs: number, canSend: boolean): Promise<readonly Reading[]> {
    const lastUnixMs = this.#dealtUntilUnixMs ?? nowUnixMs - 1;
    const { instants, missed } = dueInstants(this.#grid, { lastUnixMs, nowUnixMs });
    this.#dealtUntilUnixMs = Math.max(lastUnixMs, instants.at(-1) ?? lastUnixMs);
    this.stats.missed += missed;
    const taken: Reading[] = [];
    for (const atUnixMs of instants) {
      const reading = await this.#take(atUnixMs);
      if (reading !== undefined) taken.push(reading);
    }
    this.#unsigned.push(...taken);
    if (canSend || this.#unsigned.length >= READINGS_PER_ENVELOPE_MAX) await this.seal();
    else await Promise.all(taken.map((reading) => this.#spool.appendReading(reading)));
    return taken;
  }

  /** Signs everything that waits, and makes it durable. */
  async seal(): Promise<void> {
    const sealed: SealedEnvelope[] = [];
    while (this.#unsigned.length > 0)
      sealed.push(this.#chain.seal(this.#unsigned.splice(0, READINGS_PER_ENVELOPE_MAX)));
    await this.#append(sealed);
  }

  /**
   * Signs the boundaries in [fromUnixMs, untilUnixMs) that are newer than the last reading, a day in each envelope;
   * of more than the bound, the newest.
   * Made again after a crash it goes on where it was.
   */
  async recordHistory(fromUnixMs: number, untilUnixMs: number): Promise<void> {
    const newerThan = this.lastMeasuredAtUnixMs() ?? fromUnixMs - 1;
    const first = Math.max(fromUnixMs, newerThan + 1);
    const all = boundaries({ mtuMs: this.#grid.mtuMs, fromUnixMs: first, untilUnixMs });
    const instants = all.slice(-BOUNDARIES_AT_ONCE_MAX);
    this.stats.missed += all.length - instants.length;
    const readings: Reading[] = [];
    for (const atUnixMs of instants) readings.push(await this.#measure(atUnixMs));
    const sealed: SealedEnvelope[] = [];
    for (let index = 0; index < readings.length; index += HISTORY_READINGS_PER_ENVELOPE) {
      sealed.push(this.#chain.seal(readings.slice(index, index + HISTORY_READINGS_PER_ENVELOPE)));
    }
    this.#dealtUntilUnixMs = this.lastMeasuredAtUnixMs();
    await this.#append(sealed);
  }

  /** All envelopes in one go: the journal syncs them as a group. */
  async #append(sealed: readonly SealedEnvelope[]): Promise<void> {
    this.stats.envelopesSealed += sealed.length;
    await Promise.all(sealed.map((envelope) => this.#spool.appendEnvelope(envelope)));
  }

  /** A reading that is due, as far as spool and meter allow; what is not taken is counted. */
  async #take(atUnixMs: number): Promise<Reading | undefined> {
    const room = this.#spool.room();
    if (room === "nothing" || (room === "boundaries_only" && !isBoundary(this.#grid, atUnixMs))) {
      if (this.stats.thinned === 0) this.#log.warn("spool_filling", { room, bytes: this.#spool.bytes });
      this.stats.thinned += 1;
      return undefined;
    }
    try {
      return await this.#measure(atUnixMs);
    } catch (error) {
      if (!(error instanceof MeterError)) throw error;
      return this.#estimate(atUnixMs, error);
    }
  }

  async #measure(atUnixMs: number): Promise<Reading> {
    assert(atUnixMs > (this.lastMeasuredAtUnixMs() ?? -1), "readings are taken in order of time");
    const registers = await this.#meter.read(atUnixMs);
    return this.#keep({ measuredAtUnixMs: BigInt(atUnixMs), ...registers, quality: QUALITY.MEASURED });
  }

  /** At a boundary the last registers stand in, marked as estimated: they never claim energy that was not metered. */
  #estimate(atUnixMs: number, error: MeterError): Reading | undefined {
    this.#log.warn("meter_not_read", { code: error.code, atUnixMs });
    if (this.#last === undefined || !isBoundary(this.#grid, atUnixMs)) {
      this.stats.missed += 1;
      return undefined;
    }
    this.stats.estimated += 1;
    return this.#keep({ ...this.#last, measuredAtUnixMs: BigInt(atUnixMs), quality: QUALITY.ESTIMATED });
  }

  #keep(reading: Reading): Reading {
    this.stats.recorded += 1;
    this.#last = reading;
    return reading;
  }
}
