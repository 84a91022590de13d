import { addDuration, type OadrEvent, type SignalInput } from "@gridpact/openadr";
import type { RequestInterval } from "@gridpact/proto";
import { energyWhOf, meanPowerW, wholeOf } from "./power.ts";

/** ISO 4217. Ledger and programmes have one currency, so an event priced in another is refused. */
export const CURRENCY = "EUR";

/** EUR/kWh are a thousandth of micro-euro per Wh. */
export const MICRO_PER_WH_OF_PER_KWH = 1_000;

const POWER_UNIT = {
  kind: "powerReal",
  value: {
    itemDescription: "RealPower",
    itemUnits: "W",
    siScaleCode: "none",
    powerAttributes: { hertz: 50, voltage: 230, ac: true },
  },
} as const;

const PRICE_UNIT = {
  kind: "currencyPerKWh",
  value: { itemDescription: "currencyPerKWh", itemUnits: CURRENCY, siScaleCode: "none" },
} as const;

/** A reduction in each interval, and what is paid for it. */
export type PricedReduction = { intervals: RequestInterval[]; reductionWh: bigint[]; priceMicroPerWh: bigint };

/** Period and signals of a reduction. Intervals MUST follow each other without gaps. */
export function reductionPeriod({ intervals, reductionWh, priceMicroPerWh }: PricedReduction) {
  const startUnixMs = intervals[0]?.startUnixMs ?? 0;
  const duration = periodOf((intervals.at(-1)?.endUnixMs ?? 0) - startUnixMs);
  const price = Number(priceMicroPerWh) / MICRO_PER_WH_OF_PER_KWH;
  const signals: SignalInput[] = [
    {
      signalName: "LOAD_DISPATCH",
      signalType: "delta",
      itemBase: POWER_UNIT,
      intervals: intervals.map((interval, index) => {
        const lengthMs = interval.endUnixMs - interval.startUnixMs;
        return { duration: periodOf(lengthMs), value: meanPowerW(-(reductionWh[index] ?? 0n), lengthMs) };
      }),
    },
    {
      signalName: "ELECTRICITY_PRICE",
      signalType: "price",
      itemBase: PRICE_UNIT,
      intervals: [{ duration, value: price }],
    },
  ];
  return { startUnixMs, duration, signals };
}

type Signals = OadrEvent["eiEvent"]["eiEventSignals"]["eiEventSignal"];

/** What an event's signals ask for; in words what is wrong with them when they ask for no reduction. */
export function readReduction({ eiEventSignals, eiActivePeriod }: OadrEvent["eiEvent"]): PricedReduction | string {
  const priceMicroPerWh = readPrice(eiEventSignals.eiEventSignal);
  if (typeof priceMicroPerWh === "string") return priceMicroPerWh;
  const dispatch = eiEventSignals.eiEventSignal.find(({ signalName }) => signalName === "LOAD_DISPATCH");
  const unit = dispatch?.itemBase;
  const scale = unit?.kind === "powerReal" ? SCALES[unit.value.siScaleCode] : undefined;
  if (dispatch?.signalType !== "delta" || scale === undefined) return "a LOAD_DISPATCH delta in W is needed";
  const intervals: RequestInterval[] = [];
  const reductionWh: bigint[] = [];
  let startUnixMs = eiActivePeriod.properties.dtstartUnixMs;
  for (const { duration, signalPayload } of dispatch.intervals) {
    const endUnixMs = addDuration(startUnixMs, duration ?? eiActivePeriod.properties.duration);
    intervals.push({ startUnixMs, endUnixMs });
    const energyWh = energyWhOf(-(signalPayload[0] ?? 0) * scale, endUnixMs - startUnixMs);
    if (energyWh === undefined) return TOO_MUCH;
    reductionWh.push(energyWh);
    startUnixMs = endUnixMs;
  }
  return { intervals, reductionWh, priceMicroPerWh };
}

/** Of `siScaleCode`, as far as loads of a district are stated in them. */
const SCALES: Readonly<Record<string, number>> = { none: 1, k: 1_000, M: 1_000_000 };

function readPrice(signals: Signals): bigint | string {
  const price = signals.find(({ signalName }) => signalName === "ELECTRICITY_PRICE");
  const unit = price?.itemBase;
  const isPrice = price?.signalType === "price" && unit?.kind === "currencyPerKWh";
  const isPlain = isPrice && unit.value.itemUnits === CURRENCY && unit.value.siScaleCode === "none";
  if (!isPlain) return `an ELECTRICITY_PRICE in ${CURRENCY}/kWh is needed`;
  return readOnePrice(price.intervals.map(({ signalPayload }) => signalPayload[0] ?? 0));
}

/** Of energy and price alike. */
export const TOO_MUCH = "energy and price must be below 2^53 Wh and micro-euro per Wh";

/**
 * The price of all intervals, from EUR/kWh, in micro-euro per Wh; in words why there is none. A contract has one price
 * (the terms of an SC1), so an event with a price of its own for each interval cannot become one.
 */
export function readOnePrice(prices: readonly number[]): bigint | string {
  const [first = 0] = prices;
  if (prices.some((price) => price !== first)) return "one price for all intervals is needed";
  return wholeOf(first * MICRO_PER_WH_OF_PER_KWH) ?? TOO_MUCH;
}

const MS_PER_SECOND = 1_000;

/** ISO 8601 in whole seconds, which market time units are. */
export function periodOf(milliseconds: number): string {
  return `PT${Math.round(milliseconds / MS_PER_SECOND)}S`;
}
