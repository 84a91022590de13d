import type { BoundaryEvidence } from "@gridpact/ledger/receipts";

/** A device's cumulative registers at one instant, from an accepted envelope. */
export type RegisterValue = { atUnixMs: number; importWh: bigint; exportWh: bigint };

/** Answers from accepted readings only; market time unit boundaries are always indexed. */
export interface EvidenceSource {
  /** Registers at each instant (multiples of the market time unit), undefined where no reading was accepted. */
  registersAt(deviceId: string, atUnixMs: readonly number[]): Promise<(RegisterValue | undefined)[]>;
  /** Evidence for each instant, or undefined while some accepted reading among them is not anchored yet. */
  boundaryEvidence(deviceId: string, atUnixMs: readonly number[]): Promise<BoundaryEvidence | undefined>;
}
