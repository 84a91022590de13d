import { strict as assert } from "node:assert";
import type { Timer } from "@gridpact/host";
import { DecodeError, decode, encode, type MessageTypes } from "@gridpact/proto";
import type { AgreedMove } from "../consent/index.ts";
import { storeSetpoints } from "../control/index.ts";
import { useBootEpoch } from "../sign/index.ts";
import { type FeidModules, type FeidOptions, type FeidParts, openFeidParts } from "./feid-parts.ts";
import type { RecorderStats } from "./recorder.ts";
import { isBoundary, nextInstant, type SamplingGrid } from "./sampling-grid.ts";
import { Sender, type SenderStats } from "./sender.ts";
import { Turnstile } from "./turnstile.ts";

/** Counts since the device was opened, and what its spool holds now. */
export type FeidStats = RecorderStats &
  SenderStats & {
    setpointsAccepted: number;
    setpointsRefused: number;
    signaturesGiven: number;
    signaturesRefused: number;
    /** Readings of an earlier run that its spool still held when the device was opened. */
    readingsRecovered: number;
    spoolBytes: number;
    envelopesWaiting: number;
    readingsUnsigned: number;
  };

/**
 * A fog-enabled intelligent device: measures, signs, keeps and sends; obeys setpoints; agrees to contracts by its own
 * signature. Everything that it must not lose is on its disk before anyone hears of it, so it may be killed at any
 * moment and opened again.
 * ```
 * clock --> record: meter -> unsigned -> sealed -> spool --> sender --> uplink
 * uplink --> setpoint: record, store, obey --> PUBACK       acked --> seal what waits
 *        `-> sign request: check, remember --> PUBACK, then the answer
 * ```
 */
export class Feid {
  readonly #options: FeidOptions;
  readonly #modules: FeidModules;
  readonly #parts: FeidParts;
  readonly #sender: Sender;
  readonly #grid: SamplingGrid;
  /** Readings, setpoints and consents change the same disk and meter: one after the other. */
  readonly #turnstile = new Turnstile();
  readonly #counts = { setpointsAccepted: 0, setpointsRefused: 0, signaturesGiven: 0, signaturesRefused: 0 };
  #timer: Timer | undefined;
  #holdEnd: Timer | undefined;
  /** The boot epoch is on disk as one that others may know. */
  #isEpochUsed = false;
  readonly #readingsRecovered: number;
  /** Names this opening, in whole seconds of the clock: sums of an earlier one do not go on in it. */
  readonly #opening: number;
  #isStarted = false;
  #isStopped = false;

