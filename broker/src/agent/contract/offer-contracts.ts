import type { LedgerActs } from "@gridpact/ledger";
import type { Given } from "../agent-host.ts";
import { type EventDocument, withAssignments } from "../document/index.ts";
import { sc2Terms } from "./sc2-terms.ts";

/** Contracts set up in one transaction: as many as the ledger's batch takes. */
export const OFFER_BATCH_MAX = 200;

/** Sets up SC2 for assignments that are only planned: the originals first, later each round of replacements. */
export async function offerContracts(
  event: EventDocument,
  context: Given<"clock"> & { acts: LedgerActs },
): Promise<EventDocument> {
  if (event.phase !== "running") return event;
  const { options, modules, acts } = context;
  const planned = event.assignments.filter(({ status }) => status === "planned").slice(0, OFFER_BATCH_MAX);
  const [first] = planned;
  if (first === undefined) return event;
  const contracts = planned.map((assignment) => sc2Terms(event, assignment, options));
  // The first contract names the batch: which assignments are planned changes only when a batch is through.
  const chunkNo = nextChunkNo(event);
  const act = acts.perform(`sc2-setup/${first.contractId}`, "sc2:SetupDRBatch", {
    chunkNo,
    reserveId: null,
    contracts,
  });
  if (act.status === "pending") return event;
  const offered = new Set(planned.map(({ contractId }) => contractId));
  const nowUnixMs = modules.clock.nowUnixMs();
  return withAssignments(event, (assignment) => {
    if (!offered.has(assignment.contractId)) return assignment;
    if (act.status === "refused") return { ...assignment, status: "lapsed" };
    const startUnixMs = event.request.intervals[assignment.firstInterval]?.startUnixMs ?? nowUnixMs;
    const consentByUnixMs = Math.min(nowUnixMs + options.consentWithinMs, startUnixMs);
    return { ...assignment, status: "offered", consentByUnixMs, chunkNo };
  });
}

/** Chunks are numbered in the order of their offers; a number that was refused is free for the next. */
function nextChunkNo({ assignments }: EventDocument): number {
  return Math.max(-1, ...assignments.map(({ chunkNo }) => chunkNo ?? -1)) + 1;
}
