import {
  DecodeError,
  decode,
  envelopeLeafHash,
  envelopeSigningBytes,
  QUALITY,
  type Reading,
  type SignatureVerifier,
  type SignedEnvelope,
  verifyZip215,
} from "@gridpact/proto";
import type { RegisterValues } from "@gridpact/settlement";
import { isIncluded, type NodeHashes } from "../anchors/index.ts";
import { ContractError, demand } from "../contract-error.ts";
import type { Evidence, EvidenceEnvelope } from "./documents.ts";
import { type OpenedPayload, verifyChain } from "./verify-chain.ts";

/** What evidence is checked against: facts of the ledger, never of the one who presents it. */
export type EvidenceBasis = {
  readonly deviceId: string;
  /** Ed25519 keys of the device at its virtual node, 32 bytes; each counts in batches before a number, null for all. */
  readonly keys: readonly { readonly publicKey: Uint8Array; readonly beforeBatchNo: number | null }[];
  /** Instants whose registers are needed: the boundaries of the contract's intervals. */
  readonly boundariesUnixMs: readonly number[];
  /** Anchored root of a batch of the device's virtual node; undefined when that batch is not anchored. */
  readonly anchorOf: (batchNo: number) => { readonly rootHex: string; readonly size: number } | undefined;
  /** What costs most of the check, so that a host may have it done by a native library; by default `verifyZip215`. */
  readonly verifySignature?: SignatureVerifier;
  /** Of other evidence that is checked with this one. */
  readonly nodes?: NodeHashes;
};

/**
 * Checks evidence and returns the registers at each boundary, null where there are none. Pure, so that contract,
 * auditor and receipt come to the same answer. One fault refuses the whole: a virtual node that cannot show a boundary
 * says null, and is not paid for what it touches.
 *
 * @throws ContractError EVIDENCE_MALFORMED, EVIDENCE_FOREIGN_DEVICE, EVIDENCE_BAD_SIGNATURE, EVIDENCE_NOT_ANCHORED,
 *   EVIDENCE_CHAIN_BROKEN, EVIDENCE_WRONG_TIME
 */
export function verifyEvidence(evidence: Evidence, basis: EvidenceBasis): (RegisterValues | null)[] {
  const { envelopes, boundaries } = evidence;
  const needed = basis.boundariesUnixMs.length;
  demand(boundaries.length === needed, "EVIDENCE_MALFORMED", () => `${needed} boundaries are needed`);
  checkEveryEnvelopeServes(evidence);
  const opened = envelopes.map((envelope, index) => verifyEnvelope(envelope, basis, `envelope ${index}`));
  verifyChain(opened);
  return basis.boundariesUnixMs.map((atUnixMs, index) => {
    const source = boundaries[index] ?? null;
    if (source === null) return null;
    return registersAt(atUnixMs, opened[source.envelope]?.payload.readings[source.reading], `boundary ${index}`);
  });
}

/** Batches whose anchors are needed to check evidence, each once. */
export function batchesOf(evidence: Evidence): number[] {
  return [...new Set(evidence.envelopes.map(({ proof }) => proof.batchNo))];
}

/** An envelope that shows nothing would be verified and kept on the ledger for nothing. */
function checkEveryEnvelopeServes({ envelopes, boundaries }: Evidence): void {
  const serving = new Set(boundaries.flatMap((source) => (source === null ? [] : [source.envelope])));
  const idle = envelopes.findIndex((_, index) => !serving.has(index));
  demand(idle === -1, "EVIDENCE_MALFORMED", () => `envelope ${idle} serves no boundary`);
}

function verifyEnvelope({ envelopeHex, proof }: EvidenceEnvelope, basis: EvidenceBasis, what: string): OpenedPayload {
  const envelope = decodeOrRefuse(what, () => decode("SignedEnvelope", Buffer.from(envelopeHex, "hex")));
  const payload = decodeOrRefuse(what, () => decode("EnvelopePayload", envelope.payload));
  const { deviceId, verifySignature = verifyZip215 } = basis;
  demand(payload.deviceId === deviceId, "EVIDENCE_FOREIGN_DEVICE", () => `${what} is of ${payload.deviceId}`);
  const message = envelopeSigningBytes(envelope.payload);
  const isSigned = keysAt(basis, proof.batchNo).some((key) => verifySignature(key, message, envelope.signature));
  demand(isSigned, "EVIDENCE_BAD_SIGNATURE", () => `${what} is not signed by the key of ${deviceId}`);
  demand(isAnchored(envelope, proof, basis), "EVIDENCE_NOT_ANCHORED", () => `${what} is not in batch ${proof.batchNo}`);
  return { bytes: envelope.payload, payload };
}

function keysAt({ keys }: EvidenceBasis, batchNo: number): Uint8Array[] {
  const counting = keys.filter(({ beforeBatchNo }) => beforeBatchNo === null || batchNo < beforeBatchNo);
  return counting.map(({ publicKey }) => publicKey);
}

function isAnchored(
  envelope: SignedEnvelope,
  proof: EvidenceEnvelope["proof"],
  { anchorOf, nodes }: EvidenceBasis,
): boolean {
  const anchor = anchorOf(proof.batchNo);
  if (anchor === undefined || anchor.size !== proof.size) return false;
  return isIncluded(envelopeLeafHash(envelope), proof, anchor.rootHex, nodes);
}

function registersAt(atUnixMs: number, reading: Reading | undefined, what: string): RegisterValues {
  demand(reading !== undefined, "EVIDENCE_MALFORMED", () => `${what} names no reading`);
  demand(reading.quality !== QUALITY.UNSPECIFIED, "EVIDENCE_MALFORMED", () => `${what} has no quality`);
  const isOnTime = reading.measuredAtUnixMs === BigInt(atUnixMs);
  demand(
    isOnTime,
    "EVIDENCE_WRONG_TIME",
    () => `${what} is at ${atUnixMs}, the reading at ${reading.measuredAtUnixMs}`,
  );
  return { importWh: reading.importWh, exportWh: reading.exportWh };
}

function decodeOrRefuse<T>(what: string, decodeIt: () => T): T {
  try {
    return decodeIt();
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new ContractError("EVIDENCE_MALFORMED", `${what} is ${cause.message}`, { cause });
  }
}
