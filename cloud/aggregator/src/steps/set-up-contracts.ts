import { DEFAULT_PROGRAMME_ID } from "@gridpact/contracts";
import type { ActState, LedgerArgument } from "@gridpact/ledger";
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
  const { key, transaction, argument } = setUpAct(placed, context);
  const act = context.acts.perform(`${key}/${contractId}`, transaction, argument);
  if (act.status === "pending" || isEarly(act, placed, context)) return event;
  const isContracted = act.status === "committed";
  context.modules.log.info("sc1_set_up", { contractId, transaction, isContracted });
  return context.events.update(event.plan.eventId, (current) =>
    withRequest(current, requestId, (newest) =>
      newest.state === "accepted" ? afterSetUp(newest, isContracted) : newest,
    ),
  );
}

type SetUpAct = { key: string; transaction: string; argument: LedgerArgument };

function setUpAct(placed: PlacedRequest, context: StepContext): SetUpAct {
  const terms = termsOf(placed, context);
  const { inPlaceOf } = placed;
  if (inPlaceOf === undefined) return { key: "sc1-setup", transaction: "sc1:SetupDR", argument: terms };
  return { key: "sc1-fallback", transaction: "sc1:CallFallback", argument: { contractId: inPlaceOf, terms } };
}

/** A node agrees to the programme when it hears of it; until the request begins there is time for that. */
function isEarly(act: ActState, { request }: PlacedRequest, { modules }: StepContext): boolean {
  const isJoining = act.status === "refused" && act.refusal === "PROGRAMME_NOT_ENROLLED";
  return isJoining && modules.clock.nowUnixMs() < (request.intervals[0]?.startUnixMs ?? 0);
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

function termsOf({ request, response }: PlacedRequest, { options }: StepContext): LedgerArgument {
  const { requestId: _, respondByUnixMs: __, baselineMethod, ...terms } = request;
  return {
    ...terms,
    programmeId: options.programme?.programmeId ?? DEFAULT_PROGRAMME_ID,
    orderedWh: response?.nominatedWh ?? [],
    baselineMethod: LEDGER_BASELINE_METHOD[baselineMethod],
    acceptanceProofHashHex: response?.acceptanceProofHashHex ?? "",
  };
}
