import { createHash } from "node:crypto";
import { canonicalJson } from "@gridpact/settlement";
import type { Baselines } from "./sc1-document.ts";
import type { Sc2Terms } from "./sc2-document.ts";

/** SHA-256 (hex) of a text, UTF-8. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What a device signs for: SHA-256 (hex) of the canonical JSON of the terms. */
export function termsHash(terms: Sc2Terms): string {
  return sha256Hex(canonicalJson(terms));
}

/** What a device signs for when its order is amended; it names the terms, so it cannot be another contract's. */
export type AmendedOrder = {
  readonly contractId: string;
  readonly termsHashHex: string;
  readonly amendmentNo: number;
  readonly orderedWh: readonly bigint[];
  readonly penaltyCapMicro: bigint;
};

/** SHA-256 (hex) of the canonical JSON of an amended order. */
export function amendmentHash(order: AmendedOrder): string {
  const { contractId, termsHashHex, amendmentNo, orderedWh, penaltyCapMicro } = order;
  return sha256Hex(canonicalJson({ contractId, termsHashHex, amendmentNo, orderedWh, penaltyCapMicro }));
}

/** What a virtual node commits to in `sc1:AcceptReduction`: SHA-256 (hex) of the canonical JSON of all baselines. */
export function baselineCommitment(baselines: Baselines): string {
  return sha256Hex(canonicalJson(baselines));
}
