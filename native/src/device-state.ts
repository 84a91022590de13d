import { ENVELOPE_LIMITS, ZERO_HASH } from "@gridpact/proto";
import type { DecodedEnvelope, DecodedReading } from "./envelope-decode.ts";

/** Where a device's chain stood: registers and time of a reading, and the hash of the envelope it came in. */
export type ChainPoint = {
  hash: Uint8Array;
  measuredAtUnixMs: number;
  importWh: bigint;
  exportWh: bigint;
};

/** Reading numbers [fromSeq, toSeq) that were skipped; a late envelope may fill them. */
export type Gap = {
  fromSeq: bigint;
  toSeq: bigint;
  before: ChainPoint;
  /** `hash` is what the envelope after the gap says of the one before it. */
  after: ChainPoint;
};

/** Identity of an accepted envelope, to tell a resend from an equivocation. */
export type RecentEnvelope = { bootEpoch: number; firstSeq: bigint; hash: Uint8Array };

/** All that the engine remembers of one device; rebuilt from the write-ahead log. */
export type DeviceState = {
  /** 0 before the first envelope. */
  bootEpoch: number;
  nextSeq: bigint;
  last: ChainPoint;
  gaps: Gap[];
  recent: RecentEnvelope[];
  badSignatures: number;
  isQuarantined: boolean;
};

/**
 * Gaps remembered per device. A device leaves one when its spool overflowed, which an outage of hours does once;
 * beyond this the oldest is forgotten, and what would fill it is stale.
 */
export const GAPS_MAX = 16;

/** Of a device that never sent anything. No log entry and no checkpoint is needed for one. */
export function newDeviceState(): DeviceState {
  const last = { hash: ZERO_HASH, measuredAtUnixMs: 0, importWh: 0n, exportWh: 0n };
  return { bootEpoch: 0, nextSeq: 0n, last, gaps: [], recent: [], badSignatures: 0, isQuarantined: false };
}

/** A copy whose changes do not show in the original; chain points and hashes are never changed in place. */
export function cloneDeviceState(state: DeviceState): DeviceState {
  return { ...state, gaps: [...state.gaps], recent: [...state.recent] };
}

/** The remembered accepted envelope of the same identity, if any. */
export function findRecent(state: DeviceState, envelope: DecodedEnvelope): RecentEnvelope | undefined {
  return state.recent.findLast(
    (recent) => recent.firstSeq === envelope.firstSeq && recent.bootEpoch === envelope.bootEpoch,
  );
}

/** Counts over the device's whole life: honest devices have none, so nothing is ever taken off. */
export function recordBadSignature(state: DeviceState): void {
  state.badSignatures += 1;
  if (state.badSignatures >= ENVELOPE_LIMITS.badSignaturesMax) state.isQuarantined = true;
}

/** First number after an envelope's readings. */
export function endSeq(envelope: DecodedEnvelope): bigint {
  return envelope.firstSeq + BigInt(envelope.readings.length);
}

/** @param hash - kept as it is, so MUST NOT be a view of received bytes */
export function chainPoint(reading: DecodedReading, hash: Uint8Array): ChainPoint {
  const { measuredAtUnixMs, importWh, exportWh } = reading;
  return { hash, measuredAtUnixMs, importWh, exportWh };
}

/** The oldest is forgotten beyond the replay window; a resend of it is STALE then, and no DUPLICATE. */
export function rememberRecent(state: DeviceState, envelope: DecodedEnvelope, hash: Uint8Array): void {
  state.recent.push({ bootEpoch: envelope.bootEpoch, firstSeq: envelope.firstSeq, hash });
  if (state.recent.length > ENVELOPE_LIMITS.replayWindowEnvelopes) state.recent.shift();
}

/** An empty gap is none. */
export function rememberGap(state: DeviceState, gap: Gap): void {
  if (gap.fromSeq === gap.toSeq) return;
  state.gaps.push(gap);
  if (state.gaps.length > GAPS_MAX) state.gaps.shift();
}
