import type { Clock, RandomSource } from "../clock.ts";
import type { DocumentStore } from "../storage/index.ts";
import type {
  OadrEvent,
  OadrMessage,
  OadrReportDescription,
  OadrReportPayload,
  OptType,
  ServiceName,
} from "../wire20b/index.ts";

/** One report a VEN can send. */
export interface OfferedReport {
  readonly reportSpecifierId: string;
  readonly reportName: "TELEMETRY_USAGE" | "TELEMETRY_STATUS" | "HISTORY_USAGE";
  /** ISO 8601; how far back the data reaches. */
  readonly duration: string;
  readonly descriptions: readonly OadrReportDescription[];
}

export interface SampleInterval {
  readonly rId: string;
  readonly startUnixMs: number;
  /** Equal to the start when one momentary value is wanted. */
  readonly endUnixMs: number;
}

/** The VEN's own data. */
export interface Meter {
  /** The value of a data point over an interval; undefined when there is none, which leaves a gap in the report. */
  sample(interval: SampleInterval): OadrReportPayload["payload"] | undefined;
}

/** Sends a message to a service of the VTN and returns its answer; undefined when the answer is empty. */
export interface VtnTransport {
  send(service: ServiceName, message: OadrMessage): Promise<OadrMessage | undefined>;
}

/** How an answer gets to the VTN: by a request of its own after a poll, or as the reply to what the VTN pushed. */
export type Deliver = VtnTransport["send"];

/** Says yes or no to an event; undefined leaves it to `decide` later. */
export type EventDecision = (event: OadrEvent) => OptType | undefined;

export type VenNotification =
  | { readonly kind: "registered"; readonly venId: string }
  | { readonly kind: "registration-cancelled"; readonly venId: string }
  | { readonly kind: "event-received"; readonly event: OadrEvent; readonly optType: OptType | undefined }
  | { readonly kind: "event-cancelled"; readonly eventId: string }
  | { readonly kind: "report-sent"; readonly reportRequestId: string };

export interface VenOptions {
  readonly venName: string;
  /** An identifier agreed on outside of OpenADR. */
  readonly venId?: string;
  readonly isSigning: boolean;
  /** Where the VTN reaches this VEN, up to and including the profile's path. Absent: the VEN polls. */
  readonly pushAddress?: string;
  readonly reports: readonly OfferedReport[];
  readonly decide: EventDecision;
}

export interface VenModules {
  readonly store: DocumentStore;
  readonly transport: VtnTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly meter: Meter;
  readonly onNotification?: (notification: VenNotification) => void;
}
