import type { StepContext } from "../aggregator-modules.ts";
import { type DrEvent, type PlacedRequest, type RequestState, withRequest } from "../event/index.ts";
import { readSc1 } from "../ledger/index.ts";

/**
 * Ends every contract: settled ones are paid out by `DRCompletion`; one that its node never accepted is settled as
 * expired as soon as its first interval began, which gives the escrow back.
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
  const contract = (await readSc1(context.modules.ledger, contractId))?.contract;
  switch (contract?.state) {
    case undefined:
    // The node settles with the evidence that only it has.
    case "accepted":
      return event;
    case "proposed":
      return endContract(event, placed, EXPIRY, context);
    case "settled":
      return endContract(event, placed, COMPLETION, context);
    case "completed":
      return withState(event, placed, "completed", context);
    case "refused":
    case "expired":
      return withState(event, placed, "failed", context);
  }
}

type Ending = { key: string; transaction: string; state: RequestState };

const EXPIRY: Ending = { key: "sc1-expire", transaction: "sc1:SettleDR", state: "failed" };
const COMPLETION: Ending = { key: "sc1-complete", transaction: "sc1:DRCompletion", state: "completed" };

async function endContract(
  event: DrEvent,
  placed: PlacedRequest,
  { key, transaction, state }: Ending,
  context: StepContext,
): Promise<DrEvent> {
  const { contractId } = placed.request;
  const act = context.acts.perform(`${key}/${contractId}`, transaction, { contractId });
  // A refusal means that the contract has moved on: the next tick reads where to.
  return act.status === "committed" ? withState(event, placed, state, context) : event;
}

function withState(event: DrEvent, placed: PlacedRequest, state: RequestState, context: StepContext): Promise<DrEvent> {
  context.modules.log.info("sc1_ended", { contractId: placed.request.contractId, state });
  return context.events.update(event.plan.eventId, (current) =>
    withRequest(current, placed.request.requestId, (newest) => ({ ...newest, state })),
  );
}
