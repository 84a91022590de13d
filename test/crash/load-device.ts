import { MqttUplink, privateKeyPem, UplinkError } from "@gridpact/edge";
import type { SeededRandom, SigningKey } from "@gridpact/host";
import { silentLog, systemRandom, wallClock } from "@gridpact/host";
import { ENVELOPE_LIMITS, encode, envelopeHash, envelopeSigningBytes, QUALITY, ZERO_HASH } from "@gridpact/proto";

/** A device's certificate and the authority of the virtual node, as enrolment gave them. */
export type DeviceMembership = { certificatePem: string; caPem: string };

export type LoadDeviceOptions = {
  deviceId: string;
  key: SigningKey;
  membership: DeviceMembership;
  random: SeededRandom;
  /** Its signatures are wrong: everything it sends has to be rejected, and acknowledged once that is durable. */
  isForger: boolean;
};

/** An envelope that was made; `bytes` are a SignedEnvelope. */
export type SentEnvelope = { deviceId: string; firstSeq: bigint; bytes: Uint8Array; isForged: boolean };

/**
 * Half of what the virtual node remembers, so that every resend is known to it as one; twice what a FEID has. Each
 * device draws a bound of its own below it, so that the devices do not all wait for the same group commit.
 */
const IN_FLIGHT_MAX = ENVELOPE_LIMITS.replayWindowEnvelopes / 2;

/** Readings lie in the past, so that none is ever ahead of the host's clock, and the same for each run of a seed. */
const FIRST_READING_AT_UNIX_MS = BigInt(Date.UTC(2016, 0, 28));
const READING_PERIOD_MS = 1_000n;

const READINGS_PER_ENVELOPE_MAX = 4;

/**
 * Sends as a FEID does over its own uplink, only without pause: signed and chained envelopes, many in flight, and
 * after each new connection first whatever was not acknowledged, in order and with the same bytes.
 */
export class LoadDevice {
  readonly #options: LoadDeviceOptions;
  readonly #onAcked: (envelope: SentEnvelope) => void;
  /** In the order in which they were made. */
  readonly #unacked = new Map<bigint, SentEnvelope>();
  readonly #inFlightMax: number;
  readonly #inFlight = new Set<Promise<void>>();
  #uplink: MqttUplink | undefined;
  #nextSeq = 0n;
  #importWh = 0n;
  #previousHash = ZERO_HASH;
  #resent = 0;
  #isDraining = false;

  constructor(options: LoadDeviceOptions, onAcked: (envelope: SentEnvelope) => void) {
    this.#options = options;
    this.#inFlightMax = 1 + options.random.below(IN_FLIGHT_MAX);
    this.#onAcked = onAcked;
  }

  /** Envelopes that were made and not acknowledged. */
  unackedCount(): number {
    return this.#unacked.size;
  }

  /** Envelopes sent again. */
  resentCount(): number {
    return this.#resent;
  }

  /** Begins to connect to the host's next life, and sends as soon as a connection stands. */
  async connect(port: number): Promise<void> {
    const { deviceId, key, membership } = this.#options;
    const { certificatePem, caPem } = membership;
    const uplink = new MqttUplink(
      { deviceId, host: "127.0.0.1", port, certificatePem, keyPem: privateKeyPem(key), caPem },
      { clock: wallClock(), random: systemRandom, log: silentLog },
    );
    this.#uplink = uplink;
    uplink.onConnected(() => this.#resend());
    await uplink.connect();
  }

  /** Makes no new envelopes from now on, but for a first one, so that no kill can have kept a device from counting. */
  drain(): void {
    if (this.#nextSeq === 0n) this.#seal();
    this.#isDraining = true;
  }

  /** To be called when the host is gone: takes the acknowledgements that still came in, and ends the connection. */
  async disconnect(): Promise<void> {
    await Promise.all(this.#inFlight);
    await this.#uplink?.close();
  }

  #resend(): void {
    this.#resent += this.#unacked.size;
    for (const envelope of this.#unacked.values()) this.#send(envelope);
    this.#sendNew();
  }

  #sendNew(): void {
    while (this.#unacked.size < this.#inFlightMax && !this.#isDraining) this.#send(this.#seal());
  }

  #send(envelope: SentEnvelope): void {
    const sending = this.#publish(envelope).finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
  }

  async #publish(envelope: SentEnvelope): Promise<void> {
    try {
      await this.#uplink?.publish("reading", envelope.bytes);
    } catch (error) {
      // Nobody knows what became of it: it stays, and the next connection sends it again.
      if (error instanceof UplinkError) return;
      throw error;
    }
    this.#unacked.delete(envelope.firstSeq);
    this.#onAcked(envelope);
    if (this.#uplink?.isConnected()) this.#sendNew();
  }

  #seal(): SentEnvelope {
    const { deviceId, key, random, isForger } = this.#options;
    const firstSeq = this.#nextSeq;
    const readings = Array.from({ length: 1 + random.below(READINGS_PER_ENVELOPE_MAX) }, () => this.#read(random));
    const previousEnvelopeHash = this.#previousHash;
    const payload = encode("EnvelopePayload", { deviceId, bootEpoch: 1, firstSeq, previousEnvelopeHash, readings });
    this.#previousHash = envelopeHash(payload);
    const signature = new Uint8Array(key.sign(envelopeSigningBytes(payload)));
    if (isForger) signature[0] = (signature[0] ?? 0) ^ 1;
    const bytes = encode("SignedEnvelope", { payload, signature });
    const envelope = { deviceId, firstSeq, bytes, isForged: isForger };
    this.#unacked.set(firstSeq, envelope);
    return envelope;
  }

  #read(random: SeededRandom) {
    const measuredAtUnixMs = FIRST_READING_AT_UNIX_MS + this.#nextSeq * READING_PERIOD_MS;
    this.#nextSeq += 1n;
    this.#importWh += BigInt(random.below(3));
    const powerW = BigInt(random.below(6_000));
    return { measuredAtUnixMs, powerW, importWh: this.#importWh, exportWh: 0n, quality: QUALITY.MEASURED };
  }
}
