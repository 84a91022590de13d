import type { RandomSource } from "../clock.ts";
import type { Meter, OfferedReport, WantedReport } from "../reports20b/index.ts";
import type { Fingerprint } from "../signature/index.ts";
import type { OadrReport } from "../wire20b/index.ts";
import type { EventAnswer } from "./records.ts";
import type { VtnState } from "./vtn-state.ts";

/** What the VTN asks for when a VEN offers a report; undefined for nothing. */
export type ReportPolicy = (venId: string, offer: OadrReport) => WantedReport | undefined;

/** What a VTN is told once and keeps to. */
export interface VtnOptions {
  readonly vtnId: string;
  /** ISO 8601; how often VENs are told to poll. */
  readonly pollFrequency: string;
  /** Whether every VEN must be enrolled by its certificate. MUST be true wherever the transport proves identity. */
  readonly isEnrolmentRequired: boolean;
  readonly reportPolicy: ReportPolicy;
  /** The VTN's own reports, of which VENs may ask; absent: none. */
  readonly reports?: readonly OfferedReport[];
}

/** What happened, for the part of the program that acts on it. Told after it is durable. */
export type VtnNotification =
  | { readonly kind: "registered"; readonly venId: string }
  | { readonly kind: "registration-cancelled"; readonly venId: string }
  | { readonly kind: "event-answered"; readonly venId: string; readonly eventId: string; readonly answer: EventAnswer }
  | { readonly kind: "report-received"; readonly venId: string; readonly report: OadrReport }
  | { readonly kind: "opt-changed"; readonly venId: string; readonly optId: string };

/** Who sent a message, as far as the transport and the signature prove it. */
export interface PeerIdentity {
  readonly fingerprint: Fingerprint | undefined;
}

/** All that handling one message may see and touch. */
export interface VtnContext {
  readonly options: VtnOptions;
  readonly state: VtnState;
  readonly nowUnixMs: number;
  readonly random: RandomSource;
  /** The data of the VTN's own reports. */
  readonly meter: Meter;
  readonly peer: PeerIdentity;
  notify(notification: VtnNotification): void;
}
