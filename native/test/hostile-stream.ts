import { ENVELOPE_LIMITS, encode, envelopeHash, envelopeSigningBytes, type Reading, ZERO_HASH } from "@gridpact/proto";
import type { ReceivedEnvelope } from "../src/engine.ts";
import { DeviceFixture, forged } from "./device-fixture.ts";

/** One thing that a device, or somebody in its place, may send. */
export type Act = { device: number; kind: ActKind; count: number; pick: number };

type ActKind = (typeof ACT_KINDS)[number];

/** `next` stands first and often, so that streams live long enough to be attacked. */
export const ACT_KINDS = [
  "next",
  "next",
  "next",
  "next",
  "resend",
  "hold",
  "release",
  "forge",
  "equivocate",
  "breakChain",
  "restart",
  "restartAfterGap",
  "overlap",
  "oldEpoch",
  "lowerRegister",
  "turnClockBack",
  "turnClockAhead",
  "flipByte",
  "truncate",
  "oversize",
  "tooManyReadings",
  "noReadings",
  "borrowIdentity",
  "unknownDevice",
] as const;

/** Devices 0..2 are enrolled. */
export const STREAM_DEVICES = 3;

/** Plays acts against the memory of what was sent before; the same acts give the same bytes. */
export class HostileStream {
  readonly devices = Array.from({ length: STREAM_DEVICES }, (_, index) => new DeviceFixture(`home-${index}`));
  readonly #stranger = new DeviceFixture("stranger");
  readonly #sent: ReceivedEnvelope[] = [];
  readonly #held: ReceivedEnvelope[] = [];

  /** What an act puts on the wire; nothing when it only changes the sender. */
  play({ device: index, kind, count, pick }: Act): ReceivedEnvelope[] {
    const device = this.devices[index] as DeviceFixture;
    const sent = this.#play(device, kind, count, pick);
    this.#sent.push(...sent);
    return sent;
  }

  #play(device: DeviceFixture, kind: ActKind, count: number, pick: number): ReceivedEnvelope[] {
    const known = this.#sent[pick % Math.max(1, this.#sent.length)] ?? device.next(count);
    switch (kind) {
      case "next":
        return [device.next(count)];
      case "resend":
        return [known];
      case "hold":
        this.#held.push(device.next(count));
        return [];
      case "release":
        return this.#held.splice(pick % Math.max(1, this.#held.length), 1);
      case "forge":
        return [forged(device.next(count))];
      case "equivocate":
        return equivocation(device, count);
      case "breakChain":
        return [device.next(count, { previousEnvelopeHash: new Uint8Array(32).fill(pick % 256) })];
      case "restart":
        return [device.next(count, { bootEpoch: device.bootEpoch + 1, firstSeq: 0n, previousEnvelopeHash: ZERO_HASH })];
      case "restartAfterGap":
        return [device.next(count, { bootEpoch: device.bootEpoch + 1, firstSeq: BigInt(pick % 5) })];
      case "overlap":
        return [device.next(count, { firstSeq: device.nextSeq > 3n ? device.nextSeq - BigInt(pick % 4) : 0n })];
      case "oldEpoch":
        return [device.next(count, { bootEpoch: Math.max(1, device.bootEpoch - 1) })];
      case "lowerRegister":
        device.importWh -= BigInt(pick % 100);
        return [device.next(count)];
      case "turnClockBack":
        device.measuredAtUnixMs -= pick % 600_000;
        return [device.next(count)];
      case "turnClockAhead":
        device.measuredAtUnixMs += pick * 100;
        return [device.next(count)];
      case "flipByte":
        return [flipped(known, pick)];
      case "truncate":
        return [{ ...known, bytes: known.bytes.subarray(0, pick % known.bytes.length) }];
      case "oversize":
        return [{ ...known, bytes: new Uint8Array(ENVELOPE_LIMITS.bytesMax + (pick % 2)) }];
      case "tooManyReadings":
        return [device.next(ENVELOPE_LIMITS.readingsMax + 1)];
      case "noReadings":
        return [device.next(1, { readings: [] as Reading[] })];
      case "borrowIdentity":
        return [{ ...known, deviceId: device.deviceId }];
      case "unknownDevice":
        return [this.#stranger.next(count)];
    }
  }
}

/** Two signed envelopes for one place in the sequence. */
function equivocation(device: DeviceFixture, count: number): ReceivedEnvelope[] {
  const payload = device.payload(count);
  const readings = payload.readings.map((reading) => ({ ...reading, powerW: reading.powerW + 1n }));
  const other = encode("EnvelopePayload", { ...payload, readings });
  const first = device.sign(encode("EnvelopePayload", payload));
  device.lastHash = envelopeHash(other);
  return [first, { deviceId: device.deviceId, bytes: signed(device, other) }];
}

function signed(device: DeviceFixture, payload: Uint8Array): Uint8Array {
  return encode("SignedEnvelope", { payload, signature: device.key.sign(envelopeSigningBytes(payload)) });
}

function flipped(envelope: ReceivedEnvelope, pick: number): ReceivedEnvelope {
  const bytes = new Uint8Array(envelope.bytes);
  const at = pick % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (pick % 8));
  return { ...envelope, bytes };
}
