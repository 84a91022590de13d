import type { StepContext } from "../aggregator-modules.ts";
import { type DrEvent, type PlacedRequest, type RequestState, withRequest } from "../event/index.ts";
import { readSc1, type Sc1 } from "../ledger/index.ts";

/**
 * Ends every contract: settled ones are paid out by `DRCompletion`, devices before the node; one that its node never
 * accepted is settled as expired as soon as its first interval began, which gives the escrow back.
 */
export async function completeContracts(event: DrEvent, context: StepContext): Promise<DrEvent> {
  let current = event;
  for (const placed of event.requests) {
    if (placed.state === "contracted") current = await completeContract(current, placed, context);
  }
  return current;
}

async function completeContract(event: DrEvent, placed: PlacedRequest, context: StepContext): Promise<DrEvent> {
  const nowUnixMs = context.modules.clock.nowUnixMs();
  if (nowUnixMs < (placed.request.intervals[0]?.startUnixMs ?? 0)) return event;
  const { contractId } = placed.request;
  const sc1 = await readSc1(context.modules.ledger, contractId);
  switch (sc1?.contract.state) {
    case undefined:
    // The node settles with the evidence that only it has.
    case "accepted":
      return event;
    case "proposed":
      return endContract(event, placed, EXPIRY, context);
    case "settled":
      return areChunksPaid(sc1, context) ? endContract(event, placed, COMPLETION, context) : event;
    case "completed":
      return withState(event, placed, "completed", context);
    case "refused":
    case "expired":
      return withState(event, placed, "failed", context);
  }
}

type Ending = { key: string; transaction: string; state: RequestState; more: { settlements?: [] } };

const EXPIRY: Ending = { key: "sc1-expire", transaction: "sc1:SettleDR", state: "failed", more: { settlements: [] } };
const COMPLETION: Ending = { key: "sc1-complete", transaction: "sc1:DRCompletion", state: "completed", more: {} };

/** Pays all chunks at once, as they do not touch each other; true when every device is paid. */
function areChunksPaid({ contract, chunks }: Sc1, { acts }: StepContext): boolean {
  const { contractId } = contract.terms;
  const unpaid = chunks.filter(({ state }) => state !== "completed");
  for (const { chunkNo } of unpaid) {
    acts.perform(`sc1-complete/${contractId}/${chunkNo}`, "sc1:DRCompletion", { contractId, chunkNo });
  }
  return unpaid.length === 0;
}

async function endContract(
  event: DrEvent,
  placed: PlacedRequest,
  { key, transaction, state, more }: Ending,
  context: StepContext,
): Promise<DrEvent> {
  const { contractId } = placed.request;
  const act = context.acts.perform(`${key}/${contractId}`, transaction, { contractId, chunkNo: null, ...more });
  // A refusal means that the contract has moved on: the next tick reads where to.
  return act.status === "committed" ? withState(event, placed, state, context) : event;
}

function withState(event: DrEvent, placed: PlacedRequest, state: RequestState, context: StepContext): Promise<DrEvent> {
  context.modules.log.info("sc1_ended", { contractId: placed.request.contractId, state });
  return context.events.update(event.plan.eventId, (current) =>
    withRequest(current, placed.request.requestId, (newest) => ({ ...newest, state })),
  );
}
