import type { OadrReport, OfferedReport, ReportedChange, ReportPolicy } from "@gridpact/openadr";
import { wholeOf } from "./power.ts";
import { periodOf } from "./reduction.ts";

/** Energy delivered in one market time unit, and what is missing of what was promised for it. */
export type IntervalDelivery = { startUnixMs: number; endUnixMs: number; deliveredWh: bigint; shortfallWh: bigint };

/**
 * How a virtual node (or an aggregator, to its DSO) reports delivery: a usage report on change, one interval at a time.
 *
 *    eiReportID    id of the request, or of the DSO's event
 *    interval      the market time unit
 *    delivered     deltaUsage, Wh: how much less (negative) than the baseline
 *    shortfall     deviation, Wh: how much of the nomination is missing
 */
const SPECIFIER_ID = "DELIVERY";
const DELIVERED = "delivered";
const SHORTFALL = "shortfall";

/** A market time unit: no report comes more often. */
const SAMPLING = { oadrMinPeriod: "PT15M", oadrMaxPeriod: "PT15M", oadrOnChange: true } as const;

const ENERGY_UNIT = {
  kind: "energyReal",
  value: { itemDescription: "RealEnergy", itemUnits: "Wh", siScaleCode: "none" },
} as const;

const POINT = { itemBase: ENERGY_UNIT, readingType: "Derived", oadrSamplingRate: SAMPLING } as const;

/** What a VEN of ours offers when it registers. [OADR2.0b oadrRegisterReport] */
export const DELIVERY_REPORT: OfferedReport = {
  reportSpecifierId: SPECIFIER_ID,
  reportName: "TELEMETRY_USAGE",
  duration: "P1D",
  descriptions: [
    { rID: DELIVERED, reportType: "deltaUsage", ...POINT },
    { rID: SHORTFALL, reportType: "deviation", ...POINT },
  ],
};

/** Asks for delivery and for nothing else that a node may offer. */
export const requestDelivery: ReportPolicy = (_venId, offer) => {
  if (offer.reportSpecifierID !== SPECIFIER_ID || offer.oadrReportDescription.length === 0) return undefined;
  const { oadrMinPeriod } = SAMPLING;
  const descriptions = offer.oadrReportDescription;
  return { granularity: oadrMinPeriod, reportBackDuration: oadrMinPeriod, descriptions };
};

/** What was delivered in one interval, as data of the report. */
export function deliveryChange(id: string, delivery: IntervalDelivery): ReportedChange {
  const { startUnixMs, endUnixMs, deliveredWh, shortfallWh } = delivery;
  const point = (rID: string, energyWh: bigint) =>
    ({ rID, payload: { kind: "payloadFloat", value: Number(energyWh) } }) as const;
  return {
    eiReportId: id,
    startUnixMs,
    duration: periodOf(endUnixMs - startUnixMs),
    payloads: [point(DELIVERED, -deliveredWh), point(SHORTFALL, shortfallWh)],
  };
}

/** Delivery in the interval that starts at `startUnixMs` of the request `requestId`. */
export type Delivery = { requestId: string; startUnixMs: number; deliveredWh: bigint; shortfallWh: bigint };

/** What a report says of deliveries; nothing when it is of something else. */
export function readDeliveries({ reportSpecifierID, eiReportID, intervals, dtstartUnixMs }: OadrReport): Delivery[] {
  if (reportSpecifierID !== SPECIFIER_ID || eiReportID === undefined) return [];
  return (intervals ?? []).flatMap((interval) => {
    const energyWhOfPoint = (rId: string) => {
      const payload = interval.oadrReportPayload.find(({ rID }) => rID === rId)?.payload;
      return payload?.kind === "payloadFloat" ? wholeOf(payload.value) : undefined;
    };
    const deltaWh = energyWhOfPoint(DELIVERED);
    const startUnixMs = interval.dtstartUnixMs ?? dtstartUnixMs;
    if (deltaWh === undefined || startUnixMs === undefined) return [];
    return [
      { requestId: eiReportID, startUnixMs, deliveredWh: -deltaWh, shortfallWh: energyWhOfPoint(SHORTFALL) ?? 0n },
    ];
  });
}
