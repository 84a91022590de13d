import type { OadrReport, OadrReportDescription, OadrReportPayload, OadrReportRequest } from "../wire20b/index.ts";

/** One report that a party can send; in 2.0b both VENs and VTNs can. */
export interface OfferedReport {
  readonly reportSpecifierId: string;
  readonly reportName: "TELEMETRY_USAGE" | "TELEMETRY_STATUS" | "HISTORY_USAGE";
  /** ISO 8601; how far back the data reaches. */
  readonly duration: string;
  readonly descriptions: readonly OadrReportDescription[];
}

/** What a meter is asked for. */
export interface SampleInterval {
  readonly rId: string;
  readonly startUnixMs: number;
  /** Equal to the start when one momentary value is wanted. */
  readonly endUnixMs: number;
}

/** A party's own data. */
export interface Meter {
  /** The value of a data point over an interval; undefined when there is none, which leaves a gap in the report. */
  sample(interval: SampleInterval): OadrReportPayload["payload"] | undefined;
}

/** New data of a report that is sent whenever there is some, not at set times. */
export interface ReportedChange {
  /** Names this piece of data; the same name sent again means the same data. */
  readonly eiReportId: string;
  readonly startUnixMs: number;
  /** ISO 8601. */
  readonly duration: string;
  readonly payloads: readonly OadrReportPayload[];
}

/** Whether a report is sent on change: all of its data points say so [OADR2.0b `oadrOnChange`]. */
export function isOnChange({ descriptions }: OfferedReport): boolean {
  return descriptions.length > 0 && descriptions.every(({ oadrSamplingRate }) => oadrSamplingRate?.oadrOnChange);
}

/** What is asked of a report on offer: samples of some of its data points. */
export interface WantedReport {
  /** ISO 8601; how far the samples are apart. */
  readonly granularity: string;
  /** ISO 8601; how often they are sent, `PT0S` for once. */
  readonly reportBackDuration: string;
  readonly descriptions: readonly OadrReportDescription[];
  /** Of a history, or to begin and end at set times. */
  readonly period?: { readonly dtstartUnixMs: number; readonly duration: string };
}

/** A report that was asked for and how far it has been sent. */
export interface PendingReport {
  readonly request: OadrReportRequest;
  readonly requestedAtUnixMs: number;
  /** Start of the first sample that was not sent yet. */
  readonly nextFromUnixMs: number;
}

/** The offer as it goes over the wire. */
export function toMetadata(offered: OfferedReport, nowUnixMs: number): OadrReport {
  return {
    duration: offered.duration,
    oadrReportDescription: offered.descriptions,
    // The profile fixes "0" for reports that nobody has asked for.
    reportRequestID: "0",
    reportSpecifierID: offered.reportSpecifierId,
    reportName: `METADATA_${offered.reportName}`,
    createdDateTimeUnixMs: nowUnixMs,
  };
}

/** The request for a report on offer as it goes over the wire. */
export function toReportRequest(
  reportRequestID: string,
  reportSpecifierID: string,
  { granularity, reportBackDuration, descriptions, period }: WantedReport,
): OadrReportRequest {
  return {
    reportRequestID,
    reportSpecifier: {
      reportSpecifierID,
      granularity,
      reportBackDuration,
      ...(period === undefined ? {} : { reportInterval: { properties: period } }),
      specifierPayload: descriptions.map(({ rID, readingType }) => ({ rID, readingType })),
    },
  };
}
