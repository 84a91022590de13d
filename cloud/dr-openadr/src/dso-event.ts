import { createHash } from "node:crypto";
import type { EventInput, OadrEvent } from "@gridpact/openadr";
import type { BaselineMethod, RequestInterval } from "@gridpact/proto";
import { energyWhOf, meanPowerW } from "./power.ts";
import { type PricedReduction, readReduction, reductionPeriod } from "./reduction.ts";

/** What a DSO wants of an aggregator: a reduction in each market time unit, under the terms of a programme. */
export type DsoEvent = {
  eventId: string;
  intervals: RequestInterval[];
  requestedWh: bigint[];
  priceMicroPerWhMax: bigint;
} & ProgrammeTerms;

/** What DSO and aggregator have agreed on beforehand and no event repeats. */
export type ProgrammeTerms = {
  penaltyMicroPerWh: bigint;
  /** Most that all penalties of one contract may reach, as share of the contract's value. */
  penaltyCapPerMille: number;
  baselineMethod: BaselineMethod;
};

/** The programmes of an aggregator by the market context that events name them with. */
export type Programmes = ReadonlyMap<string, ProgrammeTerms>;

/** The event as the DSO's VTN takes it; its terms are those of the programme. */
export function dsoEventInput(
  event: Omit<DsoEvent, keyof ProgrammeTerms>,
  { venId, programme }: { venId: string; programme: string },
): EventInput {
  const { eventId, intervals, requestedWh, priceMicroPerWhMax } = event;
  const period = reductionPeriod({ intervals, reductionWh: requestedWh, priceMicroPerWh: priceMicroPerWhMax });
  return { eventId, venIds: [venId], marketContext: programme, ...period };
}

/** `reason` goes back to the DSO as the description of an optOut. */
export type ReadDsoEvent = { ok: true; event: DsoEvent } | { ok: false; reason: string };

/** Reads an event of a DSO, whoever wrote it. Intervals of several market time units are asked for evenly. */
export function readDsoEvent({ eiEvent }: OadrEvent, options: { programmes: Programmes; mtuMs: number }): ReadDsoEvent {
  const { eventID, marketContext } = eiEvent.eventDescriptor;
  const terms = options.programmes.get(marketContext);
  if (terms === undefined) return { ok: false, reason: `no programme ${marketContext} here` };
  const reduction = readReduction(eiEvent);
  if (typeof reduction === "string") return { ok: false, reason: reduction };
  const { mtuMs } = options;
  return { ok: true, event: planUnits({ eventId: eventID, terms, reduction, mtuMs }) };
}

/** Of either profile, once its signals are read; `eventId` as the DSO has it, which need not fit a plan. */
export type DsoReduction = { eventId: string; terms: ProgrammeTerms; reduction: PricedReduction; mtuMs: number };

/** A DSO's reduction as an aggregator plans it: in market time units, under the terms of the programme. */
export function planUnits({ eventId, terms, reduction, mtuMs }: DsoReduction): DsoEvent {
  const units = reduction.intervals.flatMap((interval, index) => {
    return unitsOf(interval, reduction.reductionWh[index] ?? 0n, mtuMs);
  });
  return {
    ...terms,
    eventId: planIdOf(eventId),
    intervals: units.map(({ startUnixMs, endUnixMs }) => ({ startUnixMs, endUnixMs })),
    requestedWh: units.map(({ energyWh }) => energyWh),
    priceMicroPerWhMax: reduction.priceMicroPerWh,
  };
}

/** Ids that a plan may have: they become parts of contract ids. */
const PLAN_ID = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/;

/** The id under which an event of a DSO is planned: its own where that is possible, else one that follows from it. */
export function planIdOf(eventId: string): string {
  if (PLAN_ID.test(eventId)) return eventId;
  return `dso-${createHash("sha256").update(eventId).digest("hex").slice(0, PLAN_ID_HASH_CHARS)}`;
}

/** 128 bits: no two events meet by chance. */
const PLAN_ID_HASH_CHARS = 32;

/** An interval in market time units; as it is when it does not consist of whole ones, which planning refuses. */
function unitsOf(
  interval: RequestInterval,
  energyWh: bigint,
  mtuMs: number,
): (RequestInterval & { energyWh: bigint })[] {
  const { startUnixMs, endUnixMs } = interval;
  const count = (endUnixMs - startUnixMs) / mtuMs;
  const unitWh = energyWhOf(meanPowerW(energyWh, endUnixMs - startUnixMs), mtuMs);
  // A day of units and more is no single step of a dispatch.
  const isSteps = Number.isInteger(count) && count >= 1 && count <= UNITS_PER_STEP_MAX;
  if (!isSteps || unitWh === undefined) return [{ ...interval, energyWh }];
  return Array.from({ length: count }, (_, unit) => ({
    startUnixMs: startUnixMs + unit * mtuMs,
    endUnixMs: startUnixMs + (unit + 1) * mtuMs,
    energyWh: unitWh,
  }));
}

/** One step over a whole day of quarters of an hour. */
const UNITS_PER_STEP_MAX = 96;
