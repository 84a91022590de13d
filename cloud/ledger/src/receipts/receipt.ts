import type { Sc2Terms } from "@gridpact/contracts";
import { type DaySelection, type DeviceSettlement, type JsonValue, reviveUnits } from "@gridpact/settlement";
import type { BoundaryEvidence } from "./boundary-evidence.ts";

/** A transaction that a receipt rests on, and the block that holds it. */
export type ReceiptTransaction = { name: ReceiptTransactionName; transactionId: string; blockNumber: number };

/** How a device accepts its contract: by a transaction of its own, or by a consent that its node hands in. */
export const ACCEPTANCE_NAMES = ["sc2:AcceptReduction", "sc2:AcceptReductionBatch"] as const;

/**
 * The steps of an event that a receipt shows, in their order on the ledger, with one of the acceptances and every
 * amendment of the contract, of which most have none.
 */
export const RECEIPT_TRANSACTION_NAMES = [
  "registry:EnrolDevice",
  "sc1:AcceptReduction",
  "sc2:SetupDRBatch",
  ...ACCEPTANCE_NAMES,
  "sc2:Amend",
  "sc2:SettleDRBatch",
  "sc1:SettleDR",
  "sc1:DRCompletion",
] as const;

/** One of `RECEIPT_TRANSACTION_NAMES`. */
export type ReceiptTransactionName = (typeof RECEIPT_TRANSACTION_NAMES)[number];

/** Registers at the boundaries of the event's intervals on one earlier day. */
export type BaselineDay = { localDate: string; boundariesUnixMs: number[]; evidence: BoundaryEvidence };

/** How the baseline came about, with everything needed to compute it again. */
export type ReceiptBaseline = {
  /** As in the request: tenInTen, highFiveOfTen, meterBefore or nominated. */
  method: string;
  /** All intervals of the event, also those before a replacement came in. */
  intervals: { startUnixMs: number; endUnixMs: number }[];
  /** As committed in `sc1:AcceptReduction`, one value for each of these intervals. */
  baselineWh: bigint[];
  /** `receiptSelection` of the intervals and days. */
  selection: DaySelection;
  /** Newest first; empty for methods without history. */
  days: BaselineDay[];
  /** Units before the plan that "meter before" averages; null for other methods. */
  before: { boundariesUnixMs: number[]; evidence: BoundaryEvidence } | null;
};

/**
 * Everything that one device's payment for one event follows from: signed readings, their proofs, the baseline, the
 * terms, the settlement, and the blocks that hold the transactions. It can be checked offline, and every field is
 * either covered by a signature or hash, or computed again.
 *
 * In JSON (canonical: keys sorted, no spaces) bigint is decimal text.
 */
export type Receipt = {
  kind: "gridpact-receipt";
  version: 1;
  eventId: string;
  vnId: string;
  deviceId: string;
  /** Ed25519 key of the device, as enrolled: it signed the readings and the acceptance or consent. */
  publicKeyHex: string;
  /** Contract between aggregator and virtual node. */
  sc1Id: string;
  /** Terms of the contract between virtual node and device, as the device accepted them. */
  terms: Sc2Terms;
  /** The statement, as it stands on the ledger: by the order that the last amendment left in force. */
  settlement: DeviceSettlement;
  /** Registers at the boundaries of the contract's intervals, as settled. */
  evidence: BoundaryEvidence;
  baseline: ReceiptBaseline;
  /** In the order of `RECEIPT_TRANSACTION_NAMES`. */
  transactions: ReceiptTransaction[];
  /** Blocks that hold the anchors of the Merkle batches, by batch number. */
  anchors: { batchNo: number; blockNumber: number }[];
  /** `common.Block` bytes of every block named above, by number, each once. */
  blocks: { number: number; blockHex: string }[];
};

/**
 * Reads a receipt's JSON text. It checks no more than that integers are integers: the verifier checks everything else.
 * @throws SyntaxError, NotCanonicalError
 */
export function parseReceipt(text: string): Receipt {
  return reviveUnits(JSON.parse(text) as JsonValue) as Receipt;
}

/** Days that history baselines look back; those of other type, and event days, are skipped within it. */
export const HISTORY_DAYS = 28;

/** Which days may speak for the event; the same object goes into the receipt, so that the choice can be repeated. */
export function daySelection(
  { intervals }: { intervals: readonly { startUnixMs: number }[] },
  eventDates: readonly string[],
): DaySelection {
  const eventDay = Math.floor((intervals[0]?.startUnixMs ?? 0) / DAY_MS);
  return { eventDate: dateOf(eventDay), eventDates: [...eventDates], holidays: [], lookbackDays: HISTORY_DAYS };
}

/**
 * The selection that leads to these days, newest first, and to no others. Every day of the event's type back to the
 * oldest one is either used or left out, for an earlier event or for missing readings; so a receipt cannot name a day
 * as left out, or fail to, without contradicting its own days.
 */
export function receiptSelection(
  intervals: readonly { startUnixMs: number; endUnixMs: number }[],
  localDates: readonly string[],
): DaySelection {
  const eventDay = Math.floor((intervals[0]?.startUnixMs ?? 0) / DAY_MS);
  const oldestDay = Date.parse(`${localDates.at(-1) ?? dateOf(eventDay)}T00:00:00Z`) / DAY_MS;
  const leftOut: string[] = [];
  for (let day = eventDay - 1; day > oldestDay && day >= eventDay - HISTORY_DAYS; day--) {
    const isCandidate = isWeekday(day) === isWeekday(eventDay) && !localDates.includes(dateOf(day));
    if (isCandidate) leftOut.push(dateOf(day));
  }
  return daySelection({ intervals }, leftOut);
}

const DAY_MS = 86_400_000;

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function isWeekday(day: number): boolean {
  return ![0, 6].includes(new Date(day * DAY_MS).getUTCDay());
}
