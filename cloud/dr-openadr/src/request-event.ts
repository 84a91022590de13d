import type { EventInput, OadrEvent } from "@gridpact/openadr";
import type { DrRequest } from "@gridpact/proto";
import { readReduction, reductionPeriod } from "./reduction.ts";
import { readTerms, writeTerms } from "./terms-text.ts";

/**
 * A request as a 2.0b event, as any VEN can read it:
 *
 *    eventID            request id
 *    eiMarketContext    says that the comment holds contract terms
 *    LOAD_DISPATCH      delta, W: how much less (negative) than without the event, for each market time unit
 *    ELECTRICITY_PRICE  price, EUR/kWh, for what is delivered
 *    vtnComment         the contract terms that OpenADR has no field for
 */
export const REQUEST_CONTEXT = "urn:gridpact:dr-request:1";

/** The event that asks one virtual node for a reduction. */
export function requestEvent(request: DrRequest): EventInput {
  const { requestId, vnId, intervals, orderedWh, priceMicroPerWh } = request;
  return {
    eventId: requestId,
    venIds: [vnId],
    marketContext: REQUEST_CONTEXT,
    comment: writeTerms(request),
    ...reductionPeriod({ intervals, reductionWh: orderedWh, priceMicroPerWh }),
  };
}

/** The request that an event carries, or why it carries none. */
export type ReadRequest = { ok: true; request: DrRequest } | { ok: false; reason: string };

/** Reads what `requestEvent` wrote, for the virtual node it was written for. */
export function readRequest({ eiEvent }: OadrEvent, vnId: string): ReadRequest {
  const { eventID, marketContext, vtnComment } = eiEvent.eventDescriptor;
  if (marketContext !== REQUEST_CONTEXT) return { ok: false, reason: `no programme ${marketContext} here` };
  const terms = readTerms(vtnComment);
  if (terms === undefined) return { ok: false, reason: "the event states no contract terms" };
  const reduction = readReduction(eiEvent);
  if (typeof reduction === "string") return { ok: false, reason: reduction };
  const { intervals, reductionWh: orderedWh, priceMicroPerWh } = reduction;
  return { ok: true, request: { ...terms, requestId: eventID, vnId, intervals, orderedWh, priceMicroPerWh } };
}
