import { type Event3, type EventRequest, type TimelineInterval, timelineOf, type ValuesMap } from "@gridpact/openadr";
import { energyWhOf, meanPowerW } from "./power.ts";
import {
  CURRENCY,
  MICRO_PER_WH_OF_PER_KWH,
  type PricedReduction,
  periodOf,
  readOnePrice,
  TOO_MUCH,
} from "./reduction.ts";

/** A reduction as 3.1 states it: relative setpoints in kW (negative: less) with the price of each interval. */
const SETPOINT = "DISPATCH_SETPOINT_RELATIVE";
const PRICE = "PRICE";

const W_PER_KW = 1_000;

const PAYLOAD_DESCRIPTORS = [
  { objectType: "EVENT_PAYLOAD_DESCRIPTOR", payloadType: SETPOINT, units: "KW" },
  { objectType: "EVENT_PAYLOAD_DESCRIPTOR", payloadType: PRICE, units: "KWH", currency: CURRENCY },
] as const;

/** Period and intervals of a reduction; `firstPayloads` go along with the first interval. */
export function reductionEvent31(
  { intervals, reductionWh, priceMicroPerWh }: PricedReduction,
  firstPayloads: readonly ValuesMap[] = [],
): Pick<EventRequest, "intervalPeriod" | "intervals" | "payloadDescriptors"> {
  const price = Number(priceMicroPerWh) / MICRO_PER_WH_OF_PER_KWH;
  const [first] = intervals;
  const lengthMs = first === undefined ? 0 : first.endUnixMs - first.startUnixMs;
  return {
    intervalPeriod: { start: new Date(first?.startUnixMs ?? 0).toISOString(), duration: periodOf(lengthMs) },
    payloadDescriptors: PAYLOAD_DESCRIPTORS,
    intervals: intervals.map(({ startUnixMs, endUnixMs }, id) => {
      const powerW = meanPowerW(-(reductionWh[id] ?? 0n), endUnixMs - startUnixMs);
      const payloads = [
        { type: SETPOINT, values: [powerW / W_PER_KW] },
        { type: PRICE, values: [price] },
        ...(id === 0 ? firstPayloads : []),
      ];
      return { id, intervalPeriod: { duration: periodOf(endUnixMs - startUnixMs) }, payloads };
    }),
  };
}

/** What an event asks for; in words what is wrong with it when it asks for no reduction. */
export function readReduction31(event: Event3): PricedReduction | string {
  const isRandom = [event, ...(event.intervals ?? [])].some(
    (each) => each.intervalPeriod?.randomizeStart !== undefined,
  );
  if (isRandom) return "a start at random cannot be contracted";
  const steps = timelineOf(event, NO_MOMENT).map(readStep);
  if (steps.length === 0) return "the event has no intervals";
  const fault = steps.find((step) => typeof step === "string");
  if (fault !== undefined) return fault;
  const read = steps.filter((step) => typeof step !== "string");
  const priceMicroPerWh = readOnePrice(read.map(({ price }) => price));
  if (typeof priceMicroPerWh === "string") return priceMicroPerWh;
  return {
    intervals: read.map(({ interval }) => interval),
    reductionWh: read.map(({ reductionWh }) => reductionWh),
    priceMicroPerWh,
  };
}

type Step = { interval: PricedReduction["intervals"][number]; reductionWh: bigint; price: number };

function readStep({ startUnixMs, endUnixMs, payloads }: TimelineInterval): Step | string {
  const powerKw = numberOf(payloads, SETPOINT);
  const price = numberOf(payloads, PRICE);
  if (powerKw === undefined || price === undefined) return `${SETPOINT} and ${PRICE} are needed in each interval`;
  if (!Number.isFinite(endUnixMs)) return "an end is needed";
  const reductionWh = energyWhOf(-powerKw * W_PER_KW, endUnixMs - startUnixMs);
  return reductionWh === undefined ? TOO_MUCH : { interval: { startUnixMs, endUnixMs }, reductionWh, price };
}

/** A start of "now" is long past, so planning refuses it; nothing is drawn, as random starts are refused before. */
const NO_MOMENT = { nowUnixMs: 0, random: { bytes: (count: number) => new Uint8Array(count) } };

function numberOf(payloads: readonly ValuesMap[], type: string): number | undefined {
  const value = payloads.find((each) => each.type === type)?.values[0];
  return typeof value === "number" ? value : undefined;
}
