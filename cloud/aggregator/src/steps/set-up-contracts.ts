import type { LedgerArgument } from "@gridpact/ledger";
import type { BaselineMethod } from "@gridpact/proto";
import type { StepContext } from "../aggregator-modules.ts";
import { type DrEvent, type PlacedRequest, type RequestState, withRequest } from "../event/index.ts";
import { foldCredits } from "./fold-credits.ts";

/** Sets up SC1 for every request that a node accepted: what it nominated becomes the order. */
export async function setUpContracts(event: DrEvent, context: StepContext): Promise<DrEvent> {
  const accepted = event.requests.filter(({ state }) => state === "accepted");
  if (accepted.length === 0 || !(await foldCredits(context))) return event;
  let current = event;
  for (const placed of accepted) current = await setUpContract(current, placed, context);
  return current;
}

async function setUpContract(event: DrEvent, placed: PlacedRequest, context: StepContext): Promise<DrEvent> {
  const { requestId, contractId } = placed.request;
  const act = context.acts.perform(`sc1-setup/${contractId}`, "sc1:SetupDR", setupArgument(placed));
  if (act.status === "pending") return event;
  const state: RequestState = act.status === "committed" ? "contracted" : "failed";
  context.modules.log.info("sc1_set_up", { contractId, state });
  return context.events.update(event.plan.eventId, (current) =>
    withRequest(current, requestId, (newest) => (newest.state === "accepted" ? { ...newest, state } : newest)),
  );
}

/** The ledger's names for the baseline methods; a request's "highFiveOfTen" is the default of "highXofY". */
const LEDGER_BASELINE_METHOD: Record<BaselineMethod, string> = {
  tenInTen: "tenInTen",
  highFiveOfTen: "highXofY",
  meterBefore: "meterBeforeAfter",
  nominated: "nominated",
};

/** The programme that needs no enrolment; its limits are those of the request itself. */
const PROGRAMME_ID = "default";

function setupArgument({ request, response }: PlacedRequest): LedgerArgument {
  const { requestId: _, respondByUnixMs: __, baselineMethod, ...terms } = request;
  return {
    ...terms,
    programmeId: PROGRAMME_ID,
    orderedWh: response?.nominatedWh ?? [],
    baselineMethod: LEDGER_BASELINE_METHOD[baselineMethod],
    acceptanceProofHashHex: response?.acceptanceProofHashHex ?? "",
  };
}
