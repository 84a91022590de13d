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
