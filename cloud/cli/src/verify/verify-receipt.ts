import { type Receipt, unpackReceipt } from "@gridpact/broker";
import type { Consortium } from "@gridpact/ledger";
import { checkIdentity, checkTerms } from "./agreement.ts";
import { checkAmendments } from "./amendments.ts";
import { BlockProver } from "./block-prover.ts";
import { batchNosOf, checkChain, checkInclusion, checkSignatures } from "./envelopes.ts";
import { checkPayment, checkSettlement } from "./money.ts";
import { findAnchors, findTransactions, proveBlocks } from "./proven-ledger.ts";
import { RECEIPT_CHARS_MAX, readReceipt } from "./receipt-form.ts";
import { checkBaseline } from "./recompute-baseline.ts";
import {
  type ReceiptMoney,
  type ReceiptSubject,
  StepFailedError,
  StepLog,
  type VerificationReport,
} from "./verification-report.ts";

/**
 * Verifies a receipt against nothing but itself and the consortium that the caller trusts: no network, no clock, no
 * file. Every byte of the text matters: it is covered by a signature or a hash, or computed again, or the only one
 * possible.
 */
export function verifyReceipt(text: string, consortium: Consortium): VerificationReport {
  return verifyText(text, new BlockProver(consortium));
}

function verifyText(text: string, prover: BlockProver): VerificationReport {
  const log = new StepLog();
  let subject: ReceiptSubject | null = null;
  try {
    const receipt = log.take("form", () => {
      const value = readReceipt(text);
      return { value, detail: `canonical receipt of ${text.length} characters` };
    });
    const { eventId, deviceId, terms } = receipt;
    subject = { eventId, deviceId, contractId: terms.contractId };
    return { ok: true, steps: log.steps, subject, money: takeSteps(receipt, prover, log) };
  } catch (error) {
    if (!(error instanceof StepFailedError)) throw error;
    return { ok: false, steps: log.steps, subject, money: null };
  }
}

/**
 * As `verifyReceipt`, for the bytes of one file among others: the receipt in gzip or as it is. What is in it has to be
 * the UTF-8 of a text, without a mark in front.
 */
export function verifyReceiptBytes(file: Uint8Array, prover: BlockProver): VerificationReport {
  const bytes = unpacked(file);
  if (bytes === undefined) return noReceipt("the packing is damaged, or there is too much in it");
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(bytes) ? verifyText(text, prover) : noReceipt("the bytes are no UTF-8 text");
}

function unpacked(file: Uint8Array): Uint8Array | undefined {
  try {
    return unpackReceipt(file, RECEIPT_CHARS_MAX);
  } catch {
    // Any code that zlib gives means the same to whoever holds the file.
    return undefined;
  }
}

function noReceipt(detail: string): VerificationReport {
  return { ok: false, steps: [{ step: "form", ok: false, detail }], subject: null, money: null };
}

function takeSteps(receipt: Receipt, prover: BlockProver, log: StepLog): ReceiptMoney {
  const { verifySignature } = prover;
  const blocks = log.take("blocks", () => proveBlocks(receipt, prover));
  const ledger = log.take("transactions", () => findTransactions(receipt, blocks));
  log.take("identity", () => checkIdentity(receipt, ledger, verifySignature));
  const agreement = log.take("terms", () => checkTerms(receipt, ledger));
  const inForce = log.take("amendments", () => checkAmendments(receipt, ledger, verifySignature));
  const anchors = log.take("anchors", () => findAnchors(receipt, blocks, batchNosOf(receipt)));
  const envelopes = log.take("signatures", () => checkSignatures(receipt, verifySignature));
  log.take("inclusion", () => checkInclusion(envelopes, anchors));
  log.take("chain", () => checkChain(envelopes));
  log.take("baseline", () => checkBaseline({ receipt, anchors, verifySignature }, ledger, agreement));
  log.take("settlement", () => checkSettlement({ receipt, anchors, verifySignature }, ledger, inForce));
  return log.take("payment", () => checkPayment(receipt, ledger));
}
