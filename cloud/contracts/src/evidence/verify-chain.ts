import { type EnvelopePayload, envelopeHash } from "@gridpact/proto";
import { demand } from "../contract-error.ts";

/** An envelope's payload as it was received and as it reads. */
export type OpenedPayload = { readonly bytes: Uint8Array; readonly payload: EnvelopePayload };

/**
 * Checks that envelopes of one device can stand in one chain: no two claim a sequence number, and one that begins where
 * another ends carries its hash. A device, or whoever has its key, that signed two histories is found out as soon as
 * both are shown. Between envelopes that others lie between nothing can be said, and nothing is.
 *
 *      epoch 1:  [0..3] <-hash- [4..7]      [12..15]     linked; a gap; nothing to check
 *                       [4..5]                           claims what [4..7] has: forked
 *
 * @throws ContractError EVIDENCE_CHAIN_BROKEN
 */
export function verifyChain(envelopes: readonly OpenedPayload[]): void {
  const inOrder = distinct(envelopes).sort((left, right) => bySequence(left.payload, right.payload));
  for (const [index, next] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before?.payload.bootEpoch === next.payload.bootEpoch) checkLink(before, next);
  }
}

/** Two boundaries may be shown by one envelope given twice; that is no fork. */
function distinct(envelopes: readonly OpenedPayload[]): OpenedPayload[] {
  return [...new Map(envelopes.map((each) => [Buffer.from(each.bytes).toString("hex"), each])).values()];
}

function bySequence(left: EnvelopePayload, right: EnvelopePayload): number {
  if (left.bootEpoch !== right.bootEpoch) return left.bootEpoch - right.bootEpoch;
  if (left.firstSeq === right.firstSeq) return 0;
  return left.firstSeq < right.firstSeq ? -1 : 1;
}

function checkLink(before: OpenedPayload, { payload: next }: OpenedPayload): void {
  const { firstSeq, readings } = before.payload;
  const followingSeq = firstSeq + BigInt(readings.length);
  demand(next.firstSeq >= followingSeq, "EVIDENCE_CHAIN_BROKEN", () => `sequence ${next.firstSeq} is claimed twice`);
  if (next.firstSeq > followingSeq) return;
  const isLinked = Buffer.from(envelopeHash(before.bytes)).equals(next.previousEnvelopeHash);
  demand(isLinked, "EVIDENCE_CHAIN_BROKEN", () => `sequence ${next.firstSeq} does not carry the hash before it`);
}
