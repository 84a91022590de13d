export {
  type Meter,
  type OfferedReport,
  type PendingReport,
  type SampleInterval,
  toMetadata,
  toReportRequest,
  type WantedReport,
} from "./offered-report.ts";
export { ReplayedMeter } from "./replayed-meter.ts";
export { buildReport, firstFrom, nextSpan, type ReportSpan } from "./report-schedule.ts";
