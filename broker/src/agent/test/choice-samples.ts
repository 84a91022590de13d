import { type ChoiceOutcome, type ChoiceRecord, recordChoice } from "../choice/index.ts";
import { chooseGreedily } from "../dispatch/index.ts";
import type { Candidate, EventDocument } from "../document/index.ts";
import { originalsFor, type PassedOver } from "../plan/index.ts";
import { drRequest } from "./agent-bench.ts";

const fourTimes = (wh: bigint) => [wh, wh, wh, wh];

/** A candidate that offers 100 Wh in each of four quarters. */
export function sampleCandidate(deviceId: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    deviceId,
    feeder: "feeder-1",
    baselineWh: fourTimes(250n),
    baselineDates: [],
    forecastWh: fourTimes(250n),
    reducibleWh: fourTimes(100n),
    reliabilityPerMille: 1_000,
    spreadPerMille: 0,
    turnSurchargePerMille: 0,
    historyHashHex: "ab",
    dataUntilUnixMs: 0,
    ...changes,
  };
}

/** The record of a choice for 150 Wh a quarter at 60 micro/Wh, penalty 50; devices get and pay four fifths. */
export function sampleRecord(
  candidates: Candidate[],
  changes: { limitWh?: bigint; passedOver?: PassedOver[]; requestId?: string; plannedAtUnixMs?: number } = {},
): ChoiceRecord {
  const { limitWh, passedOver = [], requestId = "peak.district", plannedAtUnixMs = 1 } = changes;
  const request = drRequest(150n, { requestId });
  const limits = limitWh === undefined ? [] : [{ elementId: "feeder-1", limitWh: fourTimes(limitWh) }];
  const rules = { limits, lossPerMilleMax: 500 };
  const assignments = originalsFor(request, chooseGreedily(request, candidates, rules));
  const event = { request, candidates, assignments, plannedAtUnixMs } as EventDocument;
  const shares = { devicePriceSharePerMille: 800, devicePenaltySharePerMille: 800 };
  return recordChoice(event, { rules, passedOver }, { vnId: "district", ...shares });
}

/** A device that was called from the start, with the same order and delivery in every quarter. */
export function sampleOutcome(deviceId: string, orderedWh: bigint, deliveredWh: bigint): ChoiceOutcome {
  return {
    deviceId,
    kind: "original",
    hasSigned: true,
    inForceWh: null,
    firstInterval: 0,
    orderedWh: fourTimes(orderedWh),
    deliveredWh: fourTimes(deliveredWh),
    paidMicro: 4n * deliveredWh * 48n,
    penaltyMicro: 4n * (orderedWh - deliveredWh) * 40n,
  };
}
