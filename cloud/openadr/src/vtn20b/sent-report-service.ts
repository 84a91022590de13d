import { newId } from "../clock.ts";
import {
  buildReport,
  firstFrom,
  nextSpan,
  type OfferedReport,
  type ReportSpan,
  toMetadata,
} from "../reports20b/index.ts";
import {
  invalidId,
  type MessageOf,
  type OadrMessage,
  type OadrReport,
  type OadrReportRequest,
  okResponse,
} from "../wire20b/index.ts";
import { enqueue, MAX_OUTBOX, settle } from "./outbox.ts";
import type { AskedReportRecord, VenRecord } from "./records.ts";
import { plainAnswer } from "./report-service.ts";
import type { VtnContext } from "./vtn-context.ts";

/**
 * The other direction of EiReport [OADR2.0b]: the VTN offers reports and VENs ask for them. Offers and reports travel
 * through the outbox like everything the VTN has to say; the VEN's requests come as any message of it.
 */

/** A VEN asks for a handful of reports; more would only serve to keep the VTN busy. */
export const MAX_ASKED_REPORTS = 64;

/** Tells a VEN that registered what there is to ask for, which may be nothing: the profile wants that said too. */
export function offerReports({ state, random, options, nowUnixMs }: VtnContext, venId: string): void {
  const oadrReport = (options.reports ?? []).map((offered) => toMetadata(offered, nowUnixMs));
  enqueue(state, venId, { type: "oadrRegisterReport", requestID: newId("REQ", random), oadrReport, venID: venId });
}

/** The VEN has heard the offer; what it asks for on that occasion is confirmed in the answer. */
export function answerRegisteredReport(
  context: VtnContext,
  registered: MessageOf<"oadrRegisteredReport">,
  ven: VenRecord,
): OadrMessage {
  settle(context.state, ven.venId, registered.type);
  const { requestID } = registered.eiResponse;
  if (registered.oadrReportRequest.length === 0) return plainAnswer(requestID, ven);
  return takeRequests(context, registered.oadrReportRequest, requestID, ven);
}

/** Takes a VEN's requests for reports that are on offer; if one is not, the code says so and the others hold. */
export function answerCreateReport(
  context: VtnContext,
  create: MessageOf<"oadrCreateReport">,
  ven: VenRecord,
): OadrMessage {
  return takeRequests(context, create.oadrReportRequest, create.requestID, ven);
}

/** Stops reports at a VEN's wish, after a last one if it wants that. */
export function answerCancelReport(
  context: VtnContext,
  cancel: MessageOf<"oadrCancelReport">,
  ven: VenRecord,
): OadrMessage {
  const { state, nowUnixMs } = context;
  const known = cancel.reportRequestID.flatMap((id) => state.askedReports.get(ven.venId, id) ?? []);
  for (const record of known) {
    if (cancel.reportToFollow) enqueueReport(context, record, { from: record.nextFromUnixMs, to: nowUnixMs });
    state.askedReports.delete(record);
  }
  const isComplete = known.length === cancel.reportRequestID.length;
  const eiResponse = isComplete ? okResponse(cancel.requestID) : invalidId(cancel.requestID, "unknown report");
  const oadrPendingReports = pendingOf(context, ven.venId);
  return { type: "oadrCanceledReport", eiResponse, oadrPendingReports, venID: ven.venId };
}

/** The VEN has one of the reports, and may say with it that it wants no more of them. */
export function answerUpdatedReport(
  context: VtnContext,
  updated: MessageOf<"oadrUpdatedReport">,
  ven: VenRecord,
): OadrMessage {
  settle(context.state, ven.venId, updated.type, updated.eiResponse.requestID);
  for (const id of updated.oadrCancelReport?.reportRequestID ?? []) {
    const record = context.state.askedReports.get(ven.venId, id);
    if (record !== undefined) context.state.askedReports.delete(record);
  }
  return plainAnswer(updated.eiResponse.requestID, ven);
}

/**
 * Puts every report whose span is over into the VEN's outbox. A VEN that does not fetch them fills its outbox up to
 * half and no further: the rest stays for what an operator has to say, and the reports are made when there is room.
 */
export function enqueueDueReports(context: VtnContext, venId: string): void {
  const { state, nowUnixMs } = context;
  for (const record of state.askedReports.under(venId)) {
    const span = nextSpan(record);
    if (span === undefined) state.askedReports.delete(record);
    else if (span.toUnixMs <= nowUnixMs && state.outbox.countUnder(venId) < MAX_OUTBOX / 2) {
      enqueueSpan(context, record, span);
    }
  }
}

function enqueueSpan(context: VtnContext, record: AskedReportRecord, span: ReportSpan): void {
  const { state } = context;
  enqueueReport(context, record, { from: span.fromUnixMs, to: span.toUnixMs });
  if (span.isLast) state.askedReports.delete(record);
  else state.askedReports.put({ ...record, nextFromUnixMs: span.toUnixMs });
}

function takeRequests(
  context: VtnContext,
  requests: readonly OadrReportRequest[],
  requestId: string,
  { venId }: VenRecord,
): OadrMessage {
  const { state, nowUnixMs } = context;
  const room = Math.max(MAX_ASKED_REPORTS - state.askedReports.countUnder(venId), 0);
  const accepted = requests.filter((request) => offerFor(context, request) !== undefined).slice(0, room);
  for (const request of accepted) {
    state.askedReports.put({
      venId,
      request,
      requestedAtUnixMs: nowUnixMs,
      nextFromUnixMs: firstFrom(request, nowUnixMs),
    });
  }
  const isComplete = accepted.length === requests.length;
  const eiResponse = isComplete ? okResponse(requestId) : invalidId(requestId, "unknown report");
  return { type: "oadrCreatedReport", eiResponse, oadrPendingReports: pendingOf(context, venId), venID: venId };
}

function enqueueReport(
  context: VtnContext,
  record: AskedReportRecord,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const { state, random, meter, nowUnixMs } = context;
  const offered = offerFor(context, record.request);
  if (offered === undefined) return;
  const span = { fromUnixMs: Math.min(from, to), toUnixMs: to, isLast: false };
  const moment = { nowUnixMs, eiReportId: newId("REPORT", random) };
  const report: OadrReport | undefined = buildReport(record, offered, span, meter, moment);
  if (report === undefined) return;
  const requestID = newId("REQ", random);
  enqueue(state, record.venId, { type: "oadrUpdateReport", requestID, oadrReport: [report], venID: record.venId });
}

function offerFor({ options }: VtnContext, { reportSpecifier }: OadrReportRequest): OfferedReport | undefined {
  return options.reports?.find(({ reportSpecifierId }) => reportSpecifierId === reportSpecifier.reportSpecifierID);
}

function pendingOf({ state }: VtnContext, venId: string): readonly string[] {
  return state.askedReports.under(venId).map(({ request }) => request.reportRequestID);
}
