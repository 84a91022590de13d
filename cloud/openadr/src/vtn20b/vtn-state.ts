import { type DocumentStore, keyOf, keysUnder } from "../storage/index.ts";
import type {
  AskedReportRecord,
  DeliveryRecord,
  Enrolment,
  EventRecord,
  OfferRecord,
  OptRecord,
  OutboxRecord,
  ReceivedReportRecord,
  ReportRequestRecord,
  VenRecord,
} from "./records.ts";

/** Documents of one kind, keyed by what identifies them. */
class Collection<T> {
  readonly #store: DocumentStore;
  readonly #name: string;
  readonly #keyOf: (record: T) => readonly string[];

  constructor(store: DocumentStore, name: string, keyParts: (record: T) => readonly string[]) {
    this.#store = store;
    this.#name = name;
    this.#keyOf = keyParts;
  }

  get(...parts: readonly string[]): T | undefined {
    return this.#store.get<T>(this.#name, keyOf(...parts));
  }

  put(record: T): void {
    this.#store.put(this.#name, keyOf(...this.#keyOf(record)), record);
  }

  delete(record: T): void {
    this.#store.delete(this.#name, keyOf(...this.#keyOf(record)));
  }

  /** All documents below the given leading key parts. */
  under(...parts: readonly string[]): readonly T[] {
    return this.#store.list<T>(this.#name, parts.length === 0 ? "" : keysUnder(...parts));
  }

  countUnder(...parts: readonly string[]): number {
    return this.#store.count(this.#name, parts.length === 0 ? "" : keysUnder(...parts));
  }
}

/** Keys sort as text, so numbers in them have a fixed width; ten digits outlast any outbox. */
function sortableNumber(value: number): string {
  return String(value).padStart(10, "0");
}

/** Everything a 2.0b VTN remembers. */
export class VtnState {
  readonly enrolments: Collection<Enrolment>;
  readonly vens: Collection<VenRecord>;
  readonly events: Collection<EventRecord>;
  readonly deliveries: Collection<DeliveryRecord>;
  /** Deliveries of events that are over, out of the way of every poll. */
  readonly pastDeliveries: Collection<DeliveryRecord>;
  readonly outbox: Collection<OutboxRecord>;
  readonly offers: Collection<OfferRecord>;
  readonly reportRequests: Collection<ReportRequestRecord>;
  readonly receivedReports: Collection<ReceivedReportRecord>;
  readonly opts: Collection<OptRecord>;
  /** What VENs asked of the VTN's own reports. */
  readonly askedReports: Collection<AskedReportRecord>;

  constructor(store: DocumentStore) {
    this.enrolments = new Collection(store, "enrolment", ({ fingerprint }) => [fingerprint]);
    this.vens = new Collection(store, "ven", ({ venId }) => [venId]);
    this.events = new Collection(store, "event", ({ eventId }) => [eventId]);
    this.deliveries = new Collection(store, "delivery", ({ venId, eventId }) => [venId, eventId]);
    this.pastDeliveries = new Collection(store, "past-delivery", ({ venId, eventId }) => [venId, eventId]);
    this.outbox = new Collection(store, "outbox", ({ venId, sequence }) => [venId, sortableNumber(sequence)]);
    this.offers = new Collection(store, "offer", ({ venId, report }) => [venId, report.reportSpecifierID]);
    this.reportRequests = new Collection(store, "report-request", ({ venId, request }) => [
      venId,
      request.reportRequestID,
    ]);
    this.receivedReports = new Collection(store, "received-report", ({ venId, report, slot }) => [
      venId,
      report.reportRequestID,
      sortableNumber(slot),
    ]);
    this.askedReports = new Collection(store, "asked-report", ({ venId, request }) => [venId, request.reportRequestID]);
    this.opts = new Collection(store, "opt", ({ venId, optId }) => [venId, optId]);
  }

  /** How far an event has got with a VEN, whether the event is over or not. */
  deliveryOf(venId: string, eventId: string): DeliveryRecord | undefined {
    return this.deliveries.get(venId, eventId) ?? this.pastDeliveries.get(venId, eventId);
  }
}
