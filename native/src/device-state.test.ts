import { ENVELOPE_LIMITS } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import {
  cloneDeviceState,
  findRecent,
  GAPS_MAX,
  type Gap,
  newDeviceState,
  recordBadSignature,
  rememberGap,
  rememberRecent,
} from "./device-state.ts";
import type { DecodedEnvelope } from "./envelope-decode.ts";

const envelope = (firstSeq: number) => ({ bootEpoch: 1, firstSeq: BigInt(firstSeq) }) as DecodedEnvelope;
const hash = (value: number) => Uint8Array.of(value);

describe("what is remembered of a device", () => {
  it("knows as many envelopes again as the replay window has, and forgets the oldest beyond", () => {
    const state = newDeviceState();
    const { replayWindowEnvelopes } = ENVELOPE_LIMITS;
    for (let seq = 0; seq < replayWindowEnvelopes; seq++) rememberRecent(state, envelope(seq), hash(seq));
    expect(findRecent(state, envelope(0))?.hash).toEqual(hash(0));
    rememberRecent(state, envelope(replayWindowEnvelopes), hash(1));
    expect(findRecent(state, envelope(0))).toBeUndefined();
    expect(findRecent(state, envelope(1))?.hash).toEqual(hash(1));
  });

  it("knows an envelope by epoch and number together", () => {
    const state = newDeviceState();
    rememberRecent(state, envelope(5), hash(1));
    expect(findRecent(state, { ...envelope(5), bootEpoch: 2 })).toBeUndefined();
  });

  it("has as many gaps as its bound, forgets the oldest beyond, and counts an empty one as none", () => {
    const state = newDeviceState();
    const gap = (fromSeq: number, toSeq: number): Gap => {
      const at = state.last;
      return { fromSeq: BigInt(fromSeq), toSeq: BigInt(toSeq), before: at, after: at };
    };
    for (let index = 0; index < GAPS_MAX; index++) rememberGap(state, gap(2 * index, 2 * index + 1));
    rememberGap(state, gap(99, 99));
    expect(state.gaps).toHaveLength(GAPS_MAX);
    rememberGap(state, gap(100, 101));
    expect([state.gaps.length, state.gaps[0]?.fromSeq, state.gaps.at(-1)?.fromSeq]).toEqual([GAPS_MAX, 2n, 100n]);
  });

  it("is quarantined at its last bad signature that is borne, and not one before", () => {
    const state = newDeviceState();
    for (let count = 1; count < ENVELOPE_LIMITS.badSignaturesMax; count++) recordBadSignature(state);
    expect(state.isQuarantined).toBe(false);
    recordBadSignature(state);
    expect(state.isQuarantined).toBe(true);
  });

  it("does not change when a copy of it does", () => {
    const state = newDeviceState();
    const copy = cloneDeviceState(state);
    rememberRecent(copy, envelope(0), hash(1));
    recordBadSignature(copy);
    copy.gaps.push({ fromSeq: 0n, toSeq: 1n, before: copy.last, after: copy.last });
    expect(state).toEqual(newDeviceState());
  });
});
