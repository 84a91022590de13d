import { strict as assert } from "node:assert";
import type { Clock, Log, Timer } from "@gridpact/host";
import { ENVELOPE_LIMITS } from "@gridpact/proto";
import type { Spool, SpooledEnvelope } from "../spool/index.ts";
import type { Uplink } from "../uplink/index.ts";

/** What the sender did since it was opened. */
export type SenderStats = { envelopesPublished: number; envelopesAcked: number; readingsAcked: number };

/**
 * Envelopes sent and not yet acknowledged. A round trip with a group commit takes some 10 ms, so 16 keep a back-fill at
 * over a thousand envelopes a second; the virtual node queues no more than this for each device.
 */
export const IN_FLIGHT_ENVELOPES_MAX = 16;

/** Acknowledgements that may be missing on disk before they are written there without waiting for a reading. */
const UNSAVED_ACKS_MAX = 32;

/**
 * A restart sends again whatever the disk does not know as acknowledged. The virtual node recognises that only within
 * its replay window, so sending stops when it could grow beyond.
 */
const RESENDABLE_ENVELOPES_MAX = ENVELOPE_LIMITS.replayWindowEnvelopes;

/** Pause after a publish failed on a connection that still stands: something is wrong, but it may pass. */
const RETRY_MS = 1_000;

/**
 * Sends the spool's envelopes in order, a few at once, and takes each from the spool when it has been acknowledged.
 * After any failure it starts again from the first unacknowledged one: the virtual node tells duplicates.
 */
export class Sender {
  readonly stats: SenderStats = { envelopesPublished: 0, envelopesAcked: 0, readingsAcked: 0 };
  readonly #spool: Spool;
  readonly #uplink: Uplink;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onAcked: () => void;
  readonly #onFailure: (error: unknown) => void;
  /** Of the spool's unacknowledged envelopes, how many from the front have been sent. */
  #sentCount = 0;
  /** Acknowledged before an older one was. */
  readonly #ackedEarly = new Set<bigint>();
  /** Grows with each new start; what belongs to an older one no longer counts. */
  #generation = 0;
  #isSavingCursor = false;
  #isHeld = false;
  #isStopped = false;
  #retry: Timer | undefined;

  constructor(modules: {
    spool: Spool;
    uplink: Uplink;
    clock: Clock;
    log: Log;
    /** Room was made for another envelope. */
    onAcked: () => void;
    /** The disk failed: the device MUST stop. */
    onFailure: (error: unknown) => void;
  }) {
    this.#spool = modules.spool;
    this.#uplink = modules.uplink;
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#onAcked = modules.onAcked;
    this.#onFailure = modules.onFailure;
  }

  /** Another envelope would be sent at once. */
  canSend(): boolean {
    return !this.#isHeld && this.#uplink.isConnected() && this.#spool.unacked.length < IN_FLIGHT_ENVELOPES_MAX;
  }

  /** A connection stands (anew): whatever was in flight on an older one is sent again. */
  restart(): void {
    this.#generation += 1;
    this.#sentCount = 0;
    this.#ackedEarly.clear();
    this.#retry?.cancel();
    this.#retry = undefined;
    this.pump();
  }

  /** Sends what may be sent now. */
  pump(): void {
    if (this.#isStopped || this.#isHeld || this.#retry !== undefined || !this.#uplink.isConnected()) return;
    for (;;) {
      const next = this.#spool.unacked[this.#sentCount];
      if (next === undefined || this.#inFlightCount() >= IN_FLIGHT_ENVELOPES_MAX) break;
      if (this.#spool.resendable + this.#sentCount >= RESENDABLE_ENVELOPES_MAX) break;
      this.#sentCount += 1;
      void this.#send(next, this.#generation);
    }
  }

  /** Sends nothing until `release`; what is in flight may still be acknowledged. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.pump();
  }

  /** Sends nothing more and heeds no acknowledgement; envelopes in flight stay in the spool. */
  stop(): void {
    this.#isStopped = true;
    this.#retry?.cancel();
  }

  #inFlightCount(): number {
    return this.#sentCount - this.#ackedEarly.size;
  }

  async #send(envelope: SpooledEnvelope, generation: number): Promise<void> {
    this.stats.envelopesPublished += 1;
    try {
      await this.#uplink.publish("reading", envelope.bytes);
    } catch (error) {
      if (this.#isCurrent(generation)) this.#retryLater(error);
      return;
    }
    if (this.#isCurrent(generation)) this.#acknowledge(envelope);
  }

  #isCurrent(generation: number): boolean {
    return generation === this.#generation && !this.#isStopped;
  }

  /** The spool only forgets from its front: an envelope acknowledged early waits for those before it. */
  #acknowledge(envelope: SpooledEnvelope): void {
    this.#ackedEarly.add(envelope.recordSeq);
    let first = this.#spool.unacked[0];
    while (first !== undefined && this.#ackedEarly.delete(first.recordSeq)) {
      const acked = this.#spool.acknowledgeFirst();
      this.#sentCount -= 1;
      this.stats.envelopesAcked += 1;
      this.stats.readingsAcked += acked.readingCount;
      first = this.#spool.unacked[0];
    }
    assert(this.#sentCount >= 0, "only what was sent is acknowledged");
    if (this.#spool.resendable >= UNSAVED_ACKS_MAX) void this.#saveCursor();
    this.pump();
    this.#onAcked();
  }

  /** At most one at a time: it covers all acknowledgements that came before it. */
  async #saveCursor(): Promise<void> {
    if (this.#isSavingCursor) return;
    this.#isSavingCursor = true;
    try {
      await this.#spool.saveCursor();
      this.#isSavingCursor = false;
      this.pump();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** The other publishes in flight will mostly fail, too: one new start serves them all. */
  #retryLater(error: unknown): void {
    this.#log.warn("publish_failed", { error: String(error) });
    this.#generation += 1;
    this.#sentCount = 0;
    this.#ackedEarly.clear();
    this.#retry = this.#clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.pump();
    });
  }
}
