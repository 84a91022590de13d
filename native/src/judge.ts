import {
  ENVELOPE_LIMITS,
  envelopeHash,
  envelopeSigningBytes,
  type SignatureVerifier,
  VERDICT,
  type VerdictCode,
} from "@gridpact/proto";
import { advanceState, checkBounds, type Placement, placeEnvelope } from "./chain.ts";
import { type DeviceState, findRecent, recordBadSignature } from "./device-state.ts";
import { EngineError, type EnrolledDevice, type ReceivedEnvelope } from "./engine.ts";
import { type DecodedEnvelope, decodeEnvelope } from "./envelope-decode.ts";
import type { StateBook } from "./state-book.ts";
import type { WalEntry } from "./wal-record.ts";

/** An accepted envelope with its place; what views and anchors are made of. */
export type Acceptance = { envelope: DecodedEnvelope; placement: Placement };

/** `acceptance` is there for ACCEPTED alone. */
export type Judgement = { verdict: VerdictCode; acceptance?: Acceptance };

/** `states` gets drafts only: the caller commits them once the group is durable. */
export type JudgeOptions = {
  devices: ReadonlyMap<string, EnrolledDevice>;
  states: StateBook;
  /** A parameter, so that tests can count and simulations can cache. */
  verify: SignatureVerifier;
};

/**
 * Judges one envelope and changes its device's draft accordingly. Cheap checks come first, and all that a third
 * party could provoke with forged bytes comes before the signature counts against the device's chain.
 */
export function judgeEnvelope(options: JudgeOptions, received: ReceivedEnvelope, receivedAtUnixMs: number): Judgement {
  const decoded = decodeEnvelope(received.bytes);
  if (!decoded.ok) return { verdict: decoded.verdict };
  const device = options.devices.get(received.deviceId);
  if (device === undefined) return { verdict: VERDICT.UNKNOWN_DEVICE };
  const state = options.states.draft(received.deviceId);
  if (state.isQuarantined) return { verdict: VERDICT.QUARANTINED };
  const { envelope } = decoded;
  if (envelope.deviceId !== received.deviceId) return { verdict: VERDICT.IDENTITY_MISMATCH };
  const hash = envelopeHash(envelope.payload);
  const verdict = judgeIdentity({ state, envelope, hash, device, verify: options.verify });
  if (verdict !== VERDICT.ACCEPTED) return { verdict };
  return judgePlace({ state, envelope, hash, receivedAtUnixMs });
}

/**
 * Brings a device's draft to where it was after a logged envelope, without verifying it again.
 * @throws EngineError WAL_DAMAGED when the record contradicts the ones before it.
 */
export function replayEntry(states: StateBook, entry: WalEntry): Acceptance | undefined {
  if (entry.verdict === VERDICT.BAD_SIGNATURE) recordBadSignature(states.draft(entry.deviceId));
  if (entry.verdict === VERDICT.EQUIVOCATION) states.draft(entry.deviceId).isQuarantined = true;
  if (entry.verdict !== VERDICT.ACCEPTED) return undefined;
  const decoded = decodeEnvelope(entry.bytes);
  if (!decoded.ok) throw contradiction(entry);
  const { envelope } = decoded;
  const state = states.draft(entry.deviceId);
  const hash = envelopeHash(envelope.payload);
  const placement = placeEnvelope(state, envelope, hash);
  if ("verdict" in placement) throw contradiction(entry);
  advanceState(state, envelope, { placement, hash });
  return { envelope, placement };
}

/** Duplicate, forged or equivocal; ACCEPTED when the envelope is new and its own device's. */
function judgeIdentity(options: {
  state: DeviceState;
  envelope: DecodedEnvelope;
  hash: Uint8Array;
  device: EnrolledDevice;
  verify: SignatureVerifier;
}): VerdictCode {
  const { state, envelope, hash, device, verify } = options;
  const recent = findRecent(state, envelope);
  if (recent !== undefined && Buffer.compare(recent.hash, hash) === 0) return VERDICT.DUPLICATE;
  if (!verify(device.publicKey, envelopeSigningBytes(envelope.payload), envelope.signature)) {
    recordBadSignature(state);
    return VERDICT.BAD_SIGNATURE;
  }
  if (recent === undefined) return VERDICT.ACCEPTED;
  // Signed twice by the device itself: nobody else can bring it into quarantine this way.
  state.isQuarantined = true;
  return VERDICT.EQUIVOCATION;
}

function judgePlace(options: {
  state: DeviceState;
  envelope: DecodedEnvelope;
  hash: Uint8Array;
  receivedAtUnixMs: number;
}): Judgement {
  const { state, envelope, hash, receivedAtUnixMs } = options;
  const placement = placeEnvelope(state, envelope, hash);
  if ("verdict" in placement) return { verdict: placement.verdict };
  const verdict = checkBounds(placement, envelope.readings);
  if (verdict !== VERDICT.ACCEPTED) return { verdict };
  const latestUnixMs = envelope.readings.at(-1)?.measuredAtUnixMs ?? 0;
  if (latestUnixMs > receivedAtUnixMs + CLOCK_AHEAD_MS_MAX) return { verdict: VERDICT.CLOCK_SKEW };
  advanceState(state, envelope, { placement, hash });
  return { verdict: VERDICT.ACCEPTED, acceptance: { envelope, placement } };
}

const CLOCK_AHEAD_MS_MAX = Number(ENVELOPE_LIMITS.clockAheadMsMax);

/** The log says accepted where the rules say no: bytes that changed, or a log put together of two. */
export function contradiction(entry: WalEntry): EngineError {
  return new EngineError("WAL_DAMAGED", `a logged envelope of ${entry.deviceId} contradicts the log before it`);
}
