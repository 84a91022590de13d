/** The signed readings of a receipt: who signed them, that they were anchored, and that they follow each other. */

import { isIncluded } from "@gridpact/contracts";
import {
  decode,
  type EnvelopePayload,
  encode,
  envelopeHash,
  envelopeLeafHash,
  envelopeSigningBytes,
  type SignatureVerifier,
  type SignedEnvelope,
} from "@gridpact/proto";
import type { BoundaryEvidence, ProvenEnvelope } from "./boundary-evidence.ts";
import type { ProvenAnchor } from "./proven-ledger.ts";
import type { Receipt } from "./receipt.ts";
import { demand, type StepResult } from "./verification-report.ts";

/** One envelope with its place in the receipt. */
export type OpenedEnvelope = {
  where: string;
  envelope: SignedEnvelope;
  payload: EnvelopePayload;
  proof: ProvenEnvelope["proof"];
};

/** All evidence of a receipt, each with its place. */
export function evidenceOf({ evidence, baseline }: Receipt): { where: string; evidence: BoundaryEvidence }[] {
  const days = baseline.days.map((day, index) => ({ where: `baseline.days[${index}]`, evidence: day.evidence }));
  const before = baseline.before === null ? [] : [{ where: "baseline.before", evidence: baseline.before.evidence }];
  return [{ where: "evidence", evidence }, ...days, ...before];
}

/** Of all evidence in the receipt, the baseline's days included. */
export function batchNosOf(receipt: Receipt): ReadonlySet<number> {
  const envelopes = evidenceOf(receipt).flatMap(({ evidence }) => evidence.envelopes);
  return new Set(envelopes.map(({ proof }) => proof.batchNo));
}

/** @throws ReceiptFaultError, DecodeError unless every envelope is signed by the key of the device */
export function checkSignatures(receipt: Receipt, verify: SignatureVerifier): StepResult<OpenedEnvelope[]> {
  const publicKey = Buffer.from(receipt.publicKeyHex, "hex");
  const opened = evidenceOf(receipt).flatMap(({ where, evidence }) =>
    evidence.envelopes.map((each, index) => openEnvelope(each, `${where}.envelopes[${index}]`)),
  );
  for (const { where, envelope, payload } of opened) {
    demand(payload.deviceId === receipt.deviceId, () => `${where}: is of ${payload.deviceId}`);
    const isSigned = verify(publicKey, envelopeSigningBytes(envelope.payload), envelope.signature);
    demand(isSigned, () => `${where}: is not signed by the key of ${receipt.deviceId}`);
  }
  return { value: opened, detail: `${opened.length} envelopes, each signed by the device (Ed25519, ZIP-215)` };
}

/** The signature covers the payload only, so its frame has to be the one that there is for it. */
function openEnvelope({ envelopeHex, proof }: ProvenEnvelope, where: string): OpenedEnvelope {
  const envelope = decode("SignedEnvelope", Buffer.from(envelopeHex, "hex"));
  const isOnlyFrame = Buffer.from(encode("SignedEnvelope", envelope)).toString("hex") === envelopeHex;
  demand(isOnlyFrame, () => `${where}: is not in canonical protobuf form`);
  return { where, envelope, payload: decode("EnvelopePayload", envelope.payload), proof };
}

/** @throws ReceiptFaultError unless every envelope is in the anchored batch that its proof names */
export function checkInclusion(
  opened: readonly OpenedEnvelope[],
  anchors: ReadonlyMap<number, ProvenAnchor>,
): StepResult<void> {
  for (const { where, envelope, proof } of opened) {
    const { batchNo, size } = proof;
    const anchor = anchors.get(batchNo);
    demand(
      anchor?.size === size,
      () => `${where}.proof.size: batch ${batchNo} has ${anchor?.size} leaves, not ${size}`,
    );
    const isIn = isIncluded(envelopeLeafHash(envelope), proof, anchor.rootHex);
    demand(isIn, () => `${where}.proof: does not lead to the root of batch ${batchNo}`);
  }
  return { value: undefined, detail: `${opened.length} Merkle paths lead to anchored roots (RFC 6962)` };
}

/**
 * Checks that envelopes which follow each other by sequence follow by hash too, and that no two claim one sequence.
 * @throws ReceiptFaultError
 */
export function checkChain(opened: readonly OpenedEnvelope[]): StepResult<void> {
  const distinct = new Map(opened.map((each) => [Buffer.from(each.envelope.payload).toString("hex"), each]));
  const inOrder = [...distinct.values()].sort(bySequence);
  let links = 0;
  for (const [index, next] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before !== undefined && before.payload.bootEpoch === next.payload.bootEpoch)
      links += linksBetween(before, next);
  }
  const detail = `${links} links between ${inOrder.length} envelopes; the others do not follow each other directly`;
  return { value: undefined, detail };
}

function bySequence({ payload: left }: OpenedEnvelope, { payload: right }: OpenedEnvelope): number {
  if (left.bootEpoch !== right.bootEpoch) return left.bootEpoch - right.bootEpoch;
  return left.firstSeq < right.firstSeq ? -1 : 1;
}

/** 1 when `next` begins where `before` ends and carries its hash; 0 when there are envelopes in between. */
function linksBetween(before: OpenedEnvelope, next: OpenedEnvelope): number {
  const nextSeq = before.payload.firstSeq + BigInt(before.payload.readings.length);
  demand(next.payload.firstSeq >= nextSeq, () => `${next.where}: claims a sequence that ${before.where} has`);
  if (next.payload.firstSeq > nextSeq) return 0;
  const isLinked = Buffer.from(envelopeHash(before.envelope.payload)).equals(next.payload.previousEnvelopeHash);
  demand(isLinked, () => `${next.where}: does not carry the hash of ${before.where}`);
  return 1;
}
