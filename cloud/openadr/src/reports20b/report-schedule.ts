import {
  addDuration,
  durationMs,
  type OadrReport,
  type OadrReportPayload,
  type OadrReportRequest,
} from "../wire20b/index.ts";
import type { Meter, OfferedReport, PendingReport, ReportedChange } from "./offered-report.ts";

/**
 * When a requested report is due and what is in it.
 *
 *   from      +granularity                        from + reportBackDuration
 *    ├────────────┼────────────┼────────────┼────────────┤──▶ time
 *    │  sample 0  │  sample 1  │  sample 2  │  sample 3  │ one report with four intervals
 *
 * A granularity of zero means one value for the whole span; a report-back duration of zero means one report, at the
 * end of the requested period (at once when that is past, as for histories, or when no period was stated).
 */

/**
 * One signed message stays at about 110 kB, well below what receivers take; what does not fit goes into the next one.
 */
export const MAX_SAMPLES_PER_REPORT = 300;

/** The time that a report is about. */
export interface ReportSpan {
  readonly fromUnixMs: number;
  readonly toUnixMs: number;
  /** Whether nothing follows this span. */
  readonly isLast: boolean;
}

/** The first sample's start for a new request. */
export function firstFrom({ reportSpecifier }: OadrReportRequest, nowUnixMs: number): number {
  return reportSpecifier.reportInterval?.properties.dtstartUnixMs ?? nowUnixMs;
}

/** The next span to send; undefined for a request that is fulfilled. */
export function nextSpan({ request, nextFromUnixMs, requestedAtUnixMs }: PendingReport): ReportSpan | undefined {
  const { granularity, reportBackDuration } = request.reportSpecifier;
  const endUnixMs = endOfRequest(request);
  if (nextFromUnixMs > endUnixMs || (nextFromUnixMs === endUnixMs && endUnixMs !== requestedAtUnixMs)) return undefined;
  const backMs = durationMs(reportBackDuration);
  if (backMs === 0) {
    const toUnixMs = Number.isFinite(endUnixMs) ? endUnixMs : nextFromUnixMs;
    return limit({ fromUnixMs: nextFromUnixMs, toUnixMs, isLast: true }, granularity);
  }
  const spanMs = Math.max(backMs, durationMs(granularity));
  const toUnixMs = Math.min(nextFromUnixMs + spanMs, endUnixMs);
  return limit({ fromUnixMs: nextFromUnixMs, toUnixMs, isLast: toUnixMs === endUnixMs }, granularity);
}

function limit(span: ReportSpan, granularity: string): ReportSpan {
  const stepMs = durationMs(granularity);
  if (stepMs === 0) return span;
  const mostUnixMs = span.fromUnixMs + stepMs * MAX_SAMPLES_PER_REPORT;
  return span.toUnixMs <= mostUnixMs ? span : { ...span, toUnixMs: mostUnixMs, isLast: false };
}

function endOfRequest({ reportSpecifier }: OadrReportRequest): number {
  const period = reportSpecifier.reportInterval?.properties;
  if (period === undefined) return Number.POSITIVE_INFINITY;
  const endUnixMs = addDuration(period.dtstartUnixMs, period.duration);
  return endUnixMs === period.dtstartUnixMs ? Number.POSITIVE_INFINITY : endUnixMs;
}

type ReportInterval = NonNullable<OadrReport["intervals"]>[number];

interface ReportMoment {
  readonly nowUnixMs: number;
  readonly eiReportId: string;
}

/** The report for a span, or undefined when the meter has nothing of it. */
export function buildReport(
  { request }: PendingReport,
  offered: OfferedReport,
  span: ReportSpan,
  meter: Meter,
  { nowUnixMs, eiReportId }: ReportMoment,
): OadrReport | undefined {
  const intervals = sampleSpan(request, span, meter);
  if (intervals.length === 0) return undefined;
  return {
    dtstartUnixMs: span.fromUnixMs,
    intervals,
    eiReportID: eiReportId,
    oadrReportDescription: [],
    reportRequestID: request.reportRequestID,
    reportSpecifierID: request.reportSpecifier.reportSpecifierID,
    reportName: offered.reportName,
    createdDateTimeUnixMs: nowUnixMs,
  };
}

/** The report of one change: a single interval, as far as its data points were asked for; undefined when none was. */
export function buildChangeReport(
  { request }: PendingReport,
  offered: OfferedReport,
  { eiReportId, startUnixMs, duration, payloads }: ReportedChange,
  nowUnixMs: number,
): OadrReport | undefined {
  const { specifierPayload, reportSpecifierID } = request.reportSpecifier;
  const wanted = payloads.filter((payload) => specifierPayload.some(({ rID }) => rID === payload.rID));
  if (wanted.length === 0) return undefined;
  return {
    dtstartUnixMs: startUnixMs,
    intervals: [{ dtstartUnixMs: startUnixMs, duration, uid: "0", oadrReportPayload: wanted }],
    eiReportID: eiReportId,
    oadrReportDescription: [],
    reportRequestID: request.reportRequestID,
    reportSpecifierID,
    reportName: offered.reportName,
    createdDateTimeUnixMs: nowUnixMs,
  };
}

function sampleSpan(request: OadrReportRequest, span: ReportSpan, meter: Meter): ReportInterval[] {
  const { granularity } = request.reportSpecifier;
  const stepMs = durationMs(granularity) || Math.max(span.toUnixMs - span.fromUnixMs, 1);
  const intervals: ReportInterval[] = [];
  for (let startUnixMs = span.fromUnixMs; startUnixMs <= span.toUnixMs; startUnixMs += stepMs) {
    const isEmpty = startUnixMs === span.toUnixMs && span.fromUnixMs !== span.toUnixMs;
    if (isEmpty) break;
    const endUnixMs = Math.min(startUnixMs + stepMs, span.toUnixMs);
    const payloads = samplePoints(request, meter, startUnixMs, endUnixMs);
    if (payloads.length === 0) continue;
    const uid = String(intervals.length);
    const duration = durationMs(granularity) === 0 ? {} : { duration: granularity };
    intervals.push({ dtstartUnixMs: startUnixMs, ...duration, uid, oadrReportPayload: payloads });
  }
  return intervals;
}

function samplePoints(
  request: OadrReportRequest,
  meter: Meter,
  startUnixMs: number,
  endUnixMs: number,
): OadrReportPayload[] {
  return request.reportSpecifier.specifierPayload.flatMap(({ rID }) => {
    const payload = meter.sample({ rId: rID, startUnixMs, endUnixMs });
    return payload === undefined ? [] : [{ rID, payload }];
  });
}
