import { VERDICT, type VerdictCode } from "@gridpact/proto";
import {
  type ChainPoint,
  chainPoint,
  type DeviceState,
  endSeq,
  type Gap,
  rememberGap,
  rememberRecent,
} from "./device-state.ts";
import type { DecodedEnvelope, DecodedReading } from "./envelope-decode.ts";

/**
 * Where an envelope stands in its device's sequence:
 * ```
 * accepted 0..9   next = 10          [10,12): next   [14,16): gap [10,14) opens   [12,14): fills a part of that gap
 * ```
 */
export type Placement = {
  isAfterGap: boolean;
  /** Of the same boot epoch as the reading before it, so that their registers can be subtracted. */
  isContinuous: boolean;
  /** The gap that the envelope fills, wholly or in part; undefined when it is the newest. */
  gap: Gap | undefined;
  /** Registers and time must lie between these. */
  before: ChainPoint;
  after: ChainPoint | undefined;
};

/** Says where an envelope belongs, or why it belongs nowhere: STALE, CHAIN_BROKEN. */
export function placeEnvelope(
  state: DeviceState,
  envelope: DecodedEnvelope,
  hash: Uint8Array,
): Placement | { verdict: VerdictCode } {
  if (envelope.bootEpoch < state.bootEpoch) return { verdict: VERDICT.STALE };
  if (envelope.bootEpoch > state.bootEpoch) return placeInNewEpoch(state, envelope);
  if (envelope.firstSeq < state.nextSeq) return placeInGap(state, envelope, hash);
  const isAfterGap = envelope.firstSeq > state.nextSeq;
  if (!isAfterGap && !isSame(envelope.previousEnvelopeHash, state.last.hash)) return { verdict: VERDICT.CHAIN_BROKEN };
  return { isAfterGap, isContinuous: true, gap: undefined, before: state.last, after: undefined };
}

/** REGISTER_DECREASED or CLOCK_SKEW when the readings do not fit between their neighbours. */
export function checkBounds(placement: Placement, readings: readonly DecodedReading[]): VerdictCode {
  const { before, after } = placement;
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined) return VERDICT.MALFORMED;
  if (first.importWh < before.importWh || first.exportWh < before.exportWh) return VERDICT.REGISTER_DECREASED;
  if (after !== undefined && (last.importWh > after.importWh || last.exportWh > after.exportWh)) {
    return VERDICT.REGISTER_DECREASED;
  }
  const isInOrder =
    first.measuredAtUnixMs > before.measuredAtUnixMs &&
    (after === undefined || last.measuredAtUnixMs < after.measuredAtUnixMs);
  return isInOrder ? VERDICT.ACCEPTED : VERDICT.CLOCK_SKEW;
}

/** Records an accepted envelope in its device's state. */
export function advanceState(
  state: DeviceState,
  envelope: DecodedEnvelope,
  place: { placement: Placement; hash: Uint8Array },
): void {
  const { placement, hash } = place;
  rememberRecent(state, envelope, hash);
  if (placement.gap !== undefined) {
    splitGap(state, placement.gap, envelope, hash);
    return;
  }
  if (envelope.bootEpoch > state.bootEpoch) {
    state.bootEpoch = envelope.bootEpoch;
    state.nextSeq = 0n;
    state.gaps = [];
  }
  const { before } = placement;
  rememberGap(state, { fromSeq: state.nextSeq, toSeq: envelope.firstSeq, before, after: pointBefore(envelope) });
  state.nextSeq = endSeq(envelope);
  state.last = chainPoint(lastReading(envelope), hash);
}

function placeInNewEpoch(state: DeviceState, envelope: DecodedEnvelope): Placement {
  // A device that lost its sequence state cannot know its last hash: accepted, but the break is on record.
  const isAfterGap = envelope.firstSeq > 0n || !isSame(envelope.previousEnvelopeHash, state.last.hash);
  // Registers may start anew in a new epoch; time never runs backwards.
  const before = { ...state.last, importWh: 0n, exportWh: 0n };
  return { isAfterGap, isContinuous: false, gap: undefined, before, after: undefined };
}

function placeInGap(
  state: DeviceState,
  envelope: DecodedEnvelope,
  hash: Uint8Array,
): Placement | { verdict: VerdictCode } {
  const end = endSeq(envelope);
  const gap = state.gaps.find((known) => known.fromSeq <= envelope.firstSeq && end <= known.toSeq);
  if (gap === undefined) return { verdict: VERDICT.STALE };
  // What came before number 0 is another epoch's, of which the device need not know.
  const isAtFront = envelope.firstSeq === gap.fromSeq && envelope.firstSeq > 0n;
  const isChained =
    (!isAtFront || isSame(envelope.previousEnvelopeHash, gap.before.hash)) &&
    (end !== gap.toSeq || isSame(hash, gap.after.hash));
  if (!isChained) return { verdict: VERDICT.CHAIN_BROKEN };
  return { isAfterGap: false, isContinuous: false, gap, before: gap.before, after: gap.after };
}

/** Leaves of a gap what the filler did not fill: nothing, one piece, or one on each side. */
function splitGap(state: DeviceState, gap: Gap, envelope: DecodedEnvelope, hash: Uint8Array): void {
  state.gaps = state.gaps.filter((known) => known !== gap);
  const { fromSeq, toSeq, before, after } = gap;
  rememberGap(state, { fromSeq, toSeq: envelope.firstSeq, before, after: pointBefore(envelope) });
  rememberGap(state, { fromSeq: endSeq(envelope), toSeq, before: chainPoint(lastReading(envelope), hash), after });
}

/** Bound for whatever comes before an envelope: its first reading, and the hash it claims (a copy: it is kept). */
function pointBefore(envelope: DecodedEnvelope): ChainPoint {
  return chainPoint(envelope.readings[0] as DecodedReading, new Uint8Array(envelope.previousEnvelopeHash));
}

function lastReading(envelope: DecodedEnvelope): DecodedReading {
  return envelope.readings.at(-1) as DecodedReading;
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
