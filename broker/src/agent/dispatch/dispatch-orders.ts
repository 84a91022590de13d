import {
  checkPlan,
  type DeviceOrder,
  type DispatchAnswer,
  type DispatchProblem,
  dispatchBy,
  FlexibilityError,
  type loadSolver,
} from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { share, smaller, sumOf } from "@gridpact/settlement";
import type { Candidate } from "../document/index.ts";
import { type CallableOffer, callableOffer, costOfOrders } from "./calling-costs.ts";
import type { ChoiceCost, ChoiceRules, ChoiceWay, DispatchRules, FallbackReason } from "./choice-rules.ts";
import { chooseGreedily, largestFirst, ORIGINALS_MAX } from "./choose-greedily.ts";
import { nodeProblem } from "./node-problem.ts";
import { wholeOrders } from "./whole-orders.ts";

/** What a choice follows from; a value that crosses threads and is kept. */
export type ChoiceInputs = { request: DrRequest; candidates: readonly Candidate[]; rules: ChoiceRules };

/** Orders of the originals, with how they came about; no way in records of versions that chose greedily only. */
export type Choice = { orders: DeviceOrder[]; way?: ChoiceWay };

/** HiGHS, loaded. */
export type Solver = Awaited<ReturnType<typeof loadSolver>>;

/**
 * Costs that differ by less are alike: nobody knows better what a device will deliver. Greedy orders are then the ones
 * to take: they spread a device's energy evenly over the event, and who comes next by merit is left to stand by.
 */
const LEAST_GAIN_PER_MILLE = 5;

/** A watt of slack, as power is planned in kW and ordered in whole Wh. */
const CHECK_TOLERANCE_KW = 1e-3;

const WH_PER_KWH = 1_000;
const MICRO_PER_EUR = 1_000_000;

/**
 * The cheapest orders that serve a request within all limits. The same inputs give the same orders on every machine:
 * the solver's work is bounded in counts, and what is compared is compared in integers.
 *
 * What the optimiser finds is believed only where the independent checker finds no limit broken, and taken only where
 * it costs noticeably less than the greedy orders, or where those break a limit that only the optimiser knows of.
 */
export function dispatchOrders(solver: Solver, inputs: ChoiceInputs): Choice {
  const { request, candidates, rules } = inputs;
  const { dispatch } = rules;
  const greedy = chooseGreedily(request, candidates, rules);
  if (dispatch === undefined) return { orders: greedy };
  const offers = candidates.map((each) => callableOffer(each, request, dispatch));
  const usable = offers.filter((each) => isUsable(each, dispatch));
  const found = optimise(solver, usable, { request, rules, dispatch });
  if (typeof found === "string") return { orders: greedy, way: { way: "fallback", reason: found } };
  const costOf = (orders: readonly DeviceOrder[]) => costOfOrders(orders, offers, { request, rules: dispatch });
  const [costMicro, greedyCostMicro] = [costOf(found.orders), costOf(greedy)];
  if (found.keepsLimits(greedy) && greedyCostMicro <= share(costMicro, 1_000 + LEAST_GAIN_PER_MILLE)) {
    return { orders: greedy, way: wayOf("confirmed", { costMicro: greedyCostMicro, greedyCostMicro, ...found }) };
  }
  return { orders: found.orders, way: wayOf("optimised", { costMicro, greedyCostMicro, ...found }) };
}

/** Whole orders may cost a little less than the bound of the exact ones: a part of a Wh is not counted as missing. */
function wayOf(way: "optimised" | "confirmed", { costMicro, greedyCostMicro, boundMicro }: ChoiceCost): ChoiceWay {
  return { way, costMicro, greedyCostMicro, boundMicro: smaller(boundMicro, costMicro) };
}

/** The greedy orders, for want of the optimiser's. */
export function fallBack({ request, candidates, rules }: ChoiceInputs, reason: FallbackReason): Choice {
  return { orders: chooseGreedily(request, candidates, rules), way: { way: "fallback", reason } };
}

/** Whether it counts for anything, and has as much as one contract needs. */
function isUsable(
  { countedPerMille, intervalLimitWh, energyLimitWh }: CallableOffer,
  { contractLeastWh }: DispatchRules,
): boolean {
  const mostWh = sumOf(intervalLimitWh);
  const isEnough = mostWh >= contractLeastWh && (energyLimitWh === null || energyLimitWh >= contractLeastWh);
  return countedPerMille > 0n && mostWh > 0n && isEnough;
}

type Asked = { request: DrRequest; rules: ChoiceRules; dispatch: DispatchRules };

type Optimised = {
  orders: DeviceOrder[];
  boundMicro: bigint;
  /** Whether other orders keep every limit of the problem but the target. */
  keepsLimits: (orders: readonly DeviceOrder[]) => boolean;
};

/** With more devices than a contract has room for, those that would be ordered most are asked again alone. */
function optimise(solver: Solver, offers: readonly CallableOffer[], asked: Asked): Optimised | FallbackReason {
  const all = solve(solver, offers, asked);
  if (typeof all === "string" || all.orders.length <= ORIGINALS_MAX) return all;
  const kept = new Set(
    largestFirst(all.orders)
      .slice(0, ORIGINALS_MAX)
      .map(({ deviceId }) => deviceId),
  );
  const fewer = solve(
    solver,
    offers.filter(({ deviceId }) => kept.has(deviceId)),
    asked,
  );
  return typeof fewer === "string" ? fewer : { ...all, orders: fewer.orders };
}

function solve(solver: Solver, offers: readonly CallableOffer[], asked: Asked): Optimised | FallbackReason {
  const problem = nodeProblem(offers, asked);
  const answer = answerTo(solver, problem, asked.dispatch);
  if (answer === undefined) return "no_plan";
  const keepsLimits = (others: readonly DeviceOrder[]) => doOrdersKeepLimits(problem, others);
  const rounded = (["up", "down"] as const).map((rounding) => wholeOrders(problem, answer.plan, { offers, rounding }));
  const orders = rounded.find(keepsLimits);
  if (orders === undefined) return "limit_broken";
  return { orders, boundMicro: BigInt(Math.floor(answer.boundEur * MICRO_PER_EUR)), keepsLimits };
}

function answerTo(solver: Solver, problem: DispatchProblem, { budget }: DispatchRules): DispatchAnswer | undefined {
  try {
    return dispatchBy(solver, problem, { budget: { kind: "work", ...budget } });
  } catch (error) {
    if (error instanceof FlexibilityError) return undefined;
    throw error;
  }
}

/** By the checker, which shares nothing with the model. That a target is missed is known and priced. */
function doOrdersKeepLimits(problem: DispatchProblem, orders: readonly DeviceOrder[]): boolean {
  const rows = new Map(orders.map(({ deviceId, orderedWh }) => [deviceId, orderedWh]));
  const known = new Set(problem.devices.map(({ deviceId }) => deviceId));
  if (orders.some(({ deviceId }) => !known.has(deviceId))) return false;
  const powerKw = Float64Array.from(
    problem.devices.flatMap(({ deviceId }) => {
      const row = rows.get(deviceId) ?? [];
      return Array.from(problem.targetKwh, (_, step) => Number(row[step] ?? 0n) / (WH_PER_KWH * problem.stepHours));
    }),
  );
  const { breaches } = checkPlan(problem, { powerKw }, CHECK_TOLERANCE_KW);
  return breaches.every(({ limit }) => limit.startsWith("target"));
}
