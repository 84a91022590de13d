import type { WantedReport } from "../reports20b/index.ts";
import { durationMs, type OadrReport } from "../wire20b/index.ts";
import type { ReportPolicy } from "./vtn-context.ts";

/** Used when a VEN does not say how often it can sample. */
const DEFAULT_GRANULARITY = "PT1M";

/**
 * Asks for every telemetry report a VEN offers, all data points, sampled and sent as often as it can. Histories are
 * asked for by hand, as each stands for one period.
 */
export const requestAllTelemetry: ReportPolicy = (_venId, offer) => {
  if (offer.reportName?.startsWith("METADATA_TELEMETRY") !== true) return undefined;
  return offer.oadrReportDescription.length === 0 ? undefined : wantedAsOffered(offer);
};

function wantedAsOffered(offer: OadrReport): WantedReport {
  const periods = offer.oadrReportDescription.map(
    ({ oadrSamplingRate }) => oadrSamplingRate?.oadrMinPeriod ?? DEFAULT_GRANULARITY,
  );
  // One request has one granularity, so the slowest data point decides.
  const granularity = periods.reduce((slowest, period) =>
    durationMs(period) > durationMs(slowest) ? period : slowest,
  );
  return { granularity, reportBackDuration: granularity, descriptions: offer.oadrReportDescription };
}
