import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { decode, envelopeLeafHash, isDeviceId, type SignatureVerifier, VERDICT, verifyZip215 } from "@gridpact/proto";
import {
  type BatchOutcome,
  type Engine,
  type EngineCounters,
  EngineError,
  type EngineOptions,
  type EnrolledDevice,
  type LoggedEnvelope,
  type LoggedLeaves,
  type LoggedLines,
  type LoggedReadings,
  type LogSegment,
  QUEUED_ENVELOPES_MAX,
  type ReceivedEnvelope,
} from "./engine.ts";
import { assertBatch, assertEnrollable, assertRange, assertRoom } from "./engine-input.ts";
import { EnvelopeBatch } from "./envelope-batch.ts";
import { judgeEnvelope, replayEntry } from "./judge.ts";
import { LogReplay } from "./log-replay.ts";
import { OutcomeBuilder } from "./outcome-builder.ts";
import { type Directory, prepareRetirement, retirable } from "./retirement.ts";
import { StateBook } from "./state-book.ts";
import { listCheckpoints, newestCheckpoint, type StateCheckpoint, stateName } from "./state-checkpoint.ts";
import { ioCoded, SEGMENT_BYTES_MAX_DEFAULT, Wal, type WalRecord } from "./wal.ts";
import { encodeWalEntry, entryOf } from "./wal-record.ts";

/** On any disk, so that a simulation can cut its power; the native engine knows the machine's file system only. */
export type TwinEngineOptions = EngineOptions & {
  disk: Disk;
  /** Directory of the write-ahead log on that disk. */
  directory: string;
  /** For retired segments; without one they are removed for good. */
  archive?: Directory;
  /** ZIP-215 verifier; a simulation of many devices may pass one that remembers its verdicts. */
  verify?: SignatureVerifier;
};

/**
 * Opens the TypeScript engine on a disk, real or simulated.
 * @throws EngineError WAL_DAMAGED when a synced record cannot be read; nothing is skipped.
 */
export async function openTwinEngine(options: TwinEngineOptions): Promise<Engine> {
  const { disk, directory, segmentBytesMax = SEGMENT_BYTES_MAX_DEFAULT } = options;
  const checkpoint = await newestCheckpoint(disk, directory);
  const states = new StateBook(checkpoint.states);
  const visit = (record: WalRecord) => void replayEntry(states, entryOf(record));
  const wal = await Wal.open({ disk, directory, segmentBytesMax }, visit, checkpoint.seq);
  states.commit();
  return new TwinEngine(options, { wal, states, checkpoint });
}

/**
 * Envelopes judged before a sync: about 0.2 s of signatures here, after which the event loop gets its turn. A larger
 * batch is a group of its own.
 */
const GROUP_ENVELOPES_MAX = 1_024;

type Job = {
  batch: readonly ReceivedEnvelope[];
  receivedAtUnixMs: number;
  resolve: (outcome: BatchOutcome) => void;
  reject: (error: EngineError) => void;
};

/** Oracle of the native engine, and its stand-in where there is no Rust toolchain. Deterministic on any disk. */
class TwinEngine implements Engine {
  readonly kind = "twin";
  readonly verifier = "node-crypto";
  readonly isArchiving: boolean;
  readonly #mtuMs: number;
  readonly #verify: SignatureVerifier;
  readonly #wal: Wal;
  readonly #states: StateBook;
  readonly #devices = new Map<string, EnrolledDevice>();
  readonly #replay: LogReplay;
  readonly #directory: Directory;
  readonly #archive: Directory | undefined;
  #checkpoint: StateCheckpoint;
  #retiring: Promise<unknown> | undefined;
  #queue: Job[] = [];
  #queuedEnvelopes = 0;
  #committedGroups = 0;
  #verifiedSignatures = 0;
  #running: Promise<void> | undefined;
  #failure: EngineError | undefined;
  #isClosed = false;

