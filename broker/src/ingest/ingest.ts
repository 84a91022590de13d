import { strict as assert } from "node:assert";
import type { Clock, Log } from "@gridpact/host";
import { type BatchOutcome, type Engine, EngineError, type ReceivedEnvelope } from "@gridpact/native";
import { countOutcome, type IngestCounts, noCounts } from "./ingest-counters.ts";
import { IngestError } from "./ingest-error.ts";

/**
 * Envelopes in one batch. One sync serves them all; at about 10 us of verification each a full batch takes 40 ms, which
 * bounds how long the first envelope waits for the last.
 */
export const BATCH_ENVELOPES_MAX = 4_096;

/** Bytes in one batch: day-long envelopes make 70,000 readings of it, as many as the views should get at once. */
export const BATCH_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Envelopes and bytes waiting for a batch. At half of either `canAcceptWork` says no and the sessions stop reading
 * their sockets; the other half takes what was already parsed by then.
 */
export const WAITING_ENVELOPES_MAX = 16_384;
export const WAITING_BYTES_MAX = 64 * 1024 * 1024;

/** Pause before a batch that found the disk full is tried again: long against a write, short against an operator. */
export const DISK_FULL_RETRY_MS = 1_000;

/** `disk-full`: nothing is acknowledged, tried again. `failed`: the log is broken, this process must end. */
export type IngestState = "accepting" | "disk-full" | "failed" | "closed";

export type IngestModules = {
  clock: Clock;
  engine: Engine;
  log: Log;
  /** Told of each durable batch, in order, before any of its envelopes is acknowledged. MUST NOT throw. */
  onOutcome: (outcome: BatchOutcome) => void;
  /** Told once when the log cannot be trusted any more; the process MUST end. */
  onFatal: (error: unknown) => void;
};

type Waiting = ReceivedEnvelope & { resolve: (verdict: number) => void; reject: (error: unknown) => void };

/**
 * Turns single envelopes into batches at the engine's own pace: what arrives while one batch is being made durable is
 * the next one. One batch is under way at a time, so batches are durable in the order of arrival.
 */
export class Ingest {
  readonly #modules: IngestModules;
  readonly #counts = noCounts();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #state: IngestState = "accepting";
  #running: Promise<void> | undefined;
  #roomListeners: (() => void)[] = [];
  #endPause: () => void = () => undefined;

  constructor(modules: IngestModules) {
    this.#modules = modules;
  }

  /**
   * Resolves with the verdict once the envelope is durable, be it accepted or rejected.
   * @throws IngestError when it is not durable; it MUST NOT be acknowledged then.
   */
  accept(envelope: ReceivedEnvelope): Promise<number> {
    if (this.#state === "failed") return Promise.reject(new IngestError("INGEST_FAILED", "the log is broken"));
    if (this.#state === "closed") return Promise.reject(new IngestError("INGEST_CLOSED", "the virtual node is closed"));
    if (!this.#hasRoomFor(envelope.bytes.length, 1)) {
      this.#counts.overloads += 1;
      return Promise.reject(new IngestError("INGEST_OVERLOADED", "too many envelopes wait for the log"));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ deviceId: envelope.deviceId, bytes: envelope.bytes, resolve, reject });
      this.#waitingBytes += envelope.bytes.length;
      this.#running ??= this.#run();
    });
  }

  /** Whether the sessions may read on. */
  canAcceptWork(): boolean {
    return this.#state === "accepting" && this.#hasRoomFor(0, 2) && this.#modules.engine.canAcceptWork();
  }

  /** Resolves as soon as `canAcceptWork` is worth asking again; held by at most one caller for each socket. */
  whenAccepting(): Promise<void> {
    if (this.canAcceptWork()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#roomListeners.push(resolve);
    });
  }

  state(): IngestState {
    return this.#state;
  }

  counts(): IngestCounts {
    return { ...this.#counts, rejected: { ...this.#counts.rejected } };
  }

  waitingEnvelopes(): number {
    return this.#waiting.length;
  }

  /** Ends after the batch that is under way; what still waits is rejected, hence not acknowledged. */
  async close(): Promise<void> {
    if (this.#state !== "failed") this.#state = "closed";
    this.#endPause();
    this.#rejectWaiting(new IngestError("INGEST_CLOSED", "the virtual node is closed"));
    await this.#running;
  }

  #hasRoomFor(bytes: number, share: 1 | 2): boolean {
    return (
      this.#waiting.length < WAITING_ENVELOPES_MAX / share && this.#waitingBytes + bytes <= WAITING_BYTES_MAX / share
    );
  }

  async #run(): Promise<void> {
    // Everything that is parsed in this turn of the event loop joins the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#submit(this.#takeBatch());
    this.#running = undefined;
  }

  #takeBatch(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { bytes: next } of this.#waiting) {
      if (count === BATCH_ENVELOPES_MAX || (count > 0 && bytes + next.length > BATCH_BYTES_MAX)) break;
      count += 1;
      bytes += next.length;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #submit(batch: Waiting[]): Promise<void> {
    try {
      const outcome = await this.#submitUntilDurable(batch);
      assert.equal(outcome.verdicts.length, batch.length, "one verdict for each envelope");
      countOutcome(this.#counts, outcome);
      this.#modules.onOutcome(outcome);
      for (const [index, { resolve }] of batch.entries()) resolve(outcome.verdicts[index] ?? 0);
    } catch (error) {
      for (const { reject } of batch) reject(error);
      if (!(error instanceof IngestError)) this.#fail(error);
    }
    this.#tellRoom();
  }

  async #submitUntilDurable(batch: Waiting[]): Promise<BatchOutcome> {
    const envelopes = batch.map(({ deviceId, bytes }) => ({ deviceId, bytes }));
    for (;;) {
      const outcome = await this.#submitUnlessFull(envelopes);
      if (outcome !== undefined) return outcome;
      await this.#pause();
      if (this.#state === "closed") throw new IngestError("INGEST_CLOSED", "closed while the disk was full");
    }
  }

  /** Undefined when the disk is full: nothing of the batch is in the log then. */
  async #submitUnlessFull(envelopes: ReceivedEnvelope[]): Promise<BatchOutcome | undefined> {
    const { engine, clock, log } = this.#modules;
    try {
      const outcome = await engine.submit(envelopes, clock.nowUnixMs());
      if (this.#state === "disk-full") this.#state = "accepting";
      return outcome;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "WAL_FULL") throw error;
      if (this.#state === "accepting") this.#state = "disk-full";
      this.#counts.diskFullWaits += 1;
      log.warn("disk_full", { envelopes: envelopes.length, waiting: this.#waiting.length });
      return undefined;
    }
  }

  /** Waits for the next try with a full disk, or until closed. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#endPause = resolve;
      this.#modules.clock.after(DISK_FULL_RETRY_MS, resolve);
    });
  }

  #fail(error: unknown): void {
    this.#state = "failed";
    this.#rejectWaiting(new IngestError("INGEST_FAILED", "the log is broken", error));
    this.#modules.onFatal(error);
  }

  #rejectWaiting(error: IngestError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#waitingBytes = 0;
  }

  #tellRoom(): void {
    if (this.#state !== "failed" && !this.canAcceptWork()) return;
    for (const listener of this.#roomListeners.splice(0)) listener();
  }
}
