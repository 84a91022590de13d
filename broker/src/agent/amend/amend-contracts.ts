import type { LedgerActs, LedgerArgument } from "@gridpact/ledger";
import { canonicalJson, sumOrderChanges } from "@gridpact/settlement";
import type { Given } from "../agent-host.ts";
import { sc2Terms } from "../contract/index.ts";
import {
  type Amending,
  type AmendmentBatch,
  type Assignment,
  type EventDocument,
  orderInForce,
  type ProposedChange,
  sha256OfJson,
  withAssignments,
} from "../document/index.ts";
import type { AmendmentDesk } from "./amendment-desk.ts";

/** Changes in one transaction: the ledger takes 200, but each receipt has to hold the whole block. As for consents. */
export const AMEND_BATCH_MAX = 50;

type AmendContext = Given<"clock" | "log"> & { acts: LedgerActs; amendments: AmendmentDesk };

/**
 * Has devices sign the changes that a re-arrangement proposed, and hands in what they signed, before the first interval
 * that changes. What a batch is refused with is tried one by one, as one change that does not hold refuses all.
 * ```
 * proposed --signed or declined by each, or time is up--> handed in, batch by batch --> the order in force
 * ```
 */
export async function amendContracts(event: EventDocument, context: AmendContext): Promise<EventDocument> {
  const { amending } = event;
  if (event.phase !== "running" || amending === null) return event;
  return amending.batches === null ? gather(event, amending, context) : handIn(event, amending, context);
}

function gather(event: EventDocument, amending: Amending, context: AmendContext): EventDocument {
  const changes = amending.changes.flatMap((change) => answered(event, change, context));
  const { decideByUnixMs, joinedIds } = amending;
  const joining = event.assignments.filter(({ contractId }) => joinedIds.includes(contractId));
  const isOpen =
    changes.some(({ signatureHex }) => signatureHex === null) ||
    joining.some(({ status }) => status === "planned" || status === "offered");
  if (isOpen && context.modules.clock.nowUnixMs() < decideByUnixMs) {
    const isSame = changes.every((each, index) => each === amending.changes[index]);
    return isSame && changes.length === amending.changes.length
      ? event
      : { ...event, amending: { ...amending, changes } };
  }
  context.amendments.forget(changes.map(({ contractId }) => contractId));
  const joinedNow = joining.filter(({ status }) => status === "accepted").map(({ contractId }) => contractId);
  return withBatches(event, { ...amending, changes }, batchesOf(changes, joinedNow));
}

/** The change as it stands now; none when it was declined. */
function answered(event: EventDocument, change: ProposedChange, context: AmendContext): ProposedChange[] {
  if (change.signatureHex !== null) return [change];
  const { contractId, orderedWh, amendmentNo, penaltyCapMicro } = change;
  const assignment = assignmentOf(event, contractId);
  const termsText = canonicalJson(sc2Terms(event, assignment, context.options));
  const termsHashHex = sha256OfJson(sc2Terms(event, assignment, context.options));
  const amendmentText = canonicalJson({ contractId, termsHashHex, amendmentNo, orderedWh, penaltyCapMicro });
  const answer = context.amendments.ask({
    contractId,
    deviceId: assignment.deviceId,
    message: { contractId, termsHashHex, termsText, amendmentText },
    deadlineUnixMs: event.amending?.decideByUnixMs ?? 0,
  });
  if (answer.status === "declined") return [];
  return [answer.status === "signed" ? { ...change, signatureHex: answer.signatureHex } : change];
}

function batchesOf(changes: readonly ProposedChange[], joinedIds: string[]): AmendmentBatch[] {
  const signed = changes.filter(({ signatureHex }) => signatureHex !== null);
  const batches: AmendmentBatch[] = [];
  for (let first = 0; first < signed.length; first += AMEND_BATCH_MAX) {
    const own = signed.slice(first, first + AMEND_BATCH_MAX);
    batches.push({ changes: own, joinedIds: first === 0 ? joinedIds : [] });
  }
  return batches;
}

async function handIn(event: EventDocument, amending: Amending, context: AmendContext): Promise<EventDocument> {
  const [batch, ...others] = amending.batches ?? [];
  if (batch === undefined) return { ...event, amending: null };
  const argument = argumentFor(event, batch);
  const act = context.acts.perform(`sc2-amend/${sha256OfJson(argument)}`, "sc2:Amend", argument as LedgerArgument);
  const { requestId } = event.request;
  switch (act.status) {
    case "pending":
      return event;
    case "committed":
      context.modules.log.info("orders_amended", { requestId, contracts: batch.changes.length });
      return withBatches(inForce(event, batch), amending, others);
    case "refused": {
      context.modules.log.warn("amendment_refused", { requestId, refusal: act.refusal });
      const singly = batch.changes.length > 1 ? batch.changes.map((each) => ({ changes: [each], joinedIds: [] })) : [];
      return withBatches(event, amending, [...singly, ...others]);
    }
  }
}

function withBatches(event: EventDocument, amending: Amending, batches: AmendmentBatch[]): EventDocument {
  return { ...event, amending: batches.length === 0 ? null : { ...amending, batches } };
}

/** What the order of all devices together changes by follows from what is in force and what is handed in. */
function argumentFor(event: EventDocument, { changes, joinedIds }: AmendmentBatch) {
  const { contractId, intervals } = event.request;
  const joined = joinedIds.map((id) => {
    const { firstInterval, orderedWh } = assignmentOf(event, id);
    return { intervals: intervals.slice(firstInterval), beforeWh: orderedWh.map(() => 0n), afterWh: orderedWh };
  });
  const changed = changes.map((change) => {
    const assignment = assignmentOf(event, change.contractId);
    const beforeWh = orderInForce(assignment);
    return { intervals: intervals.slice(assignment.firstInterval), beforeWh, afterWh: change.orderedWh };
  });
  return { sc1Id: contractId, changes, joinedIds, sumChangeWh: sumOrderChanges(intervals, [...changed, ...joined]) };
}

function inForce(event: EventDocument, { changes }: AmendmentBatch): EventDocument {
  const byId = new Map(changes.map((change) => [change.contractId, change]));
  return withAssignments(event, (assignment) => {
    const change = byId.get(assignment.contractId);
    if (change === undefined) return assignment;
    const { amendmentNo, orderedWh, penaltyCapMicro } = change;
    return { ...assignment, amendment: { amendmentNo, orderedWh, penaltyCapMicro } };
  });
}

function assignmentOf({ assignments }: EventDocument, contractId: string): Assignment {
  const assignment = assignments.find((each) => each.contractId === contractId);
  if (assignment === undefined) throw new TypeError(`no contract ${contractId} in this event`);
  return assignment;
}
