import { strict as assert } from "node:assert";
import type { BoundaryEvidence } from "@gridpact/ledger/receipts";
import {
  type BaselineDay,
  RECEIPT_TRANSACTION_NAMES,
  type Receipt,
  type ReceiptBaseline,
  receiptSelection,
} from "@gridpact/ledger/receipts";
import { intervalBoundaries } from "@gridpact/settlement";
import { DAY_MS } from "../../time-spans.ts";
import type { Given } from "../agent-host.ts";
import type { Assignment, Candidate, EventDocument } from "../document/index.ts";
import { readSc2, type Sc2 } from "../ledger/index.ts";
import { METER_BEFORE_UNITS } from "../plan/index.ts";
import type { BlockReader } from "./block-reader.ts";
import { enrolmentInForce } from "./enrolment-in-force.ts";
import type { EventTransactions } from "./event-transactions.ts";
import { keptEvidence } from "./kept-evidence.ts";

/** `transactions` and `blocks` are shared by all receipts of an event: they are found and read once. */
export type ReceiptSources = { assignment: Assignment; transactions: EventTransactions; blocks: BlockReader };

/** A receipt is made of what is on the ledger, in the log, and kept of the settlement. */
export type ReceiptContext = Given<"ledger" | "disk" | "evidence" | "anchorBlockNumber">;

/** The receipt of one device; undefined for a contract that was never accepted, as it moved no money of the device. */
export async function buildReceipt(
  event: EventDocument,
  { assignment, transactions, blocks }: ReceiptSources,
  context: ReceiptContext,
): Promise<Receipt | undefined> {
  const { modules, options } = context;
  const { contractId, deviceId } = assignment;
  const contract = await readSc2(modules.ledger, contractId);
  if (contract?.settlement == null) return undefined;
  const evidence = await keptEvidence(modules.disk, assignment);
  assert(evidence !== undefined, "evidence is kept before it is shown");
  const baseline = await baselineOf(event, candidateOf(event, deviceId), context);
  const { publicKeyHex, enrolment } = await enrolmentInForce(deviceId, acceptedIn(transactions), context);
  const own = [enrolment, ...transactions.ofSc1, ...(transactions.ofSc2.get(contractId) ?? [])];
  const ordered = RECEIPT_TRANSACTION_NAMES.flatMap((name) => own.filter((each) => each.name === name));
  const anchors = anchorsOf([evidence, ...evidenceOf(baseline)], context);
  return {
    kind: "gridpact-receipt",
    version: 1,
    eventId: event.request.eventId,
    vnId: options.vnId,
    deviceId,
    publicKeyHex,
    sc1Id: event.request.contractId,
    terms: contract.terms,
    settlement: settlementOf(contract),
    evidence,
    baseline,
    transactions: ordered,
    anchors,
    blocks: await blocksOf([...ordered, ...anchors], blocks),
  };
}

/** The block in which the node accepted with its plan: whoever serves it is a member by then. */
function acceptedIn({ ofSc1 }: EventTransactions): number {
  const acceptance = ofSc1.find(({ name }) => name === "sc1:AcceptReduction");
  assert(acceptance !== undefined, "a completed contract was accepted");
  return acceptance.blockNumber;
}

async function baselineOf(
  event: EventDocument,
  candidate: Candidate,
  context: ReceiptContext,
): Promise<ReceiptBaseline> {
  const { request } = event;
  const boundaries = intervalBoundaries(request.intervals);
  const days: BaselineDay[] = [];
  for (const localDate of candidate.baselineDates) {
    const shiftMs = dayStartUnixMs(boundaries[0] ?? 0) - Date.parse(`${localDate}T00:00:00Z`);
    const boundariesUnixMs = boundaries.map((each) => each - shiftMs);
    const evidence = await provenAt(context, candidate.deviceId, boundariesUnixMs);
    days.push({ localDate, boundariesUnixMs, evidence });
  }
  return {
    method: request.baselineMethod,
    intervals: request.intervals,
    baselineWh: candidate.baselineWh,
    selection: receiptSelection(request.intervals, candidate.baselineDates),
    days,
    before: request.baselineMethod === "meterBefore" ? await beforePlan(event, candidate, context) : null,
  };
}

async function beforePlan(event: EventDocument, { deviceId }: Candidate, context: ReceiptContext) {
  const { mtuMs } = context.options;
  const lastUnixMs = Math.floor(event.plannedAtUnixMs / mtuMs) * mtuMs;
  const boundariesUnixMs = Array.from(
    { length: METER_BEFORE_UNITS + 1 },
    (_, index) => lastUnixMs - (METER_BEFORE_UNITS - index) * mtuMs,
  );
  return { boundariesUnixMs, evidence: await provenAt(context, deviceId, boundariesUnixMs) };
}

async function provenAt({ modules }: ReceiptContext, deviceId: string, atUnixMs: number[]): Promise<BoundaryEvidence> {
  const evidence = await modules.evidence.boundaryEvidence(deviceId, atUnixMs);
  assert(evidence !== undefined, "what was settled, and everything before it, is anchored");
  return evidence;
}

function evidenceOf({ days, before }: ReceiptBaseline): BoundaryEvidence[] {
  return [...days.map((day) => day.evidence), ...(before === null ? [] : [before.evidence])];
}

function anchorsOf(evidences: readonly BoundaryEvidence[], { modules }: ReceiptContext): Receipt["anchors"] {
  const batchNos = evidences.flatMap(({ envelopes }) => envelopes.map(({ proof }) => proof.batchNo));
  const distinct = [...new Set(batchNos)].sort((left, right) => left - right);
  return distinct.map((batchNo) => {
    const blockNumber = modules.anchorBlockNumber(batchNo);
    assert(blockNumber !== undefined, `a proof needs an anchor: batch ${batchNo}`);
    return { batchNo, blockNumber };
  });
}

async function blocksOf(places: readonly { blockNumber: number }[], reader: BlockReader): Promise<Receipt["blocks"]> {
  const numbers = [...new Set(places.map(({ blockNumber }) => blockNumber))].sort((left, right) => left - right);
  const blocks: Receipt["blocks"] = [];
  for (const number of numbers) {
    blocks.push({ number, blockHex: await reader.blockHex(number) });
  }
  return blocks;
}

function candidateOf({ candidates }: EventDocument, deviceId: string): Candidate {
  const candidate = candidates.find((each) => each.deviceId === deviceId);
  assert(candidate !== undefined, `an assigned device was a candidate: ${deviceId}`);
  return candidate;
}

function settlementOf({ settlement }: Sc2) {
  assert(settlement !== null, "only settled contracts have receipts");
  return settlement;
}

function dayStartUnixMs(unixMs: number): number {
  return Math.floor(unixMs / DAY_MS) * DAY_MS;
}
