/**
 * Dispatch when devices may deliver less than ordered: the plan reaches every target with a stated confidence.
 *
 * A device that delivers the share m of its order on average is a device of m times its size. What single deliveries
 * scatter around that is covered by a margin of z standard deviations of their sum, each device on its own (a chance
 * constraint for independent deliveries; Charnes and Cooper 1959). The margin depends on who is called, so it is set,
 * the problem solved, and the margin set again until it suffices.
 */

import { InvalidInputError } from "../flexibility-error.ts";
import { type DispatchPlan, type DispatchProblem, eventLength } from "./dispatch-problem.ts";
import { type DispatchAnswer, type DispatchOptions, solveDispatch } from "./solve-dispatch.ts";

/** How one device delivers: mean and standard deviation of delivered / ordered. */
export type DeliveryOutlook = { readonly rate: number; readonly spread: number };

/** One-sided quantiles of the normal distribution. */
const QUANTILES = { "50 %": 0, "80 %": 0.8416, "90 %": 1.2816, "95 %": 1.6449, "99 %": 2.3263 } as const;

/** Chance that a target is reached, one-sided; `50 %` sets no margin. */
export type Confidence = keyof typeof QUANTILES;

/** `plan` is what is expected of the devices, `ordered` what to tell them. */
export type RiskAnswer = DispatchAnswer & {
  /** Power to order from every device in every event step: more than is expected of it. */
  readonly ordered: DispatchPlan;
  /** By event step: expected delivery beyond the target. */
  readonly marginKwh: Float64Array;
};

/** Margins settle in two or three rounds; more only swing between equally good choices of devices. */
const ROUNDS_MAX = 4;

/** A margin that is short by less than this share of the target suffices. */
const ENOUGH = 1e-3;

/**
 * @param outlooks one for each device, in the order of the devices
 * @throws InvalidInputError for another number of outlooks, rates outside (0, 1] or negative spreads
 */
export async function solveWithRisk(
  problem: DispatchProblem,
  { outlooks, confidence }: { outlooks: readonly DeliveryOutlook[]; confidence: Confidence },
  options: DispatchOptions,
): Promise<RiskAnswer> {
  checkOutlooks(problem, outlooks);
  const derated = deratedProblem(problem, outlooks);
  let marginKwh = new Float64Array(eventLength(problem));
  for (let round = 1; ; round += 1) {
    const targetKwh = problem.targetKwh.map((kwh, k) => kwh + (marginKwh[k] ?? 0));
    const answer = await solveDispatch({ ...derated, targetKwh }, options);
    const scatterKwh = scatterOf(problem, answer.plan, outlooks);
    const neededKwh = scatterKwh.map((kwh) => QUANTILES[confidence] * kwh);
    const isEnough = neededKwh.every((kwh, k) => kwh - (marginKwh[k] ?? 0) <= ENOUGH * (problem.targetKwh[k] ?? 0));
    if (isEnough || round === ROUNDS_MAX) {
      return { ...answer, ordered: orderedPlan(problem, answer.plan, outlooks), marginKwh };
    }
    marginKwh = neededKwh.map((kwh, k) => Math.max(kwh, marginKwh[k] ?? 0));
  }
}

/** Devices as large as what is expected of them; prices are for what is delivered. */
function deratedProblem(problem: DispatchProblem, outlooks: readonly DeliveryOutlook[]): DispatchProblem {
  const devices = problem.devices.map((device, index) => {
    const rate = outlooks[index]?.rate ?? 1;
    return {
      ...device,
      powerKwMax: device.powerKwMax.map((kw) => rate * kw),
      energyKwhMax: rate * device.energyKwhMax,
      energyKwhMin: rate * device.energyKwhMin,
    };
  });
  return { ...problem, devices };
}

/** By event step: standard deviation of what all devices together deliver. */
function scatterOf(problem: DispatchProblem, { powerKw }: DispatchPlan, outlooks: readonly DeliveryOutlook[]) {
  const width = eventLength(problem);
  const variances = new Float64Array(width);
  powerKw.forEach((kw, at) => {
    const { rate, spread } = outlooks[Math.floor(at / width)] ?? { rate: 1, spread: 0 };
    const deviationKwh = (kw / rate) * spread * problem.stepHours;
    variances[at % width] = (variances[at % width] ?? 0) + deviationKwh * deviationKwh;
  });
  return variances.map((variance) => Math.sqrt(variance));
}

function orderedPlan(problem: DispatchProblem, { powerKw }: DispatchPlan, outlooks: readonly DeliveryOutlook[]) {
  const width = eventLength(problem);
  return { powerKw: powerKw.map((kw, at) => kw / (outlooks[Math.floor(at / width)]?.rate ?? 1)) };
}

function checkOutlooks({ devices }: DispatchProblem, outlooks: readonly DeliveryOutlook[]): void {
  if (outlooks.length !== devices.length) throw new InvalidInputError("outlooks", `needs ${devices.length} of them`);
  for (const { rate, spread } of outlooks) {
    if (!(rate > 0 && rate <= 1)) throw new InvalidInputError("outlooks", "a rate must be above 0, at most 1");
    if (!(spread >= 0)) throw new InvalidInputError("outlooks", "a spread must not be negative");
  }
}
