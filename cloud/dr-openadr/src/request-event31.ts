import type { Event3, EventRequest } from "@gridpact/openadr";
import type { DrRequest } from "@gridpact/proto";
import { readReduction31, reductionEvent31 } from "./reduction31.ts";
import type { ReadRequest } from "./request-event.ts";
import { readTerms, writeTerms } from "./terms-text.ts";

/** A private payload with the contract terms, in the first interval. */
const TERMS = "GRIDPACT_TERMS";

/** The 3.1 event that asks one virtual node for a reduction, and that no other node sees. */
export function requestEvent31(request: DrRequest, programID: string): EventRequest {
  const { requestId, vnId, intervals, orderedWh: reductionWh, priceMicroPerWh } = request;
  const terms = { type: TERMS, values: [writeTerms(request)] };
  const reduction = reductionEvent31({ intervals, reductionWh, priceMicroPerWh }, [terms]);
  return { programID, eventName: requestId, targets: [vnId], ...reduction };
}

/** Reads what `requestEvent31` wrote, for the virtual node it was written for. */
export function readRequest31(event: Event3, vnId: string): ReadRequest {
  const text = event.intervals?.[0]?.payloads.find(({ type }) => type === TERMS)?.values[0];
  const terms = readTerms(typeof text === "string" ? text : undefined);
  if (terms === undefined) return { ok: false, reason: "the event states no contract terms" };
  const reduction = readReduction31(event);
  if (typeof reduction === "string") return { ok: false, reason: reduction };
  const { intervals, reductionWh: orderedWh, priceMicroPerWh } = reduction;
  const requestId = event.eventName ?? event.id;
  return { ok: true, request: { ...terms, requestId, vnId, intervals, orderedWh, priceMicroPerWh } };
}
