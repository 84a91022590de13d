import { element, listOf, many, one, oneAssuming, oneOf, optional, sequence, type TypeOf } from "./codec.ts";
import {
  createdDateTimeUnixMs,
  dtstart,
  marketContext,
  payloadFloat,
  properties,
  uid,
  wrappedDuration,
  xcalDuration,
} from "./event.ts";
import { itemBase } from "./item-base.ts";
import { eiResponseField, optionalVenID, requestID } from "./response.ts";
import { boolean, confidence, duration, extensibleToken, float, text } from "./simple-types.ts";
import { eiTarget } from "./target.ts";

/** The reports of the profile; METADATA_… is the offer of the report behind it. */
export const REPORT_NAMES = [
  "METADATA_HISTORY_USAGE",
  "HISTORY_USAGE",
  "METADATA_HISTORY_GREENBUTTON",
  "HISTORY_GREENBUTTON",
  "METADATA_TELEMETRY_USAGE",
  "TELEMETRY_USAGE",
  "METADATA_TELEMETRY_STATUS",
  "TELEMETRY_STATUS",
] as const;

/** What a value is of. Values beside these are private words that start with `x-`. */
export const REPORT_TYPES = [
  "reading",
  "usage",
  "demand",
  "setPoint",
  "deltaUsage",
  "deltaSetPoint",
  "deltaDemand",
  "baseline",
  "deviation",
  "avgUsage",
  "avgDemand",
  "operatingState",
  "upRegulationCapacityAvailable",
  "downRegulationCapacityAvailable",
  "regulationSetpoint",
  "storedEnergy",
  "targetEnergyStorage",
  "availableEnergyStorage",
  "price",
  "level",
  "powerFactor",
  "percentUsage",
  "percentDemand",
  "x-resourceStatus",
] as const;

/** How a value came about. */
export const READING_TYPES = [
  "Direct Read",
  "Net",
  "Allocated",
  "Estimated",
  "Summed",
  "Derived",
  "Mean",
  "Peak",
  "Hybrid",
  "Contract",
  "Projected",
  "x-RMS",
  "x-notApplicable",
] as const;

/** How far a value can be relied on. */
export const DATA_QUALITIES = [
  "No Quality - No Value",
  "No New Value - Previous Value Used",
  "Quality Bad - Non Specific",
  "Quality Bad - Configuration Error",
  "Quality Bad - Not Connected",
  "Quality Bad - Device Failure",
  "Quality Bad - Sensor Failure",
  "Quality Bad - Last Known Value",
  "Quality Bad - Comm Failure",
  "Quality Bad - Out of Service",
  "Quality Uncertain - Non Specific",
  "Quality Uncertain - Last Usable Value",
  "Quality Uncertain - Sensor Not Accurate",
  "Quality Uncertain - EU Units Exceeded",
  "Quality Uncertain - Sub Normal",
  "Quality Good - Non Specific",
  "Quality Good - Local Override",
  "Quality Limit - Field/Not",
  "Quality Limit - Field/Low",
  "Quality Limit - Field/High",
  "Quality Limit - Field/Constant",
] as const;

const rID = one(element("ei:rID", text));
const readingType = one(element("ei:readingType", extensibleToken(READING_TYPES)));
const reportRequestID = element("ei:reportRequestID", text);
const reportSpecifierID = one(element("ei:reportSpecifierID", text));

const samplingRate = sequence({
  oadrMinPeriod: one(element("oadr:oadrMinPeriod", duration)),
  oadrMaxPeriod: one(element("oadr:oadrMaxPeriod", duration)),
  oadrOnChange: one(element("oadr:oadrOnChange", boolean)),
});

const oadrReportDescription = sequence({
  rID,
  reportSubject: optional(element("ei:reportSubject", eiTarget)),
  reportDataSource: optional(element("ei:reportDataSource", eiTarget)),
  reportType: one(element("ei:reportType", extensibleToken(REPORT_TYPES))),
  itemBase: optional(itemBase),
  readingType,
  marketContext: optional(marketContext),
  oadrSamplingRate: optional(element("oadr:oadrSamplingRate", samplingRate)),
});

/** One data point that a report can have [OADR2.0b oadrReportDescription]. */
export type OadrReportDescription = TypeOf<typeof oadrReportDescription>;

const controlValue = sequence({
  oadrMin: optional(element("oadr:oadrMin", float)),
  oadrMax: optional(element("oadr:oadrMax", float)),
  oadrCurrent: one(element("oadr:oadrCurrent", float)),
  oadrNormal: optional(element("oadr:oadrNormal", float)),
});

const loadControlState = sequence({
  oadrCapacity: optional(element("oadr:oadrCapacity", controlValue)),
  oadrLevelOffset: optional(element("oadr:oadrLevelOffset", controlValue)),
  oadrPercentOffset: optional(element("oadr:oadrPercentOffset", controlValue)),
  oadrSetPoint: optional(element("oadr:oadrSetPoint", controlValue)),
});

