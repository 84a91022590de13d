import { beliefOf, type CallShare, callShares, type ProsumerState } from "@gridpact/flexibility";
import { percentText } from "@gridpact/page/amounts.js";
import { share, smaller, sumOf } from "@gridpact/settlement";
import type { ChoiceWay } from "../dispatch/index.ts";
import type { Candidate } from "../document/index.ts";
import type { ChoiceOutcome, ChoiceRecord } from "./choice-record.ts";

/** `reserve` offered and was not ordered at first; `not_a_candidate` was passed over before anything was chosen. */
export type ChoiceVerdict = "called" | "replacement" | "reserve" | "nothing_to_offer" | "not_a_candidate";

/** Why one prosumer was called in an event or not, and what it meant for it; energies in Wh over the whole event. */
export type ProsumerExplanation = {
  requestId: string;
  eventId: string;
  deviceId: string;
  verdict: ChoiceVerdict;
  /** In words for the prosumer, most important first. */
  reasons: string[];
  /** Place in the order of merit, counted from 1; null for one that was no candidate. */
  rank: number | null;
  rankedCount: number;
  offeredWh: bigint;
  orderedWh: bigint;
  /** Null until the event is settled. */
  deliveredWh: bigint | null;
  /** Share of an order that it was expected to deliver, per mille. */
  expectedPerMille: number | null;
  /** What is believed of its deliveries now: share of an order, and the bounds of nine cases in ten; per mille. */
  beliefPerMille: { mean: number; lower: number; upper: number };
  /** Calls over its remembered events beside its fair share. */
  calls: CallShare;
  /** What it earned, less penalty; null until the event is settled. */
  earnedMicro: bigint | null;
  /** What it would have earned at its expected delivery, had all it offered been ordered; penalty subtracted. */
  wouldHaveEarnedMicro: bigint;
};

/** Explanations for every prosumer that the node knew of, in order of merit, those that were no candidates last. */
export function explainChoice(record: ChoiceRecord, states: readonly ProsumerState[]): ProsumerExplanation[] {
  const ranked = inMeritOrder(record.candidates);
  const originals = new Map(record.plan.map(({ deviceId, orderedWh }) => [deviceId, orderedWh]));
  const shares = new Map(callShares(states).map((each) => [each.prosumerId, each]));
  const beliefs = new Map(states.map((state) => [state.prosumerId, beliefPerMille(state)]));
  const about = (deviceId: string) => ({
    beliefPerMille: beliefs.get(deviceId) ?? { mean: 0, lower: 0, upper: 1_000 },
    calls: shares.get(deviceId) ?? {
      prosumerId: deviceId,
      offeredCount: 0,
      calledCount: 0,
      calledPerMille: 0,
      fairPerMille: 0,
    },
  });
  const last = ranked.filter(({ deviceId }) => originals.has(deviceId)).at(-1);
  const candidates = ranked.map((candidate, index) => {
    const setting = { rank: index + 1, rankedCount: ranked.length, planned: originals.get(candidate.deviceId), last };
    return { ...explained(record, candidate, setting), ...about(candidate.deviceId) };
  });
  const others = record.passedOver.map(({ deviceId, reason }) => ({
    ...notACandidate(record, deviceId, PASSED_OVER_WORDS[reason]),
    rankedCount: ranked.length,
    ...about(deviceId),
  }));
  return [...candidates, ...others];
}

function beliefPerMille({ reliability }: ProsumerState): ProsumerExplanation["beliefPerMille"] {
  const { mean, lower, upper } = beliefOf(reliability);
  const perMille = (share: number) => Math.round(share * 1_000);
  return { mean: perMille(mean), lower: perMille(lower), upper: perMille(upper) };
}

type Setting = { rank: number; rankedCount: number; planned: bigint[] | undefined; last: Candidate | undefined };
type Explained = Omit<ProsumerExplanation, "beliefPerMille" | "calls">;

function explained(record: ChoiceRecord, candidate: Candidate, setting: Setting): Explained {
  const { request, outcomes, deviceTerms } = record;
  const { deviceId, reducibleWh, reliabilityPerMille } = candidate;
  const outcome = outcomes?.find((each) => each.deviceId === deviceId);
  const offeredWh = sumOf(reducibleWh.map((wh, index) => smaller(wh, request.orderedWh[index] ?? 0n)));
  const verdict = verdictOf(outcome, setting.planned, offeredWh);
  const expectedWh = share(offeredWh, reliabilityPerMille);
  const priceMicroPerWh = candidate.offer?.priceMicroPerWh ?? deviceTerms.priceMicroPerWh;
  return {
    requestId: request.requestId,
    eventId: request.eventId,
    deviceId,
    verdict,
    reasons: reasonsFor(verdict, { candidate, outcome, offeredWh, way: record.way, ...setting }),
    rank: setting.rank,
    rankedCount: setting.rankedCount,
    offeredWh,
    orderedWh: sumOf(outcome?.orderedWh ?? setting.planned ?? []),
    deliveredWh: outcomes === null ? null : sumOf(outcome?.deliveredWh ?? []),
    expectedPerMille: reliabilityPerMille,
    earnedMicro: outcomes === null ? null : (outcome?.paidMicro ?? 0n) - (outcome?.penaltyMicro ?? 0n),
    wouldHaveEarnedMicro: expectedWh * priceMicroPerWh - (offeredWh - expectedWh) * deviceTerms.penaltyMicroPerWh,
  };
}

