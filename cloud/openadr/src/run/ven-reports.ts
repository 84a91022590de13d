import type { Meter, OfferedReport } from "../reports20b/index.ts";

/** Telemetry every minute at most; the VTN chooses the period within these bounds. */
const SAMPLING = { oadrMinPeriod: "PT1M", oadrMaxPeriod: "PT15M", oadrOnChange: false } as const;

const ENERGY = {
  rID: "METER",
  reportType: "usage",
  itemBase: { kind: "energyReal", value: { itemDescription: "RealEnergy", itemUnits: "Wh", siScaleCode: "none" } },
  readingType: "Direct Read",
  oadrSamplingRate: SAMPLING,
} as const;

/** The data point whose value is a status and not a number. */
const STATUS_RID = "STATUS";

/**
 * What a VEN that runs by itself offers. Each kind of data stands in a report of its own, as VTNs ask for whole
 * reports; the history is the meter's energy again, for a period that is over.
 */
export const DEFAULT_REPORTS: readonly OfferedReport[] = [
  { reportSpecifierId: "TELEMETRY-USAGE", reportName: "TELEMETRY_USAGE", duration: "PT1H", descriptions: [ENERGY] },
  {
    reportSpecifierId: "TELEMETRY-STATUS",
    reportName: "TELEMETRY_STATUS",
    duration: "PT1H",
    descriptions: [
      {
        rID: STATUS_RID,
        // The profile's only status report: readings of it are neither measured nor computed.
        reportType: "x-resourceStatus",
        readingType: "x-notApplicable",
        oadrSamplingRate: SAMPLING,
      },
    ],
  },
  { reportSpecifierId: "HISTORY-USAGE", reportName: "HISTORY_USAGE", duration: "P1D", descriptions: [ENERGY] },
];

/**
 * The meter's values, and that the resource is online and nobody overrides it: a program that runs has no other status.
 */
export function withStatus(meter: Meter): Meter {
  const status = {
    kind: "oadrPayloadResourceStatus",
    value: { oadrOnline: true, oadrManualOverride: false },
  } as const;
  return { sample: (interval) => (interval.rId === STATUS_RID ? status : meter.sample(interval)) };
}
