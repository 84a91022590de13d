import { type MessageOf, type OadrMessage, okResponse, RESPONSE_CODES } from "../wire20b/index.ts";
import type { VenRecord } from "./records.ts";
import type { VtnContext } from "./vtn-context.ts";

/** EiOpt of a VTN [OADR2.0b]. */

/** A year of daily schedules with room to spare; past it a VEN must cancel old ones. */
export const MAX_OPTS = 1_000;

/** Takes an availability schedule, or a late change of mind about one event. */
export function answerCreateOpt(context: VtnContext, opt: MessageOf<"oadrCreateOpt">, ven: VenRecord): OadrMessage {
  const { state } = context;
  const answer = (responseCode: string, responseDescription: string): OadrMessage => ({
    type: "oadrCreatedOpt",
    eiResponse: { responseCode, responseDescription, requestID: opt.requestID },
    optID: opt.optID,
  });
  if (opt.qualifiedEventID === undefined && opt.vavailability === undefined) {
    return answer(RESPONSE_CODES.complianceError, "an opt needs an event or a schedule");
  }
  const isNew = state.opts.get(ven.venId, opt.optID) === undefined;
  if (isNew && state.opts.countUnder(ven.venId) >= MAX_OPTS) {
    return answer(RESPONSE_CODES.notAllowed, `more than ${MAX_OPTS} opts`);
  }
  if (opt.qualifiedEventID !== undefined && !applyToEvent(context, opt, ven)) {
    return answer(RESPONSE_CODES.invalidId, "unknown event");
  }
  state.opts.put({ venId: ven.venId, optId: opt.optID, optType: opt.optType, message: opt });
  context.notify({ kind: "opt-changed", venId: ven.venId, optId: opt.optID });
  return answer(RESPONSE_CODES.ok, "OK");
}

/** Takes an opt back. The answers to events that it changed stay: the VEN changes them by answering again. */
export function answerCancelOpt(context: VtnContext, cancel: MessageOf<"oadrCancelOpt">, ven: VenRecord): OadrMessage {
  const opt = context.state.opts.get(ven.venId, cancel.optID);
  if (opt === undefined) {
    const eiResponse = {
      responseCode: RESPONSE_CODES.invalidId,
      responseDescription: "unknown optID",
      requestID: cancel.requestID,
    };
    return { type: "oadrCanceledOpt", eiResponse, optID: cancel.optID };
  }
  context.state.opts.delete(opt);
  context.notify({ kind: "opt-changed", venId: ven.venId, optId: opt.optId });
  return { type: "oadrCanceledOpt", eiResponse: okResponse(cancel.requestID), optID: cancel.optID };
}

function applyToEvent(context: VtnContext, opt: MessageOf<"oadrCreateOpt">, { venId }: VenRecord): boolean {
  const { state, nowUnixMs } = context;
  const eventId = opt.qualifiedEventID?.eventID ?? "";
  const delivery = state.deliveries.get(venId, eventId);
  const event = state.events.get(eventId);
  if (delivery === undefined || event === undefined || delivery.sentModification < 0) return false;
  const answer = {
    modificationNumber: event.modificationNumber,
    optType: opt.optType,
    responseCode: RESPONSE_CODES.ok,
    description: undefined,
    answeredAtUnixMs: nowUnixMs,
  };
  state.deliveries.put({ ...delivery, answer });
  context.notify({ kind: "event-answered", venId, eventId, answer });
  return true;
}
