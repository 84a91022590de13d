import type { Report3, ReportRequest, ValuesMap } from "@gridpact/openadr";
import type { DrResponse } from "@gridpact/proto";
import type { IntervalDelivery } from "./delivery-report.ts";
import { wholeOf } from "./power.ts";
import { periodOf } from "./reduction.ts";
import { readAnswer, writeAnswer } from "./terms-text.ts";

/** What a VEN says on an event in 3.1, which knows reports only: its answer once, and delivery interval by interval. */
const ANSWER_NAME = "answer";
const DELIVERY_NAME = "delivery";

/** Of the whole VEN [OADR3.1 Definition, Enumerations]. */
const RESOURCE = "AGGREGATED_REPORT";

const ANSWER = "GRIDPACT_ANSWER";
const DELIVERED = "DELTA_USAGE";
const SHORTFALL = "GRIDPACT_SHORTFALL";

const WH_PER_KWH = 1_000;

const DELIVERY_DESCRIPTORS = [DELIVERED, SHORTFALL].map((payloadType) => ({
  objectType: "REPORT_PAYLOAD_DESCRIPTOR",
  payloadType,
  units: "KWH",
}));

/** optIn or optOut, with what goes along with it. */
export function answerReport(eventID: string, clientName: string, response: DrResponse): ReportRequest {
  const optType = response.isAccepted ? "optIn" : "optOut";
  const payloads = [{ type: ANSWER, values: [optType, writeAnswer(response)] }];
  const resources = [{ resourceName: RESOURCE, intervals: [{ id: 0, payloads }] }];
  return { eventID, clientName, reportName: ANSWER_NAME, resources };
}

/** The answer that a report is; undefined when it is of something else. */
export function readAnswerReport({ reportName, resources }: Report3): DrResponse | undefined {
  if (reportName !== ANSWER_NAME) return undefined;
  const values = resources[0]?.intervals[0]?.payloads.find(({ type }) => type === ANSWER)?.values ?? [];
  const [optType, text] = values;
  if (optType !== "optIn" && optType !== "optOut") return undefined;
  return readAnswer(optType, typeof text === "string" ? text : undefined);
}

/** Energy in kWh as 3.1 counts it; a reduction is negative. */
export function deliveryReport31(eventID: string, clientName: string, delivery: IntervalDelivery): ReportRequest {
  const { startUnixMs, endUnixMs, deliveredWh, shortfallWh } = delivery;
  const intervalPeriod = { start: new Date(startUnixMs).toISOString(), duration: periodOf(endUnixMs - startUnixMs) };
  const payloads = [
    { type: DELIVERED, values: [Number(-deliveredWh) / WH_PER_KWH] },
    { type: SHORTFALL, values: [Number(shortfallWh) / WH_PER_KWH] },
  ];
  return {
    eventID,
    clientName,
    reportName: DELIVERY_NAME,
    payloadDescriptors: DELIVERY_DESCRIPTORS,
    resources: [{ resourceName: RESOURCE, intervals: [{ id: 0, intervalPeriod, payloads }] }],
  };
}

/** What a report says of deliveries; nothing when it is of something else. */
export function readDeliveryReport31({ reportName, resources }: Report3): Omit<IntervalDelivery, "endUnixMs">[] {
  if (reportName !== DELIVERY_NAME) return [];
  return resources.flatMap(({ intervals }) =>
    intervals.flatMap(({ intervalPeriod, payloads }) => {
      const deltaWh = energyWhOfPayload(payloads, DELIVERED);
      const startUnixMs = Date.parse(intervalPeriod?.start ?? "");
      if (deltaWh === undefined || Number.isNaN(startUnixMs)) return [];
      return [{ startUnixMs, deliveredWh: -deltaWh, shortfallWh: energyWhOfPayload(payloads, SHORTFALL) ?? 0n }];
    }),
  );
}

function energyWhOfPayload(payloads: readonly ValuesMap[], wanted: string): bigint | undefined {
  const value = payloads.find(({ type }) => type === wanted)?.values[0];
  return typeof value === "number" ? wholeOf(value * WH_PER_KWH) : undefined;
}
