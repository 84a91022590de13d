import { createHash } from "node:crypto";
import { DISPATCH_VERSION, FORECAST_MODEL_VERSION, TRAINED_POLICY } from "@gridpact/flexibility";
import { share } from "@gridpact/settlement";
import type { VnAgentOptions } from "../agent-options.ts";
import type { ChoiceRules, ChoiceWay } from "../dispatch/index.ts";
import { type EventDocument, planHash } from "../document/index.ts";
import type { PassedOver } from "../plan/index.ts";
import { type ChoiceRecord, inputsHash } from "./choice-record.ts";

/** The weights have no name but their hash; twelve digits tell any two apart. */
const MATCHING_VERSION = createHash("sha256").update(JSON.stringify(TRAINED_POLICY)).digest("hex").slice(0, 12);

/** The record of a choice that has just been made. */
export function recordChoice(
  event: EventDocument,
  { rules, passedOver, way }: { rules: ChoiceRules; passedOver: PassedOver[]; way?: ChoiceWay },
  options: Pick<VnAgentOptions, "vnId" | "devicePriceSharePerMille" | "devicePenaltySharePerMille">,
): ChoiceRecord {
  const { request, candidates } = event;
  const { vnId, devicePriceSharePerMille, devicePenaltySharePerMille } = options;
  return {
    kind: "gridpact-choice",
    version: 1,
    vnId,
    request,
    decidedAtUnixMs: event.plannedAtUnixMs,
    models: { forecast: FORECAST_MODEL_VERSION, matching: MATCHING_VERSION, dispatch: DISPATCH_VERSION },
    candidates,
    passedOver,
    rules,
    ...(way && { way }),
    deviceTerms: {
      priceMicroPerWh: share(request.priceMicroPerWh, devicePriceSharePerMille),
      penaltyMicroPerWh: share(request.penaltyMicroPerWh, devicePenaltySharePerMille),
    },
    inputsHashHex: inputsHash({ request, candidates, rules }),
    plan: event.assignments.map(({ deviceId, orderedWh }) => ({ deviceId, orderedWh })),
    planHashHex: planHash(event),
    outcomes: null,
    value: null,
  };
}