  constructor(options: TwinEngineOptions, modules: { wal: Wal; states: StateBook; checkpoint: StateCheckpoint }) {
    this.#mtuMs = options.mtuMs;
    const verify = options.verify ?? verifyZip215;
    this.#verify = (...signed) => {
      this.#verifiedSignatures += 1;
      return verify(...signed);
    };
    this.#wal = modules.wal;
    this.#states = modules.states;
    this.#directory = { disk: options.disk, directory: options.directory };
    this.#archive = options.archive;
    this.isArchiving = options.archive !== undefined;
    const { wal, checkpoint } = modules;
    this.#checkpoint = checkpoint;
    this.#replay = new LogReplay({ mtuMs: options.mtuMs, wal, checkpoint, devices: this.#devices });
  }

  canAcceptWork(): boolean {
    return this.#failure === undefined && this.#queuedEnvelopes < QUEUED_ENVELOPES_MAX;
  }

  enrol(devices: readonly EnrolledDevice[]): void {
    for (const device of devices) {
      assertEnrollable(device);
      this.#devices.set(device.deviceId, device);
    }
  }

  revoke(deviceId: string): void {
    this.#devices.delete(deviceId);
  }

  submit(envelopes: EnvelopeBatch | readonly ReceivedEnvelope[], receivedAtUnixMs: number): Promise<BatchOutcome> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const batch = envelopes instanceof EnvelopeBatch ? envelopes.unpack() : envelopes;
    return new Promise((resolve, reject) => {
      assertBatch(batch.length, receivedAtUnixMs, this.#queuedEnvelopes);
      for (const { deviceId } of batch) assert(isDeviceId(deviceId), `not a device id: ${deviceId}`);
      this.#queue.push({ batch, receivedAtUnixMs, resolve, reject });
      this.#queuedEnvelopes += batch.length;
      this.#running ??= this.#run();
    });
  }

  async readLog(fromWalSeq: bigint, recordsMax: number): Promise<LoggedEnvelope[]> {
    assertRange(fromWalSeq, recordsMax);
    const records = await this.#wal.read(fromWalSeq, recordsMax);
    return records.map((record) => ({ walSeq: record.walSeq, ...entryOf(record) }));
  }

  async leafHashes(fromWalSeq: bigint, recordsMax: number): Promise<LoggedLeaves> {
    const logged = await this.readLog(fromWalSeq, recordsMax);
    const accepted = logged.filter(({ verdict }) => verdict === VERDICT.ACCEPTED);
    return {
      walSeqs: BigUint64Array.from(accepted, ({ walSeq }) => walSeq),
      hashes: Buffer.concat(accepted.map(({ bytes }) => envelopeLeafHash(decode("SignedEnvelope", bytes)))),
      nextWalSeq: (logged.at(-1)?.walSeq ?? fromWalSeq - 1n) + 1n,
    };
  }

  async loggedReadings(fromWalSeq: bigint, recordsMax: number): Promise<LoggedReadings> {
    assertRange(fromWalSeq, recordsMax);
    return this.#replay.readings(fromWalSeq, recordsMax);
  }

  async loggedLines(fromWalSeq: bigint, into: Uint8Array): Promise<LoggedLines> {
    assertRoom(fromWalSeq, into);
    return this.#replay.lines(fromWalSeq, into);
  }

  async replay(fromWalSeq: bigint, recordsMax: number): Promise<{ outcome: BatchOutcome; nextWalSeq: bigint }> {
    assertRange(fromWalSeq, recordsMax);
    return this.#replay.next(fromWalSeq, recordsMax);
  }

  async segments(): Promise<LogSegment[]> {
    return this.#wal.segments();
  }

  async retire(beforeWalSeq: bigint): Promise<bigint> {
    assert(this.#retiring === undefined, "a retirement is under way");
    if (this.#failure !== undefined) throw this.#failure;
    const retiring = this.#retire(beforeWalSeq).finally(() => {
      this.#retiring = undefined;
    });
    this.#retiring = retiring.catch(() => undefined);
    return retiring;
  }

  counters(): EngineCounters {
    const segments = this.#wal.segments();
    return {
      queuedEnvelopes: this.#queuedEnvelopes,
      committedGroups: this.#committedGroups,
      verifiedTogether: 0,
      verifiedAlone: this.#verifiedSignatures,
      overBudget: 0,
      logSegments: segments.length,
      logBytes: segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      spareStates: 0,
      groupMemoryBytes: 0,
    };
  }

  quarantined(): string[] {
    return this.#states.quarantined();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#failure ??= new EngineError("ENGINE_CLOSED", "the engine is closed");
    await this.#running;
    await this.#retiring;
    await this.#wal.close();
  }

  async #retire(beforeWalSeq: bigint): Promise<bigint> {
    const closed = retirable(this.#wal.segments(), beforeWalSeq);
    if (closed.length > 0) {
      try {
        await this.#carryOut(closed);
      } catch (error) {
        if ((error as EngineError).code === "WAL_IO") this.#failure ??= error as EngineError;
        throw error;
      }
    }
    return this.#wal.segments()[0]?.firstWalSeq ?? 0n;
  }

  /** The checkpoint is durable before what it stands for goes; older ones go last. */
  async #carryOut(closed: readonly LogSegment[]): Promise<void> {
    const { disk, directory } = this.#directory;
    const retirement = { closed, base: this.#checkpoint, archive: this.#archive };
    this.#checkpoint = await prepareRetirement(this.#directory, retirement);
    await this.#replay.forgetBefore(this.#checkpoint);
    await this.#wal.removeBefore(this.#checkpoint.seq);
    for (const name of await ioCoded("listed", listCheckpoints(disk, directory))) {
      if (name === stateName(this.#checkpoint.seq)) continue;
      await ioCoded("rid of a checkpoint", disk.remove(`${directory}/${name}`));
    }
  }

  async #run(): Promise<void> {
    // Everything submitted in the same turn of the event loop shares the first group.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commitGroup(this.#takeGroup());
    this.#running = undefined;
  }

  #takeGroup(): Job[] {
    let envelopes = this.#queue[0]?.batch.length ?? 0;
    let jobs = 1;
    while (jobs < this.#queue.length) {
      envelopes += this.#queue[jobs]?.batch.length ?? 0;
      if (envelopes > GROUP_ENVELOPES_MAX) break;
      jobs += 1;
    }
    return this.#queue.splice(0, jobs);
  }

  async #commitGroup(jobs: readonly Job[]): Promise<void> {
    const payloads: Uint8Array[] = [];
    const outcomes = jobs.map((job) => this.#judge(job, payloads));
    try {
      if (payloads.length > 0) await this.#wal.appendGroup(payloads);
    } catch (error) {
      this.#refuse(jobs, error as EngineError);
      return;
    }
    this.#states.commit();
    this.#committedGroups += 1;
    this.#release(jobs);
    for (const [index, outcome] of outcomes.entries()) jobs[index]?.resolve(outcome);
  }

  #judge(job: Job, payloads: Uint8Array[]): BatchOutcome {
    const builder = new OutcomeBuilder(this.#mtuMs);
    const { receivedAtUnixMs } = job;
    const options = { devices: this.#devices, states: this.#states, verify: this.#verify };
    for (const received of job.batch) {
      const { verdict, acceptance } = judgeEnvelope(options, received, receivedAtUnixMs);
      const walSeq = this.#wal.nextSeq() + BigInt(payloads.length);
      const feeder = this.#devices.get(received.deviceId)?.feeder ?? "";
      builder.addVerdict(verdict);
      if (acceptance !== undefined) builder.addAcceptance(acceptance, { walSeq, feeder });
      // A duplicate is in the log already.
      if (verdict !== VERDICT.DUPLICATE) payloads.push(encodeWalEntry({ verdict, receivedAtUnixMs, ...received }));
    }
    return builder.build();
  }

  /** A full disk refuses this group only; any other failure refuses all that is and will be queued. */
  #refuse(jobs: readonly Job[], error: EngineError): void {
    this.#states.rollBack();
    const refused = [...jobs];
    if (error.code !== "WAL_FULL") {
      this.#failure = error;
      refused.push(...this.#queue.splice(0));
    }
    this.#release(refused);
    for (const { reject } of refused) reject(error);
  }

  #release(jobs: readonly Job[]): void {
    for (const { batch } of jobs) this.#queuedEnvelopes -= batch.length;
  }
}
