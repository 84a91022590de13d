import type { PendingReport } from "../reports20b/index.ts";
import type { Fingerprint } from "../signature/index.ts";
import type {
  EiEventBaseline,
  EiEventSignal,
  EiTarget,
  OadrMessage,
  OadrReport,
  OadrReportRequest,
  OptType,
} from "../wire20b/index.ts";

/** A certificate that may register, told to the VTN outside of OpenADR. */
export interface Enrolment {
  readonly fingerprint: Fingerprint;
  /** Set when the VEN has registered, or beforehand when its venID was agreed on outside of OpenADR too. */
  readonly venId: string | undefined;
}

/** A VEN the VTN has met; without `registrationId` it is known but not registered now. */
export interface VenRecord {
  readonly venId: string;
  readonly registrationId: string | undefined;
  readonly venName: string;
  readonly fingerprint: Fingerprint | undefined;
  /** False: the VTN pushes to `transportAddress`. */
  readonly isPull: boolean;
  readonly transportAddress: string | undefined;
  readonly registeredAtUnixMs: number;
}

/** An event as the operator stated it; status and current values follow from it and the time. */
export interface EventRecord {
  readonly eventId: string;
  readonly modificationNumber: number;
  readonly createdAtUnixMs: number;
  readonly modifiedAtUnixMs: number;
  readonly isCancelled: boolean;
  /** 0: none; otherwise lower is more urgent. */
  readonly priority: number;
  readonly marketContext: string;
  readonly startUnixMs: number;
  /** ISO 8601; `PT0S` has no end. */
  readonly duration: string;
  readonly startafter: string | undefined;
  readonly notification: string | undefined;
  readonly rampUp: string | undefined;
  readonly recovery: string | undefined;
  readonly signals: readonly EiEventSignal[];
  readonly target: EiTarget;
  readonly baseline?: EiEventBaseline;
  readonly venIds: readonly string[];
  readonly isResponseRequired: boolean;
  readonly isTest: boolean;
  readonly comment: string | undefined;
}

/** The latest answer of a VEN. It holds for one modification: a change of the event asks anew. */
export interface EventAnswer {
  readonly modificationNumber: number;
  readonly optType: OptType;
  readonly responseCode: string;
  /** What the VEN says besides, in words of its own. */
  readonly description: string | undefined;
  readonly answeredAtUnixMs: number;
}

/** How far one event has got with one VEN. */
export interface DeliveryRecord {
  readonly eventId: string;
  readonly venId: string;
  /** -1 before the first time. */
  readonly sentModification: number;
  readonly sentAtUnixMs: number;
  readonly answer: EventAnswer | undefined;
}

/** A message that waits for the VEN to fetch it; it stays until the VEN has answered it. */
export interface OutboxRecord {
  readonly venId: string;
  readonly sequence: number;
  readonly message: OadrMessage;
  readonly sentAtUnixMs: number | undefined;
}

/** One report the VEN offers. */
export interface OfferRecord {
  readonly venId: string;
  readonly report: OadrReport;
}

/** `refused` is the VEN's word, by leaving a request out of those it confirms. */
export type ReportRequestState = "requested" | "created" | "refused" | "cancelled";

/** One report that was asked for, kept after its end, as the last report may come late. */
export interface ReportRequestRecord {
  readonly venId: string;
  readonly request: OadrReportRequest;
  readonly state: ReportRequestState;
  readonly receivedCount: number;
}

/** One report as it came. */
export interface ReceivedReportRecord {
  readonly venId: string;
  /** Slots are used in a circle, so that the newest reports of a request are kept. */
  readonly slot: number;
  readonly receivedAtUnixMs: number;
  readonly report: OadrReport;
}

/** One opt as it came, under the identifier that the VEN chose. */
export interface OptRecord {
  readonly venId: string;
  readonly optId: string;
  readonly optType: OptType;
  readonly message: OadrMessage;
}

/** One of the VTN's own reports that a VEN asked for. */
export interface AskedReportRecord extends PendingReport {
  readonly venId: string;
}
