import { expect, test } from "vitest";
import * as verification from "./index.ts";

test("exports these names and no others", () => {
  expect(Object.keys(verification).sort()).toEqual([
    "ACCEPTANCE_NAMES",
    "BlockProver",
    "HISTORY_DAYS",
    "RECEIPT_CHARS_MAX",
    "RECEIPT_TRANSACTION_NAMES",
    "TrustError",
    "VERIFICATION_STEPS",
    "certificateFacts",
    "checkVerdict",
    "daySelection",
    "openUnpacked",
    "openVerdict",
    "packReceipt",
    "parseReceipt",
    "parseTrust",
    "receiptSelection",
    "trustHash",
    "unpackReceipt",
    "verifyReceipt",
    "verifyReceiptBytes",
    "verifyUnpacked",
  ]);
});
