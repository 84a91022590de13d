import type { DrRequest } from "@gridpact/proto";
import { smaller, sumOf } from "@gridpact/settlement";
import type { StepContext } from "../agent-modules.ts";
import { type EventDocument, orderedAt } from "../document/index.ts";
import { type ChoiceRules, chooseOriginals, rulesFor } from "./choose-devices.ts";
import { findCandidates, type PassedOver } from "./find-candidates.ts";

/** The document of a planned event, and what was chosen by beside it; no rules where nothing could be chosen. */
export type PlannedEvent = {
  planned: EventDocument;
  choice: { rules: ChoiceRules; passedOver: PassedOver[] } | null;
};

/**
 * Plans a request: baseline, forecast and flexibility of every free device, then the choice within the limits. The
 * document nominates what can be delivered; when that is nothing, it says why.
 */
export async function planEvent(request: DrRequest, context: StepContext): Promise<PlannedEvent> {
  const { modules } = context;
  const { height } = await modules.ledger.chainInfo();
  const planned = emptyDocument(request, { height, nowUnixMs: modules.clock.nowUnixMs() });
  const fault = faultOf(request, context);
  if (fault !== undefined) return { planned: { ...planned, reason: fault }, choice: null };
  const { candidates, passedOver } = await findCandidates(request, context);
  const rules = rulesFor(request, context);
  const assignments = chooseOriginals(request, candidates, rules);
  const nominatedWh = request.orderedWh.map((orderedWh, index) => {
    return smaller(orderedWh, sumOf(assignments.map((each) => orderedAt(each, index))));
  });
  const isOffer = nominatedWh.some((each) => each > 0n);
  const reason = isOffer ? "" : `none of ${candidates.length} candidates can reduce anything`;
  return { planned: { ...planned, candidates, nominatedWh, assignments, reason }, choice: { rules, passedOver } };
}

function emptyDocument(request: DrRequest, at: { height: number; nowUnixMs: number }): EventDocument {
  return {
    request,
    phase: "planned",
    reason: "",
    candidates: [],
    nominatedWh: request.orderedWh.map(() => 0n),
    assignments: [],
    round: 0,
    deliveringPerMille: {},
    reports: [],
    plannedAtUnixMs: at.nowUnixMs,
    plannedAtHeight: at.height,
  };
}

/** Why a request cannot be served whatever the devices can do; undefined when it can. */
function faultOf(request: DrRequest, { options, modules }: StepContext): string | undefined {
  const { intervals, orderedWh, respondByUnixMs } = request;
  const nowUnixMs = modules.clock.nowUnixMs();
  if (request.vnId !== options.vnId) return `the request is for ${request.vnId}`;
  if (nowUnixMs > respondByUnixMs) return "the time to answer is over";
  if (intervals.length === 0 || orderedWh.length !== intervals.length) return "intervals and orders do not fit";
  const isWhole = intervals.every(({ startUnixMs, endUnixMs }, index) => {
    const follows = index === 0 || intervals[index - 1]?.endUnixMs === startUnixMs;
    return follows && startUnixMs % options.mtuMs === 0 && endUnixMs - startUnixMs === options.mtuMs;
  });
  if (!isWhole) return `intervals must be whole market time units of ${options.mtuMs} ms without gaps`;
  return (intervals[0]?.startUnixMs ?? 0) <= nowUnixMs ? "the event has begun" : undefined;
}
