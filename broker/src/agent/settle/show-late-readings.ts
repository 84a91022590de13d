import type { LedgerActs } from "@gridpact/ledger";
import type { BoundaryEvidence } from "@gridpact/ledger/receipts";
import type { Given } from "../agent-host.ts";
import { type Assignment, boundariesOf, type EventDocument, eventEndUnixMs } from "../document/index.ts";
import { readSc1, type Sc1 } from "../ledger/index.ts";
import { keepLateEvidence, keptEvidence, keptLateEvidence } from "./kept-evidence.ts";

type LateContext = Given<"clock" | "log" | "disk" | "ledger" | "evidence"> & { acts: LedgerActs };

/**
 * Contracts that were settled without some of their registers, while there is time to dispute that. A device that was
 * cut off sends what it spooled when it is back, and is owed what that shows.
 */
export async function contractsWithGaps(
  { assignments }: EventDocument,
  { policy }: Sc1,
  { modules }: Given<"disk">,
): Promise<string[]> {
  if (policy.disputeWindowMs === 0) return [];
  const found: string[] = [];
  for (const assignment of assignments) {
    const evidence = await keptEvidence(modules.disk, assignment);
    if (evidence !== undefined && unboundedIn(evidence) > 0) found.push(assignment.contractId);
  }
  return found;
}

/**
 * Disputes the node's own settlements by readings that arrived after them: when the gaps of a contract are closed, or
 * with what there is when the time to open a dispute runs out. Evidence decides, so nothing is asked of anybody.
 */
export async function showLateReadings(event: EventDocument, context: LateContext): Promise<EventDocument> {
  const { gapContractIds = [], ...rest } = event;
  if (event.phase !== "completed" || gapContractIds.length === 0) return event;
  const contract = await readSc1(context.modules.ledger, event.request.contractId);
  const open: string[] = [];
  for (const assignment of event.assignments.filter(({ contractId }) => gapContractIds.includes(contractId))) {
    if (contract !== undefined && (await isStillOpen(event, { assignment, contract }, context))) {
      open.push(assignment.contractId);
    }
  }
  if (open.length === gapContractIds.length) return event;
  return open.length === 0 ? rest : { ...rest, gapContractIds: open };
}

type Gap = { assignment: Assignment; contract: Sc1 };

async function isStillOpen(event: EventDocument, gap: Gap, context: LateContext): Promise<boolean> {
  const { disk, clock } = context.modules;
  const { disputeWindowMs, evidenceWindowMs } = gap.contract.policy;
  const openUntilUnixMs = eventEndUnixMs(event) + disputeWindowMs;
  const { contractId } = gap.assignment;
  const kept = await keptLateEvidence(disk, contractId);
  if (kept !== undefined) {
    const isOver = clock.nowUnixMs() >= openUntilUnixMs + evidenceWindowMs;
    return !isOver && !hasShown(contractId, kept, context);
  }
  if (clock.nowUnixMs() >= openUntilUnixMs) return false;
  const evidence = await betterEvidence(event, gap, context);
  // Kept before it is shown, as what a repeated attempt shows must be the same.
  if (evidence !== undefined) await keepLateEvidence(disk, contractId, evidence);
  return true;
}

/** Share of the dispute window, at its end, in which what there is has to do. */
const LAST_PART = 4;

/** Evidence that closes all gaps; late in the window also such that closes some. */
async function betterEvidence(
  event: EventDocument,
  { assignment, contract }: Gap,
  { modules }: LateContext,
): Promise<BoundaryEvidence | undefined> {
  const { disk, clock, evidence: source } = modules;
  const boundaries = boundariesOf(event, assignment.firstInterval);
  const evidence = await source.boundaryEvidence(assignment.deviceId, boundaries);
  const settledBy = await keptEvidence(disk, assignment);
  if (evidence === undefined || settledBy === undefined) return undefined;
  const { disputeWindowMs } = contract.policy;
  const lastPartUnixMs = eventEndUnixMs(event) + disputeWindowMs - Math.floor(disputeWindowMs / LAST_PART);
  const gaps = unboundedIn(evidence);
  const isEnough = gaps === 0 || (clock.nowUnixMs() >= lastPartUnixMs && gaps < unboundedIn(settledBy));
  return isEnough ? evidence : undefined;
}

/** Opens the dispute, then hands the evidence in. A refusal ends it: another has shown as much, or it is too late. */
function hasShown(contractId: string, evidence: BoundaryEvidence, { acts, modules }: LateContext): boolean {
  const reason = "readings arrived after the settlement";
  const opening = acts.perform(`dispute-open/${contractId}`, "disputes:Open", { contractId, reason });
  if (opening.status === "pending") return false;
  if (opening.status === "refused" && opening.refusal !== "DISPUTE_EXISTS") return true;
  const showing = acts.perform(`dispute-evidence/${contractId}`, "disputes:SubmitEvidence", { contractId, evidence });
  if (showing.status !== "pending") modules.log.info("late_readings_shown", { contractId, status: showing.status });
  return showing.status !== "pending";
}

/** Intervals that the registers do not bound on both sides. */
function unboundedIn({ boundaries }: BoundaryEvidence): number {
  return boundaries.slice(1).filter((boundary, index) => boundary === null || boundaries[index] === null).length;
}
