import {
  clairvoyantValue,
  matchGreedily,
  type Supplier,
  type SupplierMemory,
  type TrueDelivery,
  type UnitRequest,
} from "@gridpact/flexibility";
import { smaller, sumOf } from "@gridpact/settlement";
import type { Candidate } from "../document/index.ts";
import type { ChoiceOutcome, ChoiceRecord, ChoiceValue } from "./choice-record.ts";

/**
 * What the event was worth to the node, beside what the greedy rule and a clairvoyant would have made of it. What a
 * device that was not called would have delivered is taken to be what it was expected to deliver.
 *
 *      value = price x min(arrived, promised) - penalty x missing - pay of the devices
 *
 * @param memoryOf what was known of each device when the choice was made
 */
export async function judgeChoice(
  record: ChoiceRecord,
  outcomes: readonly ChoiceOutcome[],
  memoryOf: (deviceId: string) => SupplierMemory,
): Promise<ChoiceValue> {
  const total = { actual: 0, greedy: 0, clairvoyant: 0 };
  for (let interval = 0; interval < record.request.intervals.length; interval += 1) {
    const request = unitRequest(record, interval, memoryOf);
    const truth = record.candidates.map((candidate) => trueDelivery(candidate, interval, outcomes));
    total.actual += actualValue(request, record, { interval, outcomes });
    total.greedy += worthOf(
      request,
      Array.from(matchGreedily(request), (wh, index) => arriving(truth[index], wh)),
    );
    total.clairvoyant += await clairvoyantValue(request, truth);
  }
  const micro = (value: number) => BigInt(Math.round(value));
  return {
    actualMicro: micro(total.actual),
    greedyMicro: micro(total.greedy),
    // The program's own rounding must not make knowing everything look worse than what was done.
    clairvoyantMicro: micro(Math.max(total.clairvoyant, total.actual, total.greedy)),
  };
}

function unitRequest(
  { request, candidates, rules, deviceTerms, plan }: ChoiceRecord,
  interval: number,
  memoryOf: (deviceId: string) => SupplierMemory,
): UnitRequest {
  // What the node nominated, which is all that it owes: never more than was asked for, nor than it had ordered.
  const planned = sumOf(plan.map(({ orderedWh }) => orderedWh[interval] ?? 0n));
  const promisedWh = smaller(request.orderedWh[interval] ?? 0n, planned);
  const suppliers = candidates.map((candidate): Supplier => {
    const { deviceId, feeder, reducibleWh, offer } = candidate;
    const costPerWh = Number(offer?.priceMicroPerWh ?? deviceTerms.priceMicroPerWh);
    const offerWh = Number(reducibleWh[interval] ?? 0n);
    const memory = memoryOf(deviceId);
    return {
      supplierId: deviceId,
      offerWh,
      usualOfferWh: offerWh,
      costPerWh,
      elementIds: [feeder],
      memory,
      observedRate: null,
    };
  });
  return {
    requestedWh: Number(promisedWh),
    pricePerWh: Number(request.priceMicroPerWh),
    penaltyPerWh: Number(request.penaltyMicroPerWh),
    suppliers,
    elementWhMax: new Map(rules.limits.map(({ elementId, limitWh }) => [elementId, Number(limitWh[interval] ?? 0n)])),
    progress: interval / request.intervals.length,
  };
}

/** Seen where it was ordered, expected where it was not. */
function trueDelivery(
  { deviceId, reducibleWh, reliabilityPerMille }: Candidate,
  interval: number,
  outcomes: readonly ChoiceOutcome[],
): TrueDelivery {
  const offerWh = Number(reducibleWh[interval] ?? 0n);
  const outcome = outcomes.find((each) => each.deviceId === deviceId);
  const ordered = Number(outcome?.orderedWh[interval - (outcome?.firstInterval ?? 0)] ?? 0n);
  if (outcome === undefined || ordered === 0) {
    const rate = reliabilityPerMille / 1_000;
    return { rate, availableWh: rate * offerWh };
  }
  const delivered = Number(outcome.deliveredWh[interval - outcome.firstInterval] ?? 0n);
  const rate = delivered / ordered;
  return { rate, availableWh: Math.max(delivered, rate * offerWh) };
}

function arriving({ rate, availableWh }: TrueDelivery = { rate: 0, availableWh: 0 }, orderedWh: number): number {
  return Math.min(rate * orderedWh, availableWh);
}

/** Replacements included: they are what the node did about those that failed. */
function actualValue(
  request: UnitRequest,
  { candidates }: ChoiceRecord,
  { interval, outcomes }: { interval: number; outcomes: readonly ChoiceOutcome[] },
): number {
  const arrived = candidates.map(({ deviceId }) => {
    const own = outcomes.filter((outcome) => outcome.deviceId === deviceId);
    return Number(sumOf(own.map(({ deliveredWh, firstInterval }) => deliveredWh[interval - firstInterval] ?? 0n)));
  });
  return worthOf(request, arrived);
}

function worthOf(
  { requestedWh, pricePerWh, penaltyPerWh, suppliers }: UnitRequest,
  arrivedWh: readonly number[],
): number {
  const totalWh = arrivedWh.reduce((sum, each) => sum + each, 0);
  const servedWh = Math.min(requestedWh, totalWh);
  const pay = arrivedWh.reduce((sum, each, index) => sum + each * (suppliers[index]?.costPerWh ?? 0), 0);
  return pricePerWh * servedWh - penaltyPerWh * (requestedWh - servedWh) - pay;
}