const resourceStatus = sequence({
  oadrOnline: one(element("oadr:oadrOnline", boolean)),
  oadrManualOverride: one(element("oadr:oadrManualOverride", boolean)),
  oadrLoadControlState: optional(element("oadr:oadrLoadControlState", loadControlState)),
});

const oadrReportPayload = sequence({
  rID,
  confidence: optional(element("ei:confidence", confidence)),
  accuracy: optional(element("ei:accuracy", float)),
  payload: one(
    oneOf({ payloadFloat, oadrPayloadResourceStatus: element("oadr:oadrPayloadResourceStatus", resourceStatus) }),
  ),
  oadrDataQuality: optional(element("oadr:oadrDataQuality", extensibleToken(DATA_QUALITIES))),
});

/** One value of a report, with its data point [OADR2.0b oadrReportPayload]. */
export type OadrReportPayload = TypeOf<typeof oadrReportPayload>;

const reportInterval = sequence({
  dtstartUnixMs: optional(dtstart),
  duration: optional(xcalDuration),
  uid: optional(uid),
  oadrReportPayload: many(element("oadr:oadrReportPayload", oadrReportPayload), 1),
});

const oadrReport = sequence({
  dtstartUnixMs: optional(dtstart),
  duration: optional(xcalDuration),
  intervals: optional(element("strm:intervals", listOf(element("ei:interval", reportInterval), 1))),
  eiReportID: optional(element("ei:eiReportID", text)),
  oadrReportDescription: many(element("oadr:oadrReportDescription", oadrReportDescription)),
  /** The profile wants "0" here in metadata reports; pyoadr-ven leaves it out of them. */
  reportRequestID: oneAssuming(reportRequestID, "0"),
  reportSpecifierID,
  reportName: optional(element("ei:reportName", extensibleToken(REPORT_NAMES))),
  createdDateTimeUnixMs,
});

/** A report, on offer or with values [OADR2.0b oadrReport]. */
export type OadrReport = TypeOf<typeof oadrReport>;

const specifierPayload = sequence({ rID, itemBase: optional(itemBase), readingType });

const reportSpecifier = sequence({
  reportSpecifierID,
  /** How often a value is sampled; PT0S: whenever it changes. */
  granularity: one(element("xcal:granularity", wrappedDuration)),
  /** How often samples are sent; PT0S: once, at the end of the report interval. */
  reportBackDuration: one(element("ei:reportBackDuration", wrappedDuration)),
  reportInterval: optional(element("ei:reportInterval", sequence({ properties: one(properties) }))),
  specifierPayload: many(element("ei:specifierPayload", specifierPayload), 1),
});

const oadrReportRequest = sequence({
  reportRequestID: one(reportRequestID),
  reportSpecifier: one(element("ei:reportSpecifier", reportSpecifier)),
});

/** A report that is asked for [OADR2.0b oadrReportRequest]. */
export type OadrReportRequest = TypeOf<typeof oadrReportRequest>;

const reports = many(element("oadr:oadrReport", oadrReport));
const pendingReports = one(element("oadr:oadrPendingReports", listOf(reportRequestID, 0)));

/** Either to the other: the reports it offers, in place of all that it offered before. */
export const oadrRegisterReport = sequence({
  requestID,
  oadrReport: reports,
  venID: optionalVenID,
  reportRequestID: optional(reportRequestID),
});

/** The answer to an offer, which may ask for some of it at once. */
export const oadrRegisteredReport = sequence({
  eiResponse: eiResponseField,
  oadrReportRequest: many(element("oadr:oadrReportRequest", oadrReportRequest)),
  venID: optionalVenID,
});

/** Asks for reports that are on offer. */
export const oadrCreateReport = sequence({
  requestID,
  oadrReportRequest: many(element("oadr:oadrReportRequest", oadrReportRequest), 1),
  venID: optionalVenID,
});

/** The answer to requests: those it lists are being made. */
export const oadrCreatedReport = sequence({
  eiResponse: eiResponseField,
  oadrPendingReports: pendingReports,
  venID: optionalVenID,
});

/** The data of reports that were asked for. */
export const oadrUpdateReport = sequence({ requestID, oadrReport: reports, venID: optionalVenID });

/** Wants no more of a report, or only one more. */
export const oadrCancelReport = sequence({
  requestID,
  reportRequestID: many(reportRequestID, 1),
  reportToFollow: one(element("pyld:reportToFollow", boolean)),
  venID: optionalVenID,
});

/** The answer to data, which may cancel its report. */
export const oadrUpdatedReport = sequence({
  eiResponse: eiResponseField,
  oadrCancelReport: optional(element("oadr:oadrCancelReport", oadrCancelReport)),
  venID: optionalVenID,
});

/** The answer to a cancellation: those it lists go on. */
export const oadrCanceledReport = sequence({
  eiResponse: eiResponseField,
  oadrPendingReports: pendingReports,
  venID: optionalVenID,
});
