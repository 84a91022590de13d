import { strict as assert } from "node:assert";
import type { Clock, Log } from "@gridpact/host";
import { type BatchOutcome, type Engine, EngineError, packDeviceId, type ReceivedEnvelope } from "@gridpact/native";
import type { EnvelopeSource } from "./envelope-source.ts";
import { countOutcome, type IngestCounts, noCounts } from "./ingest-counters.ts";
import { IngestError } from "./ingest-error.ts";
import { WaitingBatch } from "./waiting-batch.ts";

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

/** Batches kept with their memory for later ones: the one under way, the one that is filled, and full ones between. */
const SPARE_BATCHES_MAX = 4;

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

/**
 * Turns single envelopes into batches at the engine's own pace: what arrives while one batch is being made durable is
 * the next one. One batch is under way at a time, so batches are durable in the order of arrival.
 * ```
 *   take -> filling -(full)-> waiting -> under way -> each source is told -> spare -> filling ...
 * ```
 */
export class Ingest {
  readonly #modules: IngestModules;
  readonly #counts = noCounts();
  /** Full batches, the oldest first, and behind them the one that is being filled. */
  #waiting: WaitingBatch[] = [];
  #filling = new WaitingBatch();
  #spare: WaitingBatch[] = [];
  #waitingEnvelopes = 0;
  #waitingBytes = 0;
  #state: IngestState = "accepting";
  #running: Promise<void> | undefined;
  #roomListeners: (() => void)[] = [];
  #endPause: () => void = () => undefined;

  constructor(modules: IngestModules) {
    this.#modules = modules;
  }

  /**
   * Takes the envelope at `[start, end)` of `bytes`, which it copies; its source is told once it is durable, be it
   * accepted or rejected. What comes back is why it was not taken: it MUST NOT be acknowledged then.
   */
  take(source: EnvelopeSource, bytes: Buffer, start: number, end: number): IngestError | undefined {
    const refusal = this.#refusal(end - start);
    if (refusal !== undefined) return refusal;
    this.#makeRoomIn(end - start);
    const sizeBefore = this.#filling.envelopes.sizeBytes();
    this.#filling.add(source, bytes, start, end);
    this.#waitingBytes += this.#filling.envelopes.sizeBytes() - sizeBefore;
    this.#waitingEnvelopes += 1;
    this.#running ??= this.#run();
    return undefined;
  }

  /**
   * Resolves with the verdict once the envelope is durable, be it accepted or rejected.
   * @throws IngestError when it is not durable; it MUST NOT be acknowledged then.
   */
  accept({ deviceId, bytes }: ReceivedEnvelope): Promise<number> {
    return new Promise((resolve, reject) => {
      const source: EnvelopeSource = {
        packedDeviceId: packDeviceId(deviceId),
        onDurable: resolve,
        onGroupEnd: () => undefined,
        onFailed: reject,
      };
      const copied = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const refusal = this.take(source, copied, 0, copied.length);
      if (refusal !== undefined) reject(refusal);
    });
  }

  /** Whether the sessions may read on. */
  canAcceptWork(): boolean {
    return this.#state === "accepting" && this.#hasRoomFor(0, 2);
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
    return this.#waitingEnvelopes;
  }

  /** Ends after the batch that is under way; what still waits is rejected, hence not acknowledged. */
  async close(): Promise<void> {
    if (this.#state !== "failed") this.#state = "closed";
    this.#endPause();
    this.#rejectWaiting(new IngestError("INGEST_CLOSED", "the virtual node is closed"));
    await this.#running;
  }

  #refusal(bytes: number): IngestError | undefined {
    if (this.#state === "failed") return new IngestError("INGEST_FAILED", "the log is broken");
    if (this.#state === "closed") return new IngestError("INGEST_CLOSED", "the virtual node is closed");
    if (this.#hasRoomFor(bytes, 1)) return undefined;
    this.#counts.overloads += 1;
    return new IngestError("INGEST_OVERLOADED", "too many envelopes wait for the log");
  }

  #hasRoomFor(bytes: number, share: 1 | 2): boolean {
    return (
      this.#waitingEnvelopes < WAITING_ENVELOPES_MAX / share && this.#waitingBytes + bytes <= WAITING_BYTES_MAX / share
    );
  }

  /** Begins a new batch when one more envelope would take the present one beyond its bounds. */
  #makeRoomIn(bytes: number): void {
    const count = this.#filling.count();
    const isFull =
      count === BATCH_ENVELOPES_MAX || (count > 0 && this.#filling.envelopes.sizeBytes() + bytes > BATCH_BYTES_MAX);
    if (!isFull) return;
    this.#waiting.push(this.#filling);
    this.#filling = this.#spare.pop() ?? new WaitingBatch();
  }

  async #run(): Promise<void> {
    // Everything that is parsed in this turn of the event loop joins the first batch.
    await Promise.resolve();
    for (let batch = this.#takeBatch(); batch !== undefined; batch = this.#takeBatch()) await this.#submit(batch);
    this.#running = undefined;
  }

  #takeBatch(): WaitingBatch | undefined {
    let batch = this.#waiting.shift();
    if (batch === undefined && this.#filling.count() > 0) {
      batch = this.#filling;
      this.#filling = this.#spare.pop() ?? new WaitingBatch();
    }
    this.#waitingEnvelopes -= batch?.count() ?? 0;
    this.#waitingBytes -= batch?.envelopes.sizeBytes() ?? 0;
    return batch;
  }

  async #submit(batch: WaitingBatch): Promise<void> {
    try {
      const outcome = await this.#submitUntilDurable(batch);
      assert.equal(outcome.verdicts.length, batch.count(), "one verdict for each envelope");
      countOutcome(this.#counts, outcome);
      this.#modules.onOutcome(outcome);
      batch.settle(outcome.verdicts);
    } catch (error) {
      batch.fail(error);
      if (!(error instanceof IngestError)) this.#fail(error);
    }
    if (this.#spare.length < SPARE_BATCHES_MAX) this.#spare.push(batch);
    this.#tellRoom();
  }

  async #submitUntilDurable(batch: WaitingBatch): Promise<BatchOutcome> {
    for (;;) {
      const outcome = await this.#submitUnlessFull(batch);
      if (outcome !== undefined) return outcome;
      await this.#pause();
      if (this.#state === "closed") throw new IngestError("INGEST_CLOSED", "closed while the disk was full");
    }
  }

  /** Undefined when the disk is full: nothing of the batch is in the log then. */
  async #submitUnlessFull({ envelopes }: WaitingBatch): Promise<BatchOutcome | undefined> {
    const { engine, clock, log } = this.#modules;
    try {
      const outcome = await engine.submit(envelopes, clock.nowUnixMs());
      if (this.#state === "disk-full") this.#state = "accepting";
      return outcome;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "WAL_FULL") throw error;
      if (this.#state === "accepting") this.#state = "disk-full";
      this.#counts.diskFullWaits += 1;
      log.warn("disk_full", { envelopes: envelopes.count(), waiting: this.#waitingEnvelopes });
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
    for (let batch = this.#takeBatch(); batch !== undefined; batch = this.#takeBatch()) batch.fail(error);
  }

  #tellRoom(): void {
    if (this.#state !== "failed" && !this.canAcceptWork()) return;
    for (const listener of this.#roomListeners.splice(0)) listener();
  }
}
