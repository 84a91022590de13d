import type { PendingReport } from "../reports20b/index.ts";
import type { DocumentStore } from "../storage/index.ts";
import type { CreateOpt, OadrReport, OadrReportRequest } from "../wire20b/index.ts";
import type { RegistrationRecord, VenEventRecord } from "./records.ts";

const REGISTRATION = "ven-registration";
const EVENT = "ven-event";
const REPORT = "ven-report";
const VTN_OFFER = "ven-vtn-offer";
const VTN_REPORT = "ven-vtn-report";
const OPT = "ven-opt";

/** Everything a 2.0b VEN remembers, for one VTN. */
export class VenState {
  readonly #store: DocumentStore;

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  get registration(): RegistrationRecord | undefined {
    return this.#store.get<RegistrationRecord>(REGISTRATION, "");
  }

  setRegistration(registration: RegistrationRecord): void {
    this.#store.put(REGISTRATION, "", registration);
  }

  event(eventId: string): VenEventRecord | undefined {
    return this.#store.get<VenEventRecord>(EVENT, eventId);
  }

  events(): readonly VenEventRecord[] {
    return this.#store.list<VenEventRecord>(EVENT);
  }

  putEvent(record: VenEventRecord): void {
    this.#store.put(EVENT, record.event.eiEvent.eventDescriptor.eventID, record);
  }

  deleteEvent(eventId: string): void {
    this.#store.delete(EVENT, eventId);
  }

  report(reportRequestId: string): PendingReport | undefined {
    return this.#store.get<PendingReport>(REPORT, reportRequestId);
  }

  reports(): readonly PendingReport[] {
    return this.#store.list<PendingReport>(REPORT);
  }

  putReport(record: PendingReport): void {
    this.#store.put(REPORT, record.request.reportRequestID, record);
  }

  deleteReport(reportRequestId: string): void {
    this.#store.delete(REPORT, reportRequestId);
  }

  /** The reports that the VTN offers; a new offer replaces all of an earlier one. */
  vtnOffers(): readonly OadrReport[] {
    return this.#store.list<OadrReport>(VTN_OFFER);
  }

  replaceVtnOffers(offers: readonly OadrReport[]): void {
    for (const { reportSpecifierID } of this.vtnOffers()) this.#store.delete(VTN_OFFER, reportSpecifierID);
    for (const offer of offers) this.#store.put(VTN_OFFER, offer.reportSpecifierID, offer);
  }

  /** What this VEN asked of the VTN's reports. */
  vtnReports(): readonly OadrReportRequest[] {
    return this.#store.list<OadrReportRequest>(VTN_REPORT);
  }

  vtnReport(reportRequestId: string): OadrReportRequest | undefined {
    return this.#store.get<OadrReportRequest>(VTN_REPORT, reportRequestId);
  }

  putVtnReport(request: OadrReportRequest): void {
    this.#store.put(VTN_REPORT, request.reportRequestID, request);
  }

  deleteVtnReport(reportRequestId: string): void {
    this.#store.delete(VTN_REPORT, reportRequestId);
  }

  /** The availability schedules that the VTN has taken, which decide on later events. */
  opts(): readonly CreateOpt[] {
    return this.#store.list<CreateOpt>(OPT);
  }

  putOpt(opt: CreateOpt): void {
    this.#store.put(OPT, opt.optID, opt);
  }

  deleteOpt(optId: string): void {
    this.#store.delete(OPT, optId);
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work);
  }
}
