import type { LedgerActs, LedgerArgument } from "@gridpact/ledger";
import type { Given } from "../agent-host.ts";
import {
  acceptanceDocument,
  baselinesOf,
  type EventDocument,
  eventStartUnixMs,
  sha256OfJson,
} from "../document/index.ts";
import { foldCredits, readSc1, type Sc1 } from "../ledger/index.ts";

/**
 * Accepts SC1 once the aggregator has set it up, committing baselines, forecast and plan before the event starts. An
 * SC1 with other terms than those accepted is not accepted.
 */
export async function acceptContract(
  event: EventDocument,
  context: Given<"clock" | "ledger"> & { acts: LedgerActs },
): Promise<EventDocument> {
  if (event.phase !== "responded") return event;
  const { modules } = context;
  const contract = await readSc1(modules.ledger, event.request.contractId);
  if (contract === undefined) {
    const isLate = modules.clock.nowUnixMs() >= eventStartUnixMs(event);
    return isLate ? abandon(event, "no SC1 before the event began") : event;
  }
  const fault = faultOf(contract, event);
  if (fault !== undefined) return abandon(event, fault);
  if (!(await foldCredits(context))) return event;
  // Also when it is accepted already or late: an act that a crash interrupted must be seen through, and the outbox
  // knows.
  const key = `sc1-accept/${event.request.contractId}`;
  const act = context.acts.perform(key, "sc1:AcceptReduction", acceptanceArgument(event));
  if (act.status === "refused") return abandon(event, `SC1 could not be accepted: ${act.refusal}`);
  return act.status === "pending" ? event : { ...event, phase: "running" };
}

function abandon(event: EventDocument, reason: string): EventDocument {
  return { ...event, phase: "abandoned", reason };
}

/** Where the contract differs from what was accepted; undefined when it does not. */
function faultOf({ terms, state }: Sc1, event: EventDocument): string | undefined {
  const { request, nominatedWh } = event;
  if (state !== "proposed" && state !== "accepted") return `SC1 is ${state}`;
  if (terms.acceptanceProofHashHex !== sha256OfJson(acceptanceDocument(event))) return "SC1 has another acceptance";
  const isSameOrder =
    terms.orderedWh.length === nominatedWh.length &&
    terms.orderedWh.every((each, index) => each === nominatedWh[index]);
  if (!isSameOrder) return "SC1 orders something else than was nominated";
  const isSamePrice =
    terms.priceMicroPerWh === request.priceMicroPerWh &&
    terms.penaltyMicroPerWh === request.penaltyMicroPerWh &&
    terms.penaltyCapMicro <= request.penaltyCapMicro;
  return isSamePrice ? undefined : "SC1 has other prices than the request";
}

function acceptanceArgument(event: EventDocument): LedgerArgument {
  const { nominatedWh, baselineCommitmentHex, forecastHashHex, planHashHex } = acceptanceDocument(event);
  const { contractId } = event.request;
  const baselines = baselinesOf(event);
  return { contractId, nominatedWh, baselineCommitmentHex, forecastHashHex, planHashHex, baselines };
}
