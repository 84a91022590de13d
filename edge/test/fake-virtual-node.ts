import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import type { Clock, SeededRandom } from "@gridpact/host";
import {
  type Channel,
  decode,
  ENVELOPE_LIMITS,
  type EnvelopePayload,
  envelopeHash,
  envelopeSigningBytes,
  verifyZip215,
} from "@gridpact/proto";
import { type Uplink, UplinkError } from "../src/uplink/index.ts";

/** The ingest rules of a virtual node for one device, as strict as they can be: any rejection is a fault here. */
export class FakeVirtualNode {
  readonly payloads: EnvelopePayload[] = [];
  readonly #publicKey: Uint8Array;
  readonly #hashes: string[] = [];
  readonly #digest = createHash("sha256");
  duplicates = 0;

  constructor(publicKey: Uint8Array) {
    this.#publicKey = publicKey;
  }

  receive(bytes: Uint8Array): void {
    const { payload, signature } = decode("SignedEnvelope", bytes);
    const hash = Buffer.from(envelopeHash(payload)).toString("hex");
    const known = this.#hashes.indexOf(hash);
    if (known >= 0) {
      assert(
        known >= this.#hashes.length - ENVELOPE_LIMITS.replayWindowEnvelopes,
        "sent again beyond the replay window",
      );
      this.duplicates += 1;
      return;
    }
    assert(verifyZip215(this.#publicKey, envelopeSigningBytes(payload), signature), "bad signature");
    const envelope = decode("EnvelopePayload", payload);
    this.#checkChain(envelope);
    this.payloads.push(envelope);
    this.#hashes.push(hash);
    this.#digest.update(bytes);
  }

  /** Instants of all readings, in order. */
  measuredAt(): number[] {
    return this.payloads.flatMap(({ readings }) => readings.map((reading) => Number(reading.measuredAtUnixMs)));
  }

  /** Hash of all accepted bytes, in order. */
  digestHex(): string {
    return this.#digest.copy().digest("hex");
  }

  #checkChain({ bootEpoch, firstSeq, previousEnvelopeHash, readings }: EnvelopePayload): void {
    const previous = this.payloads.at(-1);
    const isNewEpoch = bootEpoch > (previous?.bootEpoch ?? 0);
    const expectedSeq = isNewEpoch ? 0n : (previous?.firstSeq ?? 0n) + BigInt(previous?.readings.length ?? 0);
    assert.equal(firstSeq, expectedSeq, "sequence broken");
    const expectedHash = isNewEpoch ? "00".repeat(32) : this.#hashes.at(-1);
    assert.equal(Buffer.from(previousEnvelopeHash).toString("hex"), expectedHash, "chain broken");
    const times = [previous?.readings.at(-1), ...readings].flatMap((reading) => reading?.measuredAtUnixMs ?? []);
    assert(
      times.every((time, index) => index === 0 || time > (times[index - 1] as bigint)),
      "time runs backwards",
    );
  }
}

/** An uplink to it in memory: delayed, cut at random, and able to lose what is in flight in either direction. */
export class FakeUplink implements Uplink {
  readonly published: { channel: Channel; bytes: Uint8Array }[] = [];
  readonly #modules: { clock: Clock; random: SeededRandom; node: FakeVirtualNode };
  /** Chance of losing the connection, for each message and each acknowledgement. */
  cutPerMille: number;
  readonly #handlers = new Map<Channel, (bytes: Uint8Array) => Promise<void>>();
  readonly #inFlight = new Set<(error: UplinkError) => void>();
  #onConnected: () => void = () => undefined;
  #connection = 0;
  #isConnected = false;
  #isOpen = false;

  constructor(
    modules: { clock: Clock; random: SeededRandom; node: FakeVirtualNode },
    options: { cutPerMille: number } = { cutPerMille: 0 },
  ) {
    this.#modules = modules;
    this.cutPerMille = options.cutPerMille;
  }

  async connect(): Promise<void> {
    this.#isOpen = true;
    this.#reconnectAfter(this.#modules.random.below(3_000));
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  onConnected(handler: () => void): void {
    this.#onConnected = handler;
  }

  onMessage(channel: Channel, handler: (bytes: Uint8Array) => Promise<void>): void {
    this.#handlers.set(channel, handler);
  }

  publish(channel: Channel, bytes: Uint8Array): Promise<void> {
    const { clock, random } = this.#modules;
    if (!this.#isConnected) return Promise.reject(new UplinkError("UPLINK_NOT_CONNECTED"));
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      this.#inFlight.add(reject);
      const arrive = () => {
        if (connection !== this.#connection || !this.#isConnected) return;
        if (random.chance(this.cutPerMille)) return this.cut(random.below(4 * 3_600_000));
        this.published.push({ channel, bytes });
        if (channel === "reading") this.#modules.node.receive(bytes);
        clock.after(random.below(20), () => {
          if (!this.#inFlight.delete(reject)) return;
          if (random.chance(this.cutPerMille)) reject(new UplinkError("UPLINK_LOST"));
          else resolve();
        });
      };
      // One connection keeps its order, as TCP does: every message takes the same time.
      clock.after(10, arrive);
    });
  }

  /** Cuts the connection; it comes back after a while. */
  cut(offlineMs: number): void {
    this.#isConnected = false;
    this.#connection += 1;
    for (const reject of this.#inFlight) reject(new UplinkError("UPLINK_LOST"));
    this.#inFlight.clear();
    this.#reconnectAfter(offlineMs);
  }

  async deliver(channel: Channel, bytes: Uint8Array): Promise<void> {
    await this.#handlers.get(channel)?.(bytes);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.cut(0);
  }

  #reconnectAfter(delayMs: number): void {
    const connection = this.#connection;
    this.#modules.clock.after(delayMs, () => {
      if (!this.#isOpen || this.#isConnected || connection !== this.#connection) return;
      this.#isConnected = true;
      this.#onConnected();
    });
  }
}
