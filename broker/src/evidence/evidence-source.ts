/** A device's cumulative registers at one instant, from an accepted envelope. */
export type RegisterValue = { atUnixMs: number; importWh: bigint; exportWh: bigint };

/** An accepted envelope with the proof that it is in an anchored batch; bytes are the SignedEnvelope as received. */
export type ProvenEnvelope = {
  envelopeHex: string;
  proof: { batchNo: number; leafIndex: number; size: number; pathHex: string[] };
};

/** Signed register values at given instants: the whole evidence of a settlement. */
export type BoundaryEvidence = {
  envelopes: ProvenEnvelope[];
  /** One for each instant asked for: which envelope, which of its readings; null when no reading was accepted. */
  boundaries: ({ envelope: number; reading: number } | null)[];
};

/** Answers from accepted readings only; market time unit boundaries are always indexed. */
export interface EvidenceSource {
  /** Registers at each instant (multiples of the market time unit), undefined where no reading was accepted. */
  registersAt(deviceId: string, atUnixMs: readonly number[]): Promise<(RegisterValue | undefined)[]>;
  /** Evidence for each instant, or undefined while some accepted reading among them is not anchored yet. */
  boundaryEvidence(deviceId: string, atUnixMs: readonly number[]): Promise<BoundaryEvidence | undefined>;
}
