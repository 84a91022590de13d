import type { DrReport, DrResponse, RequestInterval } from "@gridpact/proto";
import {
  type DrEvent,
  type EventPlan,
  type PlacedRequest,
  placeRequest,
  type RequestState,
} from "../src/event/index.ts";

export const QUARTER_MS = 900_000;

/** Noon of the day of the tests. */
export const START = Date.UTC(2016, 0, 28, 12);

export const PROOF = "ab".repeat(32);

export function quarters(count: number): RequestInterval[] {
  return Array.from({ length: count }, (_, index) => ({
    startUnixMs: START + index * QUARTER_MS,
    endUnixMs: START + (index + 1) * QUARTER_MS,
  }));
}

/** One hour, 500 Wh in each quarter. */
export function samplePlan(changes: Partial<EventPlan> = {}): EventPlan {
  return {
    eventId: "evening-peak",
    intervals: quarters(4),
    requestedWh: [500n, 500n, 500n, 500n],
    priceMicroPerWhMax: 100n,
    penaltyMicroPerWh: 50n,
    penaltyCapPerMille: 1_000,
    baselineMethod: "tenInTen",
    ...changes,
  };
}

export function acceptance(nominatedWh: bigint[]): DrResponse {
  return { isAccepted: true, nominatedWh, acceptanceProofHashHex: PROOF, reason: "" };
}

export const REFUSAL: DrResponse = {
  isAccepted: false,
  nominatedWh: [],
  acceptanceProofHashHex: "",
  reason: "nothing to reduce",
};

const RECOMMENDATION: DrEvent["recommendation"] = { recommended: "cost", reasons: [], evaluations: [] };

/** A request for the whole plan, with what became of it. */
export function placed(
  vnId: string,
  changes: { state?: RequestState; response?: DrResponse; reports?: DrReport[] } = {},
  plan = samplePlan(),
): PlacedRequest {
  const placement = { vnId, priceMicroPerWh: 60n, role: "primary", reason: "", fallbackVnIds: [] } as const;
  const time = { nowUnixMs: START - 3_600_000, respondWithinMs: 600_000 };
  const open = placeRequest(plan, { ...placement, fallbackVnIds: [], orderedWh: plan.requestedWh }, time);
  return { ...open, ...changes };
}

export function sampleEvent(requests: PlacedRequest[], plan = samplePlan()): DrEvent {
  return {
    plan,
    plannedAtUnixMs: START - 3_600_000,
    recommendation: RECOMMENDATION,
    ranking: [],
    requests,
    result: null,
  };
}