  private constructor(options: FeidOptions, modules: FeidModules, parts: FeidParts) {
    this.#options = options;
    this.#modules = modules;
    this.#parts = parts;
    const { spool, recorder } = parts;
    const spooled = spool.unacked.reduce((sum, envelope) => sum + envelope.readingCount, 0);
    this.#readingsRecovered = spooled + recorder.unsignedCount;
    this.#opening = Math.floor(modules.clock.nowUnixMs() / 1_000);
    this.#grid = { readingPeriodMs: options.readingPeriodMs, mtuMs: options.mtuMs };
    this.#sender = new Sender({
      spool: parts.spool,
      uplink: modules.uplink,
      clock: modules.clock,
      log: modules.log,
      onAcked: () => this.#sealIfWaiting(),
      onFailure: (error) => this.#fail(error),
    });
  }

  /**
   * Opens a device on its disk, new or as it was left.
   * @throws JournalDamagedError when its spool is damaged. Removing the spool starts a new boot epoch.
   */
  static async open(options: FeidOptions, modules: FeidModules): Promise<Feid> {
    // An agreement comes with a message, and messages only once the device is there.
    let feid: Feid | undefined;
    const onMove = (move: AgreedMove) => feid?.prepareMove(move);
    feid = new Feid(options, modules, await openFeidParts(options, { ...modules, onMove }));
    return feid;
  }

  /**
   * Signs the history of boundaries in [fromUnixMs, untilUnixMs), a day in each envelope. MUST come before `start`;
   * made again after a crash it goes on where it was. In a later boot epoch than the first it does nothing: the history
   * was sent in an earlier one, and time never runs backwards.
   * @throws MeterError when the meter does not keep that history.
   */
  async backfill(fromUnixMs: number, untilUnixMs: number): Promise<void> {
    assert(!this.#isStarted, "history comes before the first live reading");
    if (this.#parts.bootEpoch > 1) return;
    await this.#turnstile.run(() => this.#parts.recorder.recordHistory(fromUnixMs, untilUnixMs));
  }

  /** Connects, and begins to measure, send and obey. */
  start(): void {
    assert(!this.#isStarted && !this.#isStopped, "a device is started once");
    this.#isStarted = true;
    const { uplink } = this.#modules;
    uplink.onConnected(() => this.#greet());
    uplink.onMessage("setpoint", (bytes) => this.#takeSetpoint(bytes));
    uplink.onMessage("sign-request", (bytes) => this.#takeSignRequest(bytes));
    const move = this.agreedMove();
    if (move !== undefined) this.prepareMove(move);
    uplink.connect().catch((error: unknown) => this.#fail(error));
    void this.#sample();
  }

  /** The move that it has agreed to and that has not ended. */
  agreedMove(): AgreedMove | undefined {
    return this.#parts.moves.agreed();
  }

  /**
   * Holds back what it has to send until the other node has it, or the deadline is over: then its node may have taken
   * it back, and acknowledges only if so.
   */
  prepareMove(move: AgreedMove): void {
    const leftMs = move.deadlineUnixMs - this.#modules.clock.nowUnixMs();
    this.#holdEnd?.cancel();
    if (leftMs > 0) {
      this.#sender.hold();
      this.#holdEnd = this.#modules.clock.after(leftMs, () => this.#endHold());
    }
    this.#modules.onMove?.(move);
  }

  /** It stays with its node: the move that it agreed to came to nothing. */
  async stay(): Promise<void> {
    if (await this.#exclusively(() => this.#parts.moves.stay())) this.#endHold();
  }

  #endHold(): void {
    if (this.#isStopped) return;
    this.#holdEnd?.cancel();
    this.#sender.release();
    this.#sealIfWaiting();
  }

  /** Ends in good order. What is not acknowledged stays on disk. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.kill();
    await this.#modules.uplink.close();
    await this.#turnstile.run(() => this.#parts.spool.saveCursor());
    await this.#parts.spool.close();
  }

  /** Ends at once, as a power cut would: nothing is written, nothing is sent. The uplink is the caller's to cut. */
  kill(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#holdEnd?.cancel();
    this.#sender.stop();
  }

  /** A snapshot; cheap enough for every scrape. */
  stats(): FeidStats {
    const { recorder, spool } = this.#parts;
    return {
      ...recorder.stats,
      ...this.#sender.stats,
      ...this.#counts,
      readingsRecovered: this.#readingsRecovered,
      spoolBytes: spool.bytes,
      envelopesWaiting: spool.unacked.length,
      readingsUnsigned: recorder.unsignedCount,
    };
  }

  /** Each round asks the clock anew, so that a late one does not shift those after it. */
  async #sample(): Promise<void> {
    await this.#exclusively(() => this.#record());
    if (this.#isStopped) return;
    const nowUnixMs = this.#modules.clock.nowUnixMs();
    const delayMs = nextInstant(this.#grid, nowUnixMs) - nowUnixMs;
    this.#timer = this.#modules.clock.after(delayMs, () => void this.#sample());
  }

  async #record(): Promise<void> {
    const taken = await this.#parts.recorder.record(this.#modules.clock.nowUnixMs(), this.#sender.canSend());
    await this.#send();
    const newest = taken.at(-1);
    if (newest !== undefined) this.#parts.learner.saw(newest);
    let hasLearned = false;
    const boundaries = taken.filter(({ measuredAtUnixMs }) => isBoundary(this.#grid, Number(measuredAtUnixMs)));
    const stated = boundaries.at(-1);
    if (stated !== undefined) this.#stateBalance(stated.measuredAtUnixMs);
    for (const reading of boundaries) {
      hasLearned = (await this.#parts.learner.observed(reading)) || hasLearned;
    }
    if (hasLearned) this.#stateFlexibility();
  }

  /** Not waited for, and made again with each connection: the newest statement is all that counts. */
  #stateFlexibility(): void {
    const statement = this.#parts.learner.statement();
    if (statement === undefined || !this.#modules.uplink.isConnected()) return;
    void this.#publish("flexibility", encode("FlexibilityStatement", statement));
  }

  /** Once at each boundary; one that is lost costs a step of self-balancing. */
  #stateBalance(statedAtUnixMs: bigint): void {
    const { balances = false } = this.#options;
    const state = balances ? this.#parts.actuator.shiftState?.() : undefined;
    if (state === undefined || !this.#modules.uplink.isConnected()) return;
    const { efficiencyPerMille, readyByUnixMs, ...energies } = state;
    const statement = {
      ...energies,
      statedAtUnixMs,
      efficiencyPerMille: Number(efficiencyPerMille),
      readyByUnixMs: readyByUnixMs === undefined ? statedAtUnixMs : BigInt(readyByUnixMs),
      opening: this.#opening,
    };
    void this.#publish("balance", encode("BalanceStatement", statement));
  }

  /** The first time, makes it durable that others will know of this epoch; only then may anything go out. */
  async #send(): Promise<void> {
    const { spool, bootEpoch } = this.#parts;
    if (!this.#isEpochUsed && spool.unacked.length > 0) {
      await useBootEpoch(this.#modules.disk, bootEpoch);
      this.#isEpochUsed = true;
    }
    this.#sender.pump();
  }

  #greet(): void {
    if (this.#isStopped) return;
    // Before the epoch is on disk as used nothing has been sent, and the first reading sends what there is.
    if (this.#isEpochUsed) this.#sender.restart();
    this.#sealIfWaiting();
    this.#stateFlexibility();
  }

  /** Room on the uplink: all that has been waiting unsigned goes into as few envelopes as it fits. */
  #sealIfWaiting(): void {
    if (this.#parts.recorder.unsignedCount === 0 || !this.#sender.canSend()) return;
    void this.#exclusively(async () => {
      await this.#parts.recorder.seal();
      await this.#send();
    });
  }

  async #takeSetpoint(bytes: Uint8Array): Promise<void> {
    await this.#acknowledgeAfter(async () => {
      const setpoint = decodeOrUndefined("Setpoint", bytes);
      const nowUnixMs = this.#modules.clock.nowUnixMs();
      // What is due is read first: a meter model is then never asked for what was before the new limits.
      await this.#record();
      const { setpoints, actuator } = this.#parts;
      const refusal = setpoint === undefined ? "malformed" : setpoints.accept(setpoint, nowUnixMs);
      if (refusal !== undefined) {
        this.#counts.setpointsRefused += 1;
        // The virtual node sends until it is sure: the same one again is no news.
        if (refusal !== "stale_revision")
          this.#modules.log.warn("setpoint_refused", { deviceId: this.#options.deviceId, refusal });
        return;
      }
      await storeSetpoints(this.#modules.disk, setpoints);
      actuator.obey(setpoints.limits(), nowUnixMs);
      this.#counts.setpointsAccepted += 1;
    });
  }

  async #takeSignRequest(bytes: Uint8Array): Promise<void> {
    await this.#acknowledgeAfter(async () => {
      const request = decodeOrUndefined("SignRequest", bytes);
      if (request === undefined) {
        this.#counts.signaturesRefused += 1;
        return;
      }
      const response = await this.#parts.consent.answer(request);
      this.#counts[response.refusal === "" ? "signaturesGiven" : "signaturesRefused"] += 1;
      if (response.refusal !== "") {
        this.#modules.log.warn("signature_refused", { deviceId: this.#options.deviceId, refusal: response.refusal });
      }
      // Not waited for: the acknowledgement of the answer may stand behind that of the request. Who asked asks again.
      void this.#publish("signature", encode("SignResponse", response));
    });
  }

  async #publish(channel: "signature" | "flexibility" | "balance", bytes: Uint8Array): Promise<void> {
    try {
      await this.#modules.uplink.publish(channel, bytes);
    } catch (error) {
      this.#modules.log.warn("message_not_sent", { deviceId: this.#options.deviceId, channel, error: String(error) });
    }
  }

  /** A message whose task was not done to its end MUST NOT be acknowledged: it comes again. */
  async #acknowledgeAfter(task: () => Promise<void>): Promise<void> {
    if (!(await this.#exclusively(task))) throw new FeidStoppedError();
  }

  /** Runs a task when no other runs, and says whether it was done. A failure of it is a failure of the device. */
  async #exclusively(task: () => Promise<void>): Promise<boolean> {
    try {
      return await this.#turnstile.run(async () => {
        if (this.#isStopped) return false;
        await task();
        return !this.#isStopped;
      });
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** After a failed write nobody knows what is on disk, so nothing more is done with it. */
  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.kill();
    const { log, uplink, onFailure } = this.#modules;
    log.error("feid_failed", { deviceId: this.#options.deviceId, error: String(error) });
    uplink.close().catch((closing: unknown) => log.warn("uplink_not_closed", { error: String(closing) }));
    onFailure(error);
  }
}

/** A message came to a device that had stopped; it is not acknowledged. */
class FeidStoppedError extends Error {
  readonly code = "FEID_STOPPED";

  constructor() {
    super("the device has stopped");
    this.name = "FeidStoppedError";
  }
}

function decodeOrUndefined<N extends "Setpoint" | "SignRequest">(
  name: N,
  bytes: Uint8Array,
): MessageTypes[N] | undefined {
  try {
    return decode(name, bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
