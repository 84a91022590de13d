import {
  type BatchOutcome,
  type Engine,
  type EngineCounters,
  EngineError,
  type EngineFailureCode,
  type EngineOptions,
  type EnrolledDevice,
  type LoggedEnvelope,
  type LoggedLeaves,
  type LoggedLines,
  type LoggedReadings,
  type LogSegment,
  type ReceivedEnvelope,
} from "./engine.ts";
import { assertBatch, assertEnrollable, assertRange, assertRoom } from "./engine-input.ts";
import { batchOf, EnvelopeBatch } from "./envelope-batch.ts";
import { type EngineHandle, type LibraryChoice, loadNativeAddon } from "./native-addon.ts";
import {
  unpackLeaves,
  unpackLines,
  unpackLog,
  unpackReadings,
  unpackReplay,
  unpackSegments,
} from "./native-packing.ts";
import { PackedOutcome } from "./packed-outcome.ts";
import { SEGMENT_BYTES_MAX_DEFAULT } from "./wal.ts";

export type NativeEngineOptions = EngineOptions & {
  /** Directory of the write-ahead log, on the machine's file system; made if it is missing. */
  directoryPath: string;
  /** Directory on the machine's file system for retired segments; without one they are removed for good. */
  archivePath?: string;
  /** Which native library verifies; by default the fastest that the CPU can run. */
  library?: LibraryChoice;
};

/**
 * Opens the Rust engine; undefined when its addon was not built.
 * @throws EngineError WAL_DAMAGED when a synced record cannot be read, WAL_IO when the disk fails.
 * @throws NativeLibraryError when the chosen library cannot serve on this machine.
 */
export async function openNativeEngine(options: NativeEngineOptions): Promise<Engine | undefined> {
  const { directoryPath, archivePath, mtuMs, segmentBytesMax = SEGMENT_BYTES_MAX_DEFAULT } = options;
  const opening = loadNativeAddon(options.library)?.openEngine({
    directory: directoryPath,
    mtuMs,
    segmentBytesMax,
    ...(archivePath !== undefined && { archiveDirectory: archivePath }),
  });
  return opening === undefined ? undefined : new NativeEngine(await coded(opening), archivePath !== undefined);
}

/** The one typed door to the Rust engine. */
class NativeEngine implements Engine {
  readonly kind = "native";
  readonly isArchiving: boolean;
  readonly verifier: Engine["verifier"];
  readonly #handle: EngineHandle;
  #queuedEnvelopes = 0;
  #isClosed = false;

  constructor(handle: EngineHandle, isArchiving: boolean) {
    this.#handle = handle;
    this.isArchiving = isArchiving;
    this.verifier = handle.verifier();
  }

  canAcceptWork(): boolean {
    return !this.#isClosed && this.#handle.canAcceptWork();
  }

  enrol(devices: readonly EnrolledDevice[]): void {
    for (const device of devices) {
      assertEnrollable(device);
      this.#handle.enrol(device.deviceId, device.publicKey, device.feeder);
    }
  }

  revoke(deviceId: string): void {
    this.#handle.revoke(deviceId);
  }

  async submit(
    envelopes: EnvelopeBatch | readonly ReceivedEnvelope[],
    receivedAtUnixMs: number,
  ): Promise<BatchOutcome> {
    this.#assertOpen();
    const batch = envelopes instanceof EnvelopeBatch ? envelopes : batchOf(envelopes);
    const count = batch.count();
    assertBatch(count, receivedAtUnixMs, this.#queuedEnvelopes);
    this.#queuedEnvelopes += count;
    try {
      return new PackedOutcome(await coded(this.#handle.submit(batch.packed(), count, receivedAtUnixMs)));
    } finally {
      this.#queuedEnvelopes -= count;
    }
  }

  async readLog(fromWalSeq: bigint, recordsMax: number): Promise<LoggedEnvelope[]> {
    assertRange(fromWalSeq, recordsMax);
    return unpackLog(await coded(this.#handle.readLog(Number(fromWalSeq), recordsMax)));
  }

  async leafHashes(fromWalSeq: bigint, recordsMax: number): Promise<LoggedLeaves> {
    assertRange(fromWalSeq, recordsMax);
    return unpackLeaves(await coded(this.#handle.leafHashes(Number(fromWalSeq), recordsMax)));
  }

  async loggedReadings(fromWalSeq: bigint, recordsMax: number): Promise<LoggedReadings> {
    assertRange(fromWalSeq, recordsMax);
    return unpackReadings(await coded(this.#handle.readings(Number(fromWalSeq), recordsMax)));
  }

  async loggedLines(fromWalSeq: bigint, into: Uint8Array): Promise<LoggedLines> {
    assertRoom(fromWalSeq, into);
    return unpackLines(await coded(this.#handle.lines(Number(fromWalSeq), into)));
  }

  async replay(fromWalSeq: bigint, recordsMax: number): Promise<{ outcome: BatchOutcome; nextWalSeq: bigint }> {
    assertRange(fromWalSeq, recordsMax);
    return unpackReplay(await coded(this.#handle.replay(Number(fromWalSeq), recordsMax)));
  }

  async segments(): Promise<LogSegment[]> {
    return unpackSegments(await coded(this.#handle.segments()));
  }

  async retire(beforeWalSeq: bigint): Promise<bigint> {
    return (await coded(this.#handle.retire(Number(beforeWalSeq)))).readBigUInt64LE(0);
  }

  counters(): EngineCounters {
    return this.#handle.counters();
  }

  quarantined(): string[] {
    return this.#handle.quarantined();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await coded(this.#handle.close());
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new EngineError("ENGINE_CLOSED", "the engine is closed");
  }
}

/** Every code there is, or this does not compile: one that is missing would pass as a bug. */
const FAILURE_CODES: Record<EngineFailureCode, true> = {
  WAL_FULL: true,
  WAL_IO: true,
  WAL_DAMAGED: true,
  ARCHIVE_IO: true,
  ENGINE_CLOSED: true,
};

/** Turns the addon's failures into EngineErrors; anything else is a bug and passes as it is. */
async function coded<T>(pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === undefined || !Object.hasOwn(FAILURE_CODES, code)) throw cause;
    throw new EngineError(code as EngineFailureCode, message, cause);
  }
}
