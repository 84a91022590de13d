import type { LedgerActs } from "@gridpact/ledger";
import type { BoundaryEvidence } from "@gridpact/ledger/receipts";
import type { Given } from "../agent-host.ts";
import {
  type Assignment,
  boundariesOf,
  type EventDocument,
  eventEndUnixMs,
  sha256OfJson,
  withAssignments,
} from "../document/index.ts";
import { readSc1, readSc2 } from "../ledger/index.ts";
import { keepEvidence, keptEvidence } from "./kept-evidence.ts";

/**
 * Contracts settled in one transaction. A receipt has to hold the whole block of its settlement, which is 12 kB for
 * each device; with eight it stays below 100 kB, and a node of two hundred devices needs 25 transactions.
 */
export const SETTLE_BATCH_MAX = 8;

type SettleContext = Given<"clock" | "log" | "disk" | "ledger" | "evidence"> & { acts: LedgerActs };

/** Leaves the event behind once it is over, every interval is reported and no consent or amendment is open. */
export async function endRunning(event: EventDocument, { modules }: Given<"clock">): Promise<EventDocument> {
  const isOver = modules.clock.nowUnixMs() >= eventEndUnixMs(event);
  const isReported = event.reports.length === event.request.intervals.length;
  const isOpen = event.assignments.some(({ status }) => status === "planned" || status === "offered");
  const isDecided = !isOpen && event.amending === null;
  return event.phase === "running" && isOver && isReported && isDecided ? { ...event, phase: "settling" } : event;
}

type Settlement = { contractId: string; evidence: BoundaryEvidence | null };

/**
 * Settles SC2 in batches, each when all of its evidence is anchored. A batch follows from the document alone and the
 * ledger's state says what is done, so that no crash can settle twice. What a batch was refused with is tried one by
 * one, as one bad piece of evidence refuses the whole.
 */
export async function settleDevices(event: EventDocument, context: SettleContext): Promise<EventDocument> {
  if (event.phase !== "settling") return event;
  let current = event;
  for (const batch of batchesOf(event)) current = await settleBatch(current, batch, context);
  return current;
}

/** Batches by place in the document: which contracts go together does not depend on what became of the others. */
function batchesOf({ assignments }: EventDocument): Assignment[][] {
  const batches: Assignment[][] = [];
  for (let first = 0; first < assignments.length; first += SETTLE_BATCH_MAX) {
    const open = assignments.slice(first, first + SETTLE_BATCH_MAX).filter(({ isSettled }) => !isSettled);
    const fresh = open.filter(({ settleRefusals }) => settleRefusals === 0);
    const refused = open.filter(({ settleRefusals }) => settleRefusals > 0);
    batches.push(...(fresh.length > 0 ? [fresh] : []), ...refused.map((assignment) => [assignment]));
  }
  return batches;
}

async function settleBatch(event: EventDocument, batch: Assignment[], context: SettleContext): Promise<EventDocument> {
  const settled = new Set<string>();
  const settlements: Settlement[] = [];
  for (const assignment of batch) {
    const found = await settlementOf(event, assignment, context);
    if (found === "waiting") return event;
    if (found === "settled") settled.add(assignment.contractId);
    else settlements.push(found);
  }
  if (settled.size > 0) return change(event, settled, (each) => ({ ...each, isSettled: true }));
  return settlements.length === 0 ? event : submitBatch(event, settlements, context);
}

/** Settles SC1 when all of its SC2 are settled: first each chunk of them, then the whole. */
export async function settleContract(event: EventDocument, context: SettleContext): Promise<EventDocument> {
  if (event.phase !== "settling" || event.assignments.some(({ isSettled }) => !isSettled)) return event;
  if (!areChunksSettled(event, context)) return event;
  const { modules, acts } = context;
  const { contractId } = event.request;
  const argument = { contractId, chunkNo: null, settlements: [] };
  const act = acts.perform(`sc1-settle/${contractId}`, "sc1:SettleDR", argument);
  if (act.status === "pending") return event;
  // The aggregator may settle as well; whoever comes second is refused, and that is fine.
  const isOpen = act.status === "refused" && (await readSc1(modules.ledger, contractId))?.state === "accepted";
  return isOpen ? event : { ...event, phase: "settled" };
}

