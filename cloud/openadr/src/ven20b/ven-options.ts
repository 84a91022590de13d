import type { Clock, RandomSource } from "../clock.ts";
import type { Meter, OfferedReport, WantedReport } from "../reports20b/index.ts";
import type { DocumentStore } from "../storage/index.ts";
import type { OadrEvent, OadrMessage, OadrReport, OptType, ServiceName } from "../wire20b/index.ts";

import type { HeldSignal } from "./event-timeline.ts";

/** Sends a message to a service of the VTN and returns its answer; undefined when the answer is empty. */
export interface VtnTransport {
  send(service: ServiceName, message: OadrMessage): Promise<OadrMessage | undefined>;
}

/** How an answer gets to the VTN: by a request of its own after a poll, or as the reply to what the VTN pushed. */
export type Deliver = VtnTransport["send"];

/** Says yes or no to an event; undefined leaves it to `decide` later. */
export type EventDecision = (event: OadrEvent) => OptType | undefined;

/** What to ask for when the VTN offers a report of its own; undefined for nothing. */
export type VtnReportPolicy = (offer: OadrReport) => WantedReport | undefined;

/** What happened, for the part of the program that acts on it. Told after it is durable. */
export type VenNotification =
  | { readonly kind: "registered"; readonly venId: string }
  | { readonly kind: "registration-cancelled"; readonly venId: string }
  | { readonly kind: "event-received"; readonly event: OadrEvent; readonly optType: OptType | undefined }
  | { readonly kind: "event-cancelled"; readonly eventId: string }
  /** What the signals of an event that was opted into say from now on; none when its run is over. */
  | { readonly kind: "signals-changed"; readonly eventId: string; readonly signals: readonly HeldSignal[] }
  | { readonly kind: "report-sent"; readonly reportRequestId: string }
  | { readonly kind: "report-received"; readonly report: OadrReport };

/** Who a VEN is, and how it answers. */
export interface VenOptions {
  readonly venName: string;
  /** An identifier agreed on outside of OpenADR. */
  readonly venId?: string;
  readonly isSigning: boolean;
  /** Where the VTN reaches this VEN, up to and including the profile's path. Absent: the VEN polls. */
  readonly pushAddress?: string;
  readonly reports: readonly OfferedReport[];
  readonly decide: EventDecision;
  /** Absent: nothing is asked of the VTN's reports. */
  readonly vtnReports?: VtnReportPolicy;
}

/** What a VEN lives on: all of it can be replaced, so that a simulation replays byte for byte. */
export interface VenModules {
  readonly store: DocumentStore;
  readonly transport: VtnTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly meter: Meter;
  readonly onNotification?: (notification: VenNotification) => void;
}
