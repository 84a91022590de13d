import { NEW_SUPPLIER, rememberEvent, type SupplierMemory } from "../matching/index.ts";
import { type BetaCounts, observedShare } from "./beta-counts.ts";

/** Of UTC days, which have no others: states know no zone. */
export const HOURS_PER_DAY = 24;

/** Events that a state remembers: a quarter of a year of one a day, as many as re-clustering looks back at. */
export const TRACES_MAX = 90;

/** Usual power by hour of the day (UTC), W, import positive, and how it follows the weather. */
export type DayProfile = {
  /** Monday to Friday, 24 values. */
  readonly workdayW: readonly number[];
  /** Saturday and Sunday, 24 values; those of working days where none was seen. */
  readonly restdayW: readonly number[];
  /** Change of power for each degree warmer than usual at that hour; null without weather or any relation. */
  readonly wattPerKelvin: number | null;
  /** Days that it was learned from. */
  readonly dayCount: number;
};

/** What can be counted on in one hour of the day, in three days of four. */
export type HourFlexibility = {
  /** Share of market time units with a reading, per mille. */
  readonly presentPerMille: number;
  readonly reduceW: number;
  readonly increaseW: number;
};

/** A mean that starts from an assumption and weighs it as two observations. */
export type LearnedMean = { readonly value: number; readonly count: number };

/** What one event asked and got of a prosumer; energies in Wh, money in micro-currency, as numbers for statistics. */
export type EventTrace = {
  readonly eventId: string;
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  /** The most it could have been ordered. */
  readonly offeredWh: number;
  /** 0 when it was not called. */
  readonly orderedWh: number;
  readonly deliveredWh: number;
  readonly earnedMicro: number;
  /** Caught up on after the event, per mille of what was delivered; null until the hours after it are metered. */
  readonly reboundPerMille: number | null;
};

/**
 * The agent of one prosumer: all that its virtual node has learned of it, from readings and from settled events. A
 * value without methods: it is stored as it is, and every change is a function from state to state.
 */
export type ProsumerState = {
  readonly formatVersion: 1;
  readonly prosumerId: string;
  /** What the matching policy is told. */
  readonly memory: SupplierMemory;
  /** Delivered / ordered. */
  readonly reliability: BetaCounts;
  /** Contracts signed / offered. */
  readonly consent: BetaCounts;
  /** Null before there is history. */
  readonly profile: DayProfile | null;
  /** 24 hours of the day (UTC); empty before there is history. */
  readonly hours: readonly HourFlexibility[];
  /** From the start of an order to its full delivery, ms. */
  readonly responseLagMs: LearnedMean;
  /** Energy caught up on within two hours after an event, per mille of what was delivered. */
  readonly reboundPerMille: LearnedMean;
  /** Oldest first, at most `TRACES_MAX`. */
  readonly traces: readonly EventTrace[];
  /** End of the history that profile and hours were learned from; null before. */
  readonly historyUntilUnixMs: number | null;
};

/** As if four events had been seen, of which nine tenths were delivered: as the aggregator takes a new node to be. */
export const RELIABILITY_PRIOR: BetaCounts = { good: 3.6, bad: 0.4 };

/** A device that was never asked is taken to sign; one refusal then costs a quarter. */
export const CONSENT_PRIOR: BetaCounts = { good: 3, bad: 0.06 };

/** Weight of the assumption that a learned mean starts from, in observations. */
const ASSUMED_WEIGHT = 2;

/** A prosumer of whom nothing is known but what its resources usually catch up on. */
export function newProsumer(prosumerId: string, reboundPerMille: number): ProsumerState {
  return {
    formatVersion: 1,
    prosumerId,
    memory: NEW_SUPPLIER,
    reliability: RELIABILITY_PRIOR,
    consent: CONSENT_PRIOR,
    profile: null,
    hours: [],
    responseLagMs: { value: 0, count: 0 },
    reboundPerMille: { value: reboundPerMille, count: 0 },
    traces: [],
    historyUntilUnixMs: null,
  };
}

/** What an event that is settled showed of a prosumer. */
export type EventOutcome = Omit<EventTrace, "reboundPerMille"> & {
  /** Whether it signed; null when it was not offered a contract. */
  readonly hasSigned: boolean | null;
  /** Null where it cannot be told, as when nothing was delivered. */
  readonly responseLagMs: number | null;
};

/** The state after an event; the same state when it knows the event already, so that a crash can repeat it. */
export function learnOutcome(state: ProsumerState, outcome: EventOutcome): ProsumerState {
  const { hasSigned, responseLagMs, ...trace } = outcome;
  if (state.traces.some(({ eventId }) => eventId === trace.eventId)) return state;
  const isJudged = hasSigned === true && trace.orderedWh > 0;
  const rate = isJudged ? trace.deliveredWh / trace.orderedWh : 0;
  return {
    ...state,
    memory: isJudged ? rememberEvent(state.memory, rate) : state.memory,
    reliability: isJudged ? observedShare(state.reliability, RELIABILITY_PRIOR, rate) : state.reliability,
    consent: hasSigned === null ? state.consent : observedShare(state.consent, CONSENT_PRIOR, hasSigned ? 1 : 0),
    responseLagMs: responseLagMs === null ? state.responseLagMs : learnedMean(state.responseLagMs, responseLagMs),
    traces: [...state.traces, { ...trace, reboundPerMille: null }].slice(-TRACES_MAX),
  };
}

/** The state after the hours that followed an event were metered; the same state when it knows them already. */
export function learnRebound(state: ProsumerState, eventId: string, perMille: number): ProsumerState {
  const isOpen = state.traces.some((trace) => trace.eventId === eventId && trace.reboundPerMille === null);
  if (!isOpen) return state;
  // More than twice what was left out is another appliance, not a rebound.
  const bounded = Math.round(Math.min(2_000, Math.max(0, perMille)));
  return {
    ...state,
    reboundPerMille: learnedMean(state.reboundPerMille, bounded),
    traces: state.traces.map((trace) => (trace.eventId === eventId ? { ...trace, reboundPerMille: bounded } : trace)),
  };
}

function learnedMean({ value, count }: LearnedMean, observed: number): LearnedMean {
  return { value: value + (observed - value) / (count + 1 + ASSUMED_WEIGHT), count: count + 1 };
}

/**
 * Share of its orders in an hour of the day that a prosumer can take on at all, per mille: it is connected and signs.
 * 1,000 for one of whom nothing is known.
 */
export function availabilityPerMille({ hours, consent }: ProsumerState, hour: number): number {
  const signs = Math.min(1, (consent.good / (consent.good + consent.bad)) * CONSENT_WHOLE);
  return Math.round((hours[hour]?.presentPerMille ?? 1_000) * signs);
}

/** The prior mean counts as whole: whoever never refused is available. */
const CONSENT_WHOLE = (CONSENT_PRIOR.good + CONSENT_PRIOR.bad) / CONSENT_PRIOR.good;
