import type { BlockProver } from "./block-prover.ts";
import { unpackReceipt } from "./receipt-file.ts";
import { RECEIPT_CHARS_MAX } from "./receipt-form.ts";
import type { VerificationReport } from "./verification-report.ts";
import { verifyUnpacked } from "./verify-receipt.ts";

/** Verifies a receipt as its file has it: in gzip, or as it is. */
export function verifyReceiptBytes(file: Uint8Array, prover: BlockProver): VerificationReport {
  return verifyUnpacked(unpacked(file), prover);
}

function unpacked(file: Uint8Array): Uint8Array | undefined {
  try {
    return unpackReceipt(file, RECEIPT_CHARS_MAX);
  } catch {
    // Any code that zlib gives means the same to whoever holds the file.
    return undefined;
  }
}
