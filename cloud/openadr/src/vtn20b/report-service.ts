import { newId } from "../clock.ts";
import { toReportRequest, type WantedReport } from "../reports20b/index.ts";
import {
  type MessageOf,
  type OadrMessage,
  type OadrReport,
  type OadrReportRequest,
  okResponse,
  RESPONSE_CODES,
} from "../wire20b/index.ts";
import { settle } from "./outbox.ts";
import type { ReportRequestRecord, VenRecord } from "./records.ts";
import type { VtnContext } from "./vtn-context.ts";

/** EiReport of a VTN [OADR2.0b]. */

/** The newest reports kept for each request: at one a minute, a day. Longer histories belong in a time-series store. */
export const MAX_RECEIVED_REPORTS = 1_440;

/** A VEN offers a handful of reports; more would let one peer fill the disk. */
export const MAX_OFFERS = 100;

/** A VEN's offers replace all earlier ones; the answer asks at once for those the policy wants. */
export function answerRegisterReport(
  context: VtnContext,
  offer: MessageOf<"oadrRegisterReport">,
  ven: VenRecord,
): OadrMessage {
  const { state } = context;
  if (offer.oadrReport.length > MAX_OFFERS) {
    const eiResponse = {
      responseCode: RESPONSE_CODES.notAllowed,
      responseDescription: `more than ${MAX_OFFERS} reports`,
      requestID: offer.requestID,
    };
    return { type: "oadrRegisteredReport", eiResponse, oadrReportRequest: [], venID: ven.venId };
  }
  for (const stale of state.offers.under(ven.venId)) state.offers.delete(stale);
  for (const report of offer.oadrReport) state.offers.put({ venId: ven.venId, report });
  const requests = offer.oadrReport.flatMap((report) => requestByPolicy(context, ven.venId, report));
  return {
    type: "oadrRegisteredReport",
    eiResponse: okResponse(offer.requestID),
    oadrReportRequest: requests,
    venID: ven.venId,
  };
}

function requestByPolicy(context: VtnContext, venId: string, offer: OadrReport): OadrReportRequest[] {
  const wanted = context.options.reportPolicy(venId, offer);
  return wanted === undefined ? [] : [recordRequest(context, venId, offer, wanted)];
}

/** Makes a report request durable and returns it for sending. */
export function recordRequest(
  { state, random }: VtnContext,
  venId: string,
  offer: OadrReport,
  wanted: WantedReport,
): OadrReportRequest {
  const request = toReportRequest(newId("RR", random), offer.reportSpecifierID, wanted);
  state.reportRequests.put({ venId, request, state: "requested", receivedCount: 0 });
  return request;
}

/** Takes reports that were asked for: all of a message or none, as there is one code for all. */
export function answerUpdateReport(
  context: VtnContext,
  update: MessageOf<"oadrUpdateReport">,
  ven: VenRecord,
): OadrMessage {
  const isKnown = update.oadrReport.every((report) => isRequested(context, ven.venId, report));
  if (isKnown) for (const report of update.oadrReport) receive(context, ven.venId, report);
  const eiResponse = isKnown
    ? okResponse(update.requestID)
    : { responseCode: RESPONSE_CODES.invalidId, responseDescription: "unknown report", requestID: update.requestID };
  return { type: "oadrUpdatedReport", eiResponse, venID: ven.venId };
}

/** Reports may arrive before the VEN has confirmed their request, and once more after it was cancelled. */
function isRequested({ state }: VtnContext, venId: string, report: OadrReport): boolean {
  return state.reportRequests.get(venId, report.reportRequestID) !== undefined;
}

function receive(context: VtnContext, venId: string, report: OadrReport): void {
  const { state, nowUnixMs } = context;
  const record = state.reportRequests.get(venId, report.reportRequestID);
  if (record === undefined) return;
  const slot = record.receivedCount % MAX_RECEIVED_REPORTS;
  state.receivedReports.put({ venId, slot, receivedAtUnixMs: nowUnixMs, report });
  state.reportRequests.put({ ...record, receivedCount: record.receivedCount + 1 });
  context.notify({ kind: "report-received", venId, report });
}

/** The VEN confirms which of the requested reports it will send. */
export function answerCreatedReport(
  context: VtnContext,
  created: MessageOf<"oadrCreatedReport">,
  ven: VenRecord,
): OadrMessage {
  const settled = settle(context.state, ven.venId, created.type, created.eiResponse.requestID);
  const asked = settled?.type === "oadrCreateReport" ? settled.oadrReportRequest : [];
  const refused = asked
    .map(({ reportRequestID }) => reportRequestID)
    .filter((id) => !created.oadrPendingReports.includes(id));
  markRequests(context, ven.venId, refused, "refused");
  markRequests(context, ven.venId, created.oadrPendingReports, "created");
  return plainAnswer(created.eiResponse.requestID, ven);
}

/** The VEN has stopped a report, or says by the pending ones that it has not. */
export function answerCanceledReport(
  context: VtnContext,
  canceled: MessageOf<"oadrCanceledReport">,
  ven: VenRecord,
): OadrMessage {
  const settled = settle(context.state, ven.venId, canceled.type);
  const cancelledIds = settled?.type === "oadrCancelReport" ? settled.reportRequestID : [];
  const gone = cancelledIds.filter((id) => !canceled.oadrPendingReports.includes(id));
  markRequests(context, ven.venId, gone, "cancelled");
  return plainAnswer(canceled.eiResponse.requestID, ven);
}

function markRequests(
  { state }: VtnContext,
  venId: string,
  ids: readonly string[],
  next: ReportRequestRecord["state"],
): void {
  for (const id of ids) {
    const record = state.reportRequests.get(venId, id);
    if (record !== undefined && record.state !== "cancelled") state.reportRequests.put({ ...record, state: next });
  }
}

/** The answer to an answer: the profile closes each exchange that the VTN began with `oadrResponse`. */
export function plainAnswer(requestId: string, ven: VenRecord): OadrMessage {
  return { type: "oadrResponse", eiResponse: okResponse(requestId), venID: ven.venId };
}
