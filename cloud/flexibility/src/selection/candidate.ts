import { InvalidInputError } from "../flexibility-error.ts";
import { checkAmounts, checkDistinct } from "./amounts.ts";

/** A device that could serve a request, in the direction of the request. */
export type Candidate = {
  readonly deviceId: string;
  /** Where it is connected. */
  readonly busId: string;
  readonly feederId: string;
  /** The branches between its bus and the source, when branch limits are to be kept. */
  readonly branchIds?: readonly string[];
  /** The most it can change its net import, for each market time unit of the event. */
  readonly flexibilityWhMax: readonly bigint[];
  /** What it is paid for each Wh, in micro-currency. */
  readonly costMicroPerWh: bigint;
  /** Share of ordered energy it has delivered so far, 0 to 1; it counts in steps of a thousandth. */
  readonly reliability: number;
};

/** One virtual node is built for this many devices; a longer list is a mistake, and would hold up the event loop. */
export const CANDIDATES_MAX = 10_000;

/** Reliability is compared and multiplied as an integer, so that every machine ranks alike. */
export const RELIABILITY_WHOLE = 1000n;

/** @throws InvalidInputError for a device listed twice, too many devices, or values outside their range */
export function checkCandidates(candidates: readonly Candidate[], unitCount: number): void {
  if (candidates.length > CANDIDATES_MAX) {
    throw new InvalidInputError("candidates", `at most ${CANDIDATES_MAX}, not ${candidates.length}`);
  }
  checkDistinct(
    "deviceId",
    candidates.map(({ deviceId }) => deviceId),
  );
  for (const { deviceId, flexibilityWhMax, costMicroPerWh, reliability } of candidates) {
    checkAmounts(`flexibilityWhMax of ${deviceId}`, flexibilityWhMax, unitCount);
    if (costMicroPerWh < 0n) throw new InvalidInputError(`costMicroPerWh of ${deviceId}`, "must not be negative");
    if (!(reliability >= 0 && reliability <= 1)) {
      throw new InvalidInputError(`reliability of ${deviceId}`, `must be 0 to 1, is ${reliability}`);
    }
  }
}

/** 0 to 1000; below half a per mille a device counts as never delivering. */
export function reliabilityPerMille({ reliability }: Candidate): bigint {
  return BigInt(Math.round(reliability * Number(RELIABILITY_WHOLE)));
}

/**
 * The order in which devices are called: least cost for each Wh that can be relied on; then the more reliable; then by
 * id, so that the same candidates give the same selection whatever their order. Devices that never deliver are left
 * out.
 */
export function meritOrder(candidates: readonly Candidate[]): Candidate[] {
  return candidates
    .map((candidate) => ({ candidate, perMille: reliabilityPerMille(candidate) }))
    .filter(({ perMille }) => perMille > 0n)
    .sort((left, right) => compareMerit(left, right))
    .map(({ candidate }) => candidate);
}

type Ranked = { candidate: Candidate; perMille: bigint };

function compareMerit(left: Ranked, right: Ranked): number {
  // cost / reliability compared by cross products, which keeps it exact.
  const leftCost = left.candidate.costMicroPerWh * right.perMille;
  const rightCost = right.candidate.costMicroPerWh * left.perMille;
  if (leftCost !== rightCost) return leftCost < rightCost ? -1 : 1;
  if (left.perMille !== right.perMille) return left.perMille > right.perMille ? -1 : 1;
  return left.candidate.deviceId < right.candidate.deviceId ? -1 : 1;
}
