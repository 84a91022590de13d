import type { DocumentStore } from "../storage/index.ts";
import type { RegistrationRecord, VenEventRecord, VenReportRecord } from "./records.ts";

const REGISTRATION = "ven-registration";
const EVENT = "ven-event";
const REPORT = "ven-report";

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

  report(reportRequestId: string): VenReportRecord | undefined {
    return this.#store.get<VenReportRecord>(REPORT, reportRequestId);
  }

  reports(): readonly VenReportRecord[] {
    return this.#store.list<VenReportRecord>(REPORT);
  }

  putReport(record: VenReportRecord): void {
    this.#store.put(REPORT, record.request.reportRequestID, record);
  }

  deleteReport(reportRequestId: string): void {
    this.#store.delete(REPORT, reportRequestId);
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work);
  }
}
