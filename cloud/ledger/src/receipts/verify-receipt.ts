import type { Consortium } from "../protocol/index.ts";
import { checkIdentity, checkTerms } from "./agreement.ts";
import { checkAmendments } from "./amendments.ts";
import { BlockProver } from "./block-prover.ts";
import { batchNosOf, checkChain, checkInclusion, checkSignatures } from "./envelopes.ts";
import { checkPayment, checkSettlement } from "./money.ts";
import { findAnchors, findTransactions, proveBlocks } from "./proven-ledger.ts";
import type { Receipt } from "./receipt.ts";
import { readReceipt } from "./receipt-form.ts";
import { type ReceiptStory, storyOf } from "./receipt-story.ts";
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
  return openText(text, new BlockProver(consortium)).report;
}

/** What a verification found, and of a receipt that holds the story that it proves. */
export type OpenedReceipt = { report: VerificationReport; story: ReceiptStory | null };

function openText(text: string, prover: BlockProver): OpenedReceipt {
  const log = new StepLog();
  let subject: ReceiptSubject | null = null;
  try {
    const receipt = log.take("form", () => {
      const value = readReceipt(text);
      return { value, detail: `canonical receipt of ${text.length} characters` };
    });
    const { eventId, deviceId, terms } = receipt;
    subject = { eventId, deviceId, contractId: terms.contractId };
    const { money, story } = takeSteps(receipt, prover, log);
    return { report: { ok: true, steps: log.steps, subject, money }, story };
  } catch (error) {
    if (!(error instanceof StepFailedError)) throw error;
    return { report: { ok: false, steps: log.steps, subject, money: null }, story: null };
  }
}

/**
 * As `verifyReceipt`, for one file among others. What is in it has to be the UTF-8 of a text, without a mark in front.
 * @param bytes - Contents of the file once unpacked; undefined when it could not be
 */
export function verifyUnpacked(bytes: Uint8Array | undefined, prover: BlockProver): VerificationReport {
  return openUnpacked(bytes, prover).report;
}

/** As `verifyUnpacked`, for whoever wants to read what happened. */
export function openUnpacked(bytes: Uint8Array | undefined, prover: BlockProver): OpenedReceipt {
  if (bytes === undefined) return noReceipt("the packing is damaged, or there is too much in it");
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(bytes) ? openText(text, prover) : noReceipt("the bytes are no UTF-8 text");
}

function noReceipt(detail: string): OpenedReceipt {
  const report = { ok: false, steps: [{ step: "form" as const, ok: false, detail }], subject: null, money: null };
  return { report, story: null };
}

type Proven = { money: ReceiptMoney; story: ReceiptStory };

function takeSteps(receipt: Receipt, prover: BlockProver, log: StepLog): Proven {
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
  const money = log.take("payment", () => checkPayment(receipt, ledger));
  return { money, story: storyOf({ receipt, ledger, request: agreement.sc1, inForce, envelopes }) };
}