/** All at once, as chunks do not touch each other. A refusal says that the aggregator was first. */
function areChunksSettled({ request: { contractId }, assignments }: EventDocument, { acts }: SettleContext): boolean {
  const chunks = new Set(assignments.flatMap(({ chunkNo }) => (chunkNo === null ? [] : [chunkNo])));
  const done = [...chunks].map((chunkNo) => {
    const argument = { contractId, chunkNo, settlements: [] };
    return acts.perform(`sc1-settle/${contractId}/${chunkNo}`, "sc1:SettleDR", argument).status !== "pending";
  });
  return done.every((isDone) => isDone);
}

/** Evidence first, as it is at hand and may have to be waited for; the ledger is asked only when it is there. */
async function settlementOf(
  event: EventDocument,
  assignment: Assignment,
  context: SettleContext,
): Promise<Settlement | "settled" | "waiting"> {
  const { contractId, status } = assignment;
  const isExpected = status === "accepted";
  if (isExpected && (await evidenceFor(event, assignment, context)) === undefined) return "waiting";
  const contract = await readSc2(context.modules.ledger, contractId);
  if (contract?.state === "proposed") return { contractId, evidence: null };
  if (contract?.state !== "accepted") return "settled";
  // Also one that was believed lapsed: its consent may have come through at the last moment.
  const evidence = await evidenceFor(event, assignment, context);
  return evidence === undefined ? "waiting" : { contractId, evidence };
}

async function evidenceFor(
  event: EventDocument,
  assignment: Assignment,
  context: SettleContext,
): Promise<BoundaryEvidence | undefined> {
  const { disk } = context.modules;
  const kept = await keptEvidence(disk, assignment);
  if (kept !== undefined) return kept;
  // Refused in a batch and alone: what is shown then is nothing, or the money would be locked for ever.
  const isHopeless = assignment.settleRefusals > 1;
  const evidence = isHopeless ? noEvidence(event, assignment) : await anchoredEvidence(event, assignment, context);
  if (evidence === undefined || !(await areGapsFinal(event, evidence, context))) return undefined;
  await keepEvidence(disk, assignment, evidence);
  return evidence;
}

/** The contract prices gaps once it is attested that the event is over; before that it would refuse them. */
async function areGapsFinal(
  event: EventDocument,
  { boundaries }: BoundaryEvidence,
  { modules }: SettleContext,
): Promise<boolean> {
  if (!boundaries.includes(null)) return true;
  const instant = await modules.ledger.evaluate("time:GetInstant", { instantUnixMs: eventEndUnixMs(event) });
  return (instant as { hasPassed: boolean }).hasPassed;
}

/** Signed registers of all boundaries; what a device has spooled is waited for, but not for ever. */
async function anchoredEvidence(
  event: EventDocument,
  assignment: Assignment,
  { options, modules }: SettleContext,
): Promise<BoundaryEvidence | undefined> {
  const boundaries = boundariesOf(event, assignment.firstInterval);
  const evidence = await modules.evidence.boundaryEvidence(assignment.deviceId, boundaries);
  if (evidence === undefined) return undefined;
  const isComplete = evidence.boundaries.every((boundary) => boundary !== null);
  const isOverdue = modules.clock.nowUnixMs() >= eventEndUnixMs(event) + options.evidenceWaitMs;
  return isComplete || isOverdue ? evidence : undefined;
}

function noEvidence(event: EventDocument, { firstInterval }: Assignment): BoundaryEvidence {
  return { envelopes: [], boundaries: boundariesOf(event, firstInterval).map(() => null) };
}

async function submitBatch(
  event: EventDocument,
  settlements: readonly Settlement[],
  { modules, acts }: SettleContext,
): Promise<EventDocument> {
  const contractIds = settlements.map(({ contractId }) => contractId);
  const batch = new Set(contractIds);
  const attempts = event.assignments.filter((each) => batch.has(each.contractId)).map((each) => each.settleRefusals);
  const key = `sc2-settle/${sha256OfJson([contractIds, attempts])}`;
  const act = acts.perform(key, "sc2:SettleDRBatch", { settlements });
  if (act.status === "pending") return event;
  if (act.status === "refused") {
    modules.log.error("settlement_refused", { first: contractIds[0], refusal: act.refusal });
    return change(event, batch, (each) => ({ ...each, settleRefusals: each.settleRefusals + 1 }));
  }
  return change(event, batch, (each) => ({ ...each, isSettled: true }));
}

function change(
  event: EventDocument,
  contractIds: ReadonlySet<string>,
  changed: (assignment: Assignment) => Assignment,
): EventDocument {
  return withAssignments(event, (each) => (contractIds.has(each.contractId) ? changed(each) : each));
}
