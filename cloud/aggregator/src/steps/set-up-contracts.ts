import type { LedgerArgument } from "@gridpact/ledger";
import type { BaselineMethod } from "@gridpact/proto";
import type { StepContext } from "../aggregator-modules.ts";
import { type DrEvent, type PlacedRequest, withRequest } from "../event/index.ts";
import { foldCredits } from "./fold-credits.ts";

/**
 * Sets up SC1 for every request that a node accepted: what it nominated becomes the order. A node that another
 * contract names as its fallback is called in by that contract.
 */
export async function setUpContracts(event: DrEvent, context: StepContext): Promise<DrEvent> {
  const accepted = event.requests.filter(({ state }) => state === "accepted");
  if (accepted.length === 0 || !(await foldCredits(context))) return event;
  let current = event;
  for (const placed of accepted) current = await setUpContract(current, placed, context);
  return current;
}

async function setUpContract(event: DrEvent, placed: PlacedRequest, context: StepContext): Promise<DrEvent> {
  const { requestId, contractId } = placed.request;
  const { key, transaction, argument } = setUpAct(placed);
  const act = context.acts.perform(`${key}/${contractId}`, transaction, argument);
  if (act.status === "pending") return event;
  const isContracted = act.status === "committed";
  context.modules.log.info("sc1_set_up", { contractId, transaction, isContracted });
  return context.events.update(event.plan.eventId, (current) =>
    withRequest(current, requestId, (newest) =>
      newest.state === "accepted" ? afterSetUp(newest, isContracted) : newest,
    ),
  );
}

function setUpAct(placed: PlacedRequest): { key: string; transaction: string; argument: LedgerArgument } {
  const terms = termsOf(placed);
  const { inPlaceOf } = placed;
  if (inPlaceOf === undefined) return { key: "sc1-setup", transaction: "sc1:SetupDR", argument: terms };
  return { key: "sc1-fallback", transaction: "sc1:CallFallback", argument: { contractId: inPlaceOf, terms } };
}

/** A call that the ledger refuses, as the contract it was for has ended meanwhile, is set up as any other next. */
function afterSetUp({ inPlaceOf, ...placed }: PlacedRequest, isContracted: boolean): PlacedRequest {
  if (inPlaceOf === undefined) return { ...placed, state: isContracted ? "contracted" : "failed" };
  return isContracted ? { ...placed, inPlaceOf, state: "contracted" } : placed;
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

function termsOf({ request, response }: PlacedRequest): LedgerArgument {
  const { requestId: _, respondByUnixMs: __, baselineMethod, ...terms } = request;
  return {
    ...terms,
    programmeId: PROGRAMME_ID,
    orderedWh: response?.nominatedWh ?? [],
    baselineMethod: LEDGER_BASELINE_METHOD[baselineMethod],
    acceptanceProofHashHex: response?.acceptanceProofHashHex ?? "",
  };
}
