export {
  isOnChange,
  type Meter,
  type OfferedReport,
  type PendingReport,
  type ReportedChange,
  type SampleInterval,
  toMetadata,
  toReportRequest,
  type WantedReport,
} from "./offered-report.ts";
export { ReplayedMeter } from "./replayed-meter.ts";
export { buildChangeReport, buildReport, firstFrom, nextSpan, type ReportSpan } from "./report-schedule.ts";
