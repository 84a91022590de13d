import {
  buildChangeReport,
  buildReport,
  firstFrom,
  isOnChange,
  nextSpan,
  type OfferedReport,
  type PendingReport,
  type ReportedChange,
  type ReportSpan,
  toMetadata,
} from "../reports20b/index.ts";
import {
  invalidId,
  type MessageOf,
  type OadrReport,
  type OadrReportRequest,
  okResponse,
  RESPONSE_CODES,
} from "../wire20b/index.ts";
import { VenError } from "./ven-error.ts";
import type { VenLink } from "./ven-link.ts";
import type { Deliver } from "./ven-options.ts";

/** A VTN asks for a handful of reports; more would only serve to keep a VEN busy. */
export const MAX_REPORT_REQUESTS = 256;

/** EiReport of a VEN: offers its reports, takes requests for them and sends them in time. */
export class SentReports {
  readonly #link: VenLink;
  readonly #offers: readonly OfferedReport[];

  constructor(link: VenLink, offers: readonly OfferedReport[]) {
    this.#link = link;
    this.#offers = offers;
  }

  /** Offers everything anew; the VTN's answer may ask for some of it at once. */
  async register(): Promise<void> {
    const { nowUnixMs, venId } = this.#link;
    const requestID = this.#link.newId("REQ");
    const oadrReport = this.#offers.map((offered) => toMetadata(offered, nowUnixMs));
    const message = { type: "oadrRegisterReport", requestID, oadrReport, venID: venId } as const;
    const answer = await this.#link.send("EiReport", message);
    if (answer?.type !== "oadrRegisteredReport" || answer.oadrReportRequest.length === 0) return;
    await this.create(answer.oadrReportRequest, answer.eiResponse.requestID, this.#link.deliver);
  }

  /** Takes over requests for reports that are on offer; if one is not, the response code says so. */
  async create(requests: readonly OadrReportRequest[], requestId: string, deliver: Deliver): Promise<void> {
    const { state, nowUnixMs, venId } = this.#link;
    const room = Math.max(MAX_REPORT_REQUESTS - state.reports().length, 0);
    const accepted = requests.filter((request) => this.#offerFor(request) !== undefined).slice(0, room);
    state.transaction(() => {
      for (const request of accepted) {
        state.putReport({ request, requestedAtUnixMs: nowUnixMs, nextFromUnixMs: firstFrom(request, nowUnixMs) });
      }
    });
    const isComplete = accepted.length === requests.length;
    const eiResponse = isComplete ? okResponse(requestId) : invalidId(requestId, "unknown report");
    const oadrPendingReports = this.#pending();
    await deliver("EiReport", { type: "oadrCreatedReport", eiResponse, oadrPendingReports, venID: venId });
  }

  async cancel(cancel: MessageOf<"oadrCancelReport">, deliver: Deliver): Promise<void> {
    const { state, venId } = this.#link;
    const known = cancel.reportRequestID.flatMap((id) => state.report(id) ?? []);
    if (cancel.reportToFollow) await this.#sendFinal(known);
    state.transaction(() => {
      for (const id of cancel.reportRequestID) state.deleteReport(id);
    });
    const isComplete = known.length === cancel.reportRequestID.length;
    const eiResponse = isComplete ? okResponse(cancel.requestID) : invalidId(cancel.requestID, "unknown report");
    const oadrPendingReports = this.#pending();
    await deliver("EiReport", { type: "oadrCanceledReport", eiResponse, oadrPendingReports, venID: venId });
  }

  /** When the next report is due; undefined when none is wanted. */
  nextAtUnixMs(): number | undefined {
    const dues = this.#scheduled().flatMap((record) => nextSpan(record)?.toUnixMs ?? []);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** Sends every report whose span is over. A span counts as sent once the VTN has answered. */
  async sendDue(): Promise<void> {
    for (const record of this.#scheduled()) {
      const span = nextSpan(record);
      if (span === undefined) this.#forget(record);
      else if (span.toUnixMs <= this.#link.nowUnixMs) await this.#sendSpan(record, span);
    }
  }

  /** Sends new data for every open request of a report on change. Throws `VenError` when there is none. */
  async sendChange(reportSpecifierId: string, change: ReportedChange): Promise<void> {
    const { nowUnixMs } = this.#link;
    const reports = this.#link.state.reports().flatMap((record) => {
      const offered = this.#offerFor(record.request);
      if (offered?.reportSpecifierId !== reportSpecifierId || !isOnChange(offered)) return [];
      return buildChangeReport(record, offered, change, nowUnixMs) ?? [];
    });
    if (reports.length === 0) throw new VenError("unknown-report", `nobody asked for ${reportSpecifierId}`);
    const code = await this.#send(reports);
    if (code !== RESPONSE_CODES.ok) throw new VenError("report-refused", `the VTN answered ${code}`);
  }

  async #sendSpan(record: PendingReport, span: ReportSpan): Promise<void> {
    const report = this.#build(record, span);
    if (report !== undefined) await this.#send([report]);
    const { state } = this.#link;
    const { reportRequestID } = record.request;
    state.transaction(() => {
      const current = state.report(reportRequestID);
      if (current === undefined) return;
      if (span.isLast) state.deleteReport(reportRequestID);
      else state.putReport({ ...current, nextFromUnixMs: span.toUnixMs });
    });
  }

  /** The part of each span that has passed, as the last report of a request that is being cancelled. */
  async #sendFinal(records: readonly PendingReport[]): Promise<void> {
    const { nowUnixMs } = this.#link;
    // A report on change has been sent with its last change already.
    const scheduled = records.filter((record) => {
      const offered = this.#offerFor(record.request);
      return offered !== undefined && !isOnChange(offered);
    });
    const reports = scheduled.flatMap((record) => {
      const fromUnixMs = Math.min(record.nextFromUnixMs, nowUnixMs);
      return this.#build(record, { fromUnixMs, toUnixMs: nowUnixMs, isLast: true }) ?? [];
    });
    if (reports.length > 0) await this.#send(reports);
  }

