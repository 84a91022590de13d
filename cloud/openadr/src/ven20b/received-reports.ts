import { toReportRequest, type WantedReport } from "../reports20b/index.ts";
import { invalidId, type MessageOf, type OadrReportRequest, okResponse, RESPONSE_CODES } from "../wire20b/index.ts";
import { VenError } from "./ven-error.ts";
import type { VenLink } from "./ven-link.ts";
import type { Deliver, VtnReportPolicy } from "./ven-options.ts";

/** As many as the VTN of this package takes from one VEN; a policy that wants more is a mistake. */
export const MAX_VTN_REPORTS = 64;

/** EiReport towards the VEN: the VTN offers reports, the VEN asks for some and takes what comes. */
export class ReceivedReports {
  readonly #link: VenLink;
  readonly #policy: VtnReportPolicy;

  constructor(link: VenLink, policy: VtnReportPolicy) {
    this.#link = link;
    this.#policy = policy;
  }

  /** Hears an offer, and asks in the answer for what the policy wants of it. */
  async takeOffer(offer: MessageOf<"oadrRegisterReport">, deliver: Deliver): Promise<void> {
    const { state, venId } = this.#link;
    const requests = offer.oadrReport.flatMap((report) => this.#requestByPolicy(report)).slice(0, MAX_VTN_REPORTS);
    state.transaction(() => {
      // A VTN offers anew when it has forgotten what was asked of it before.
      for (const { reportRequestID } of state.vtnReports()) state.deleteVtnReport(reportRequestID);
      state.replaceVtnOffers(offer.oadrReport);
      for (const request of requests) state.putVtnReport(request);
    });
    const eiResponse = okResponse(offer.requestID);
    await deliver("EiReport", { type: "oadrRegisteredReport", eiResponse, oadrReportRequest: requests, venID: venId });
  }

  /** Asks for a report on offer. Throws `VenError` (`unknown-report`) for another, `unexpected-message` if refused. */
  async request(reportSpecifierId: string, wanted: Omit<WantedReport, "descriptions">): Promise<string> {
    const { state, venId } = this.#link;
    const offer = state.vtnOffers().find(({ reportSpecifierID }) => reportSpecifierID === reportSpecifierId);
    if (offer === undefined) throw new VenError("unknown-report", `the VTN does not offer ${reportSpecifierId}`);
    const descriptions = offer.oadrReportDescription;
    const request = toReportRequest(this.#link.newId("RR"), reportSpecifierId, { ...wanted, descriptions });
    // Written before it is sent: the first report may come as soon as the VTN has the request.
    state.transaction(() => state.putVtnReport(request));
    const requestID = this.#link.newId("REQ");
    const message = { type: "oadrCreateReport", requestID, oadrReportRequest: [request], venID: venId } as const;
    const answer = await this.#link.send("EiReport", message);
    if (answer?.type === "oadrCreatedReport" && answer.eiResponse.responseCode === RESPONSE_CODES.ok) {
      return request.reportRequestID;
    }
    state.transaction(() => state.deleteVtnReport(request.reportRequestID));
    throw new VenError("unexpected-message", `the VTN does not send ${reportSpecifierId}`);
  }

  /** Wants no more of a report, from now on. */
  async cancel(reportRequestId: string): Promise<void> {
    const { state, venId } = this.#link;
    if (state.vtnReport(reportRequestId) === undefined) {
      throw new VenError("unknown-report", `no request ${reportRequestId}`);
    }
    const requestID = this.#link.newId("REQ");
    const cancelled = { reportRequestID: [reportRequestId], reportToFollow: false } as const;
    await this.#link.send("EiReport", { type: "oadrCancelReport", requestID, ...cancelled, venID: venId });
    state.transaction(() => state.deleteVtnReport(reportRequestId));
  }

  /** Takes reports that were asked for; others are refused by a code, all of the message or none. */
  async takeUpdate(update: MessageOf<"oadrUpdateReport">, deliver: Deliver): Promise<void> {
    const { state, venId } = this.#link;
    const isKnown = update.oadrReport.every(({ reportRequestID }) => state.vtnReport(reportRequestID) !== undefined);
    if (isKnown) for (const report of update.oadrReport) this.#link.notify({ kind: "report-received", report });
    const eiResponse = isKnown ? okResponse(update.requestID) : invalidId(update.requestID, "unknown report");
    await deliver("EiReport", { type: "oadrUpdatedReport", eiResponse, venID: venId });
  }

  #requestByPolicy(report: MessageOf<"oadrRegisterReport">["oadrReport"][number]): OadrReportRequest[] {
    const wanted = this.#policy(report);
    return wanted === undefined ? [] : [toReportRequest(this.#link.newId("RR"), report.reportSpecifierID, wanted)];
  }
}