function verdictOf(
  outcome: ChoiceOutcome | undefined,
  planned: bigint[] | undefined,
  offeredWh: bigint,
): ChoiceVerdict {
  if (outcome?.kind === "replacement") return "replacement";
  if (outcome !== undefined || planned !== undefined) return "called";
  return offeredWh === 0n ? "nothing_to_offer" : "reserve";
}

type Facts = Setting & {
  candidate: Candidate;
  outcome: ChoiceOutcome | undefined;
  offeredWh: bigint;
  way: ChoiceWay | undefined;
};

function reasonsFor(verdict: ChoiceVerdict, facts: Facts): string[] {
  const { candidate, rank, rankedCount, offeredWh, outcome } = facts;
  const expected = percentText(candidate.reliabilityPerMille);
  const price = candidate.offer === undefined ? "" : ` at ${candidate.offer.priceMicroPerWh} micro/Wh`;
  const merit = `rank ${rank} of ${rankedCount}: expected to deliver ${expected} of an order${price}`;
  const turns =
    candidate.turnSurchargePerMille === 0
      ? []
      : [`was called more than its fair share before, so others went first between equals`];
  const signed =
    outcome === undefined || outcome.hasSigned ? [] : ["its contract was not signed in time, so it was released"];
  const amended = amendmentWords(outcome);
  switch (verdict) {
    case "called":
      return [`chosen before the event, ${merit}; it offered ${offeredWh} Wh`, ...amended, ...signed, ...turns];
    case "replacement":
      return [`called in during the event as others fell short, ${merit}`, ...amended, ...signed, ...turns];
    case "nothing_to_offer":
      return ["had nothing to reduce in the hours of the event by forecast, baseline and its own statement"];
    default:
      return [whyReserve(facts), `${merit}; it stood by for replacements`, ...turns];
  }
}

/** Records of earlier versions have no amendments. */
function amendmentWords(outcome: ChoiceOutcome | undefined): string[] {
  const inForceWh = outcome?.inForceWh ?? null;
  if (inForceWh === null) return [];
  return [`its order was amended during the event, by its own signature: ${inForceWh.join(" ")} Wh were in force`];
}

/** What decided against it: others before it sufficed, or a limit of its feeder. */
function whyReserve({ last, rank, candidate, way }: Facts): string {
  if (last === undefined) return "the request was not served at all";
  if (way?.way === "optimised") {
    return "the request costs least without it: by prices, contracts, risk of falling short, and all limits together";
  }
  if (meritCompare(candidate, last) < 0) {
    return `${candidate.feeder} was at the limit of what its devices may change together, whatever the rank (${rank})`;
  }
  const isEqual = last.reliabilityPerMille === candidate.reliabilityPerMille;
  return isEqual
    ? `those before it sufficed; the last one chosen is expected to deliver as much, and came first by turn or by id`
    : `those before it sufficed; the last one chosen is expected to deliver ${percentText(last.reliabilityPerMille)}`;
}

function notACandidate(
  { request, outcomes }: ChoiceRecord,
  deviceId: string,
  reason: string,
): Omit<Explained, "rankedCount"> {
  return {
    requestId: request.requestId,
    eventId: request.eventId,
    deviceId,
    verdict: "not_a_candidate",
    reasons: [reason],
    rank: null,
    offeredWh: 0n,
    orderedWh: 0n,
    deliveredWh: outcomes === null ? null : 0n,
    expectedPerMille: null,
    earnedMicro: outcomes === null ? null : 0n,
    wouldHaveEarnedMicro: 0n,
  };
}

const PASSED_OVER_WORDS: Record<ChoiceRecord["passedOver"][number]["reason"], string> = {
  busy: "has a contract for the same time in another event",
  beyond_bound: "one event considers a limited number of devices, and there were more",
  no_forecast: "has too little metered history for a forecast",
  no_time: "the answer was due before it was looked at",
  no_baseline: "has too few metered days for the baseline, so it could not have been paid",
};

/** As the greedy selection calls them: by cost for each Wh relied on, then the more reliable, then by id. */
function inMeritOrder(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort(meritCompare);
}

function meritCompare(left: Candidate, right: Candidate): number {
  const leftCost = priceForRank(left) * right.reliabilityPerMille;
  const rightCost = priceForRank(right) * left.reliabilityPerMille;
  return (
    leftCost - rightCost ||
    right.reliabilityPerMille - left.reliabilityPerMille ||
    (left.deviceId < right.deviceId ? -1 : 1)
  );
}

/** Prices are alike where none is named. */
function priceForRank({ offer, turnSurchargePerMille }: Candidate): number {
  return Number(offer?.priceMicroPerWh ?? 1n) * (1_000 + turnSurchargePerMille);
}