  /** Returns the VTN's response code; undefined when it answered something else. */
  async #send(reports: readonly OadrReport[]): Promise<string | undefined> {
    const requestID = this.#link.newId("REQ");
    const message = { type: "oadrUpdateReport", requestID, oadrReport: reports, venID: this.#link.venId } as const;
    const answer = await this.#link.send("EiReport", message);
    for (const { reportRequestID } of reports) {
      this.#link.notify({ kind: "report-sent", reportRequestId: reportRequestID });
    }
    if (answer?.type !== "oadrUpdatedReport") return undefined;
    const { oadrCancelReport, eiResponse } = answer;
    if (oadrCancelReport === undefined) return eiResponse.responseCode;
    // The VTN may cancel a report in its answer to one; a last report after that would start the same over again.
    const cancelled = { type: "oadrCancelReport", ...oadrCancelReport, reportToFollow: false } as const;
    await this.cancel(cancelled, this.#link.deliver);
    return eiResponse.responseCode;
  }

  /** Requests that are due by the clock. */
  #scheduled(): readonly PendingReport[] {
    return this.#link.state.reports().filter(({ request }) => {
      const offered = this.#offerFor(request);
      return offered === undefined || !isOnChange(offered);
    });
  }

  #build(record: PendingReport, span: ReportSpan): OadrReport | undefined {
    const offered = this.#offerFor(record.request);
    if (offered === undefined) return undefined;
    const moment = { nowUnixMs: this.#link.nowUnixMs, eiReportId: this.#link.newId("REPORT") };
    return buildReport(record, offered, span, this.#link.modules.meter, moment);
  }

  #forget({ request }: PendingReport): void {
    const { state } = this.#link;
    state.transaction(() => state.deleteReport(request.reportRequestID));
  }

  #pending(): readonly string[] {
    return this.#link.state.reports().map(({ request }) => request.reportRequestID);
  }

  #offerFor({ reportSpecifier }: OadrReportRequest): OfferedReport | undefined {
    return this.#offers.find(({ reportSpecifierId }) => reportSpecifierId === reportSpecifier.reportSpecifierID);
  }
}
