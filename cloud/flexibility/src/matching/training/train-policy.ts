/**
 * Trains a matching policy in three parts, all by playing whole worlds.
 *
 * First the network learns to foretell deliveries from those it caused itself (gradient descent on single deliveries).
 * Then its last layer and the margin are trained on what events earn, by evolution strategies (Salimans et al. 2017,
 * "Evolution Strategies as a Scalable Alternative to Reinforcement Learning"): they move towards the random changes
 * that earned more. At last the margin is chosen among a few. Draws are seeded and arithmetic is plain, so the result
 * is the same to the last bit.
 */
import { estimateDelivery, type MatchingPolicy, matchByPolicy, networkInputs } from "../match-by-policy.ts";
import { HEAD_OFFSET, LAYER_SIZES, nudgeNetwork, WEIGHT_COUNT } from "../policy-network.ts";
import type { UnitRequest } from "../supplier.ts";
import { type LoadProfile, MatchingWorld, playWorld, type WorldShape } from "./matching-world.ts";
import { SeededDraws } from "./seeded-draws.ts";

/** The same seed gives the same policy. Time goes with generations x pairs x worlds. */
export type TrainingOptions = {
  readonly seed: number;
  /** Sets of worlds from which deliveries are learned, two or more. */
  readonly lessons: number;
  readonly generations: number;
  /** Mirrored pairs of changes tried in each generation. */
  readonly pairs: number;
  readonly worldsPerGeneration: number;
  /** Told the mean earnings of each generation, in parts of what was asked. */
  readonly report?: (generation: number, earnings: number) => void;
};

/** Size of the tried changes to the last layer and the margin, and of the step towards the better ones. */
const CHANGE_SIZE = 0.03;
const STEP_SIZE = 0.06;
/** The margin's two numbers come after the network's. */
const PARAMETER_COUNT = WEIGHT_COUNT + 2;
/** What evolution moves: the last layer and the margin. */
const MOVED_COUNT = PARAMETER_COUNT - HEAD_OFFSET;
/** Of a world to train on: between the sizes that policies are judged on, a node and nodes among others. */
const SUPPLIERS = 30;
const EVENTS = 8;

/** How far one delivery moves the network, in the first and in the last lesson. */
const LESSON_RATES = [0.01, 0.001] as const;

/** The mean of the weights over the later half of the generations: single generations wander with their worlds. */
export function trainPolicy(profiles: readonly LoadProfile[], options: TrainingOptions): MatchingPolicy {
  const draws = new SeededDraws(options.seed);
  const parameters = firstParameters(draws);
  learnDeliveries(parameters, profiles, options);
  const averaged = Float64Array.from(parameters);
  const averagedFrom = Math.floor(options.generations / 2);
  for (let generation = 0; generation < options.generations; generation += 1) {
    const worlds = generationWorlds(profiles, options, options.lessons + generation);
    const tried = Array.from({ length: options.pairs }, () => {
      const change = Float64Array.from({ length: MOVED_COUNT }, () => draws.normal());
      const earned = (sign: number) => earnings(worlds, policyFrom(changed(parameters, change, sign * CHANGE_SIZE)));
      return { change, up: earned(1), down: earned(-1) };
    });
    step(parameters, tried);
    if (generation >= averagedFrom) moveMean(averaged, parameters, generation - averagedFrom + 1);
    const total = tried.reduce((sum, { up, down }) => sum + up + down, 0);
    options.report?.(generation, total / (2 * tried.length));
  }
  return settleMargin(policyFrom(averaged), profiles, options);
}

/** Margins that are tried: the constant part, and the part for each unit of spread. */
const MARGIN_SHARES = [0.015, 0.02, 0.025, 0.03];
const MARGINS_PER_SPREAD = [0, 0.05, 0.1, 0.2];
/** Generations of worlds that the margins are compared on. */
const MARGIN_GENERATIONS = 8;

/**
 * The margin that earns most with the finished network. Two numbers among a hundred hardly move in evolution, and there
 * are few enough to try them all on the same worlds.
 */
export function settleMargin(
  policy: MatchingPolicy,
  profiles: readonly LoadProfile[],
  options: TrainingOptions,
): MatchingPolicy {
  const first = options.lessons + options.generations;
  const worlds = Array.from({ length: MARGIN_GENERATIONS }, (_, more) =>
    generationWorlds(profiles, options, first + more),
  ).flat();
  const tried = MARGIN_SHARES.flatMap((marginShare) =>
    MARGINS_PER_SPREAD.map((marginPerSpread) => ({ ...policy, marginShare, marginPerSpread })),
  );
  const earned = tried.map((each) => earnings(worlds, each));
  return tried[earned.indexOf(Math.max(...earned))] ?? policy;
}

function moveMean(mean: Float64Array, values: Float64Array, count: number): void {
  mean.forEach((value, at) => {
    mean[at] = value + ((values[at] ?? 0) - value) / count;
  });
}

function changed(parameters: Float64Array, change: Float64Array, size: number): Float64Array {
  const tried = Float64Array.from(parameters);
  change.forEach((value, at) => {
    tried[HEAD_OFFSET + at] = (tried[HEAD_OFFSET + at] ?? 0) + size * value;
  });
  return tried;
}

/** Every delivery that the policy causes teaches the network what it should have expected. */
function learnDeliveries(parameters: Float64Array, profiles: readonly LoadProfile[], options: TrainingOptions): void {
  const weights = parameters.subarray(0, WEIGHT_COUNT);
  for (let lesson = 0; lesson < options.lessons; lesson += 1) {
    const rate = LESSON_RATES[0] + ((LESSON_RATES[1] - LESSON_RATES[0]) * lesson) / (options.lessons - 1);
    const policy = policyFrom(Float64Array.from(parameters));
    for (const world of generationWorlds(profiles, options, lesson)) {
      const matcher = (request: UnitRequest) => matchByPolicy(request, policy);
      playWorld(world, matcher, ({ supplier, request, rate: delivered }) => {
        const expected = estimateDelivery(supplier, request, { ...policy, weights }).rate;
        nudgeNetwork(weights, networkInputs(supplier, request), expected - delivered, rate);
      });
    }
  }
}

/** Small random hidden layers; an output layer of zeros, so that training starts from the plain averages. */
function firstParameters(draws: SeededDraws): Float64Array {
  const parameters = new Float64Array(PARAMETER_COUNT);
  const outputs = LAYER_SIZES[3] * (LAYER_SIZES[2] + 1);
  for (let at = 0; at < WEIGHT_COUNT - outputs; at += 1) parameters[at] = 0.3 * draws.normal();
  parameters[WEIGHT_COUNT] = 0.02;
  parameters[WEIGHT_COUNT + 1] = 0.2;
  return parameters;
}

function policyFrom(parameters: Float64Array): MatchingPolicy {
  return {
    weights: parameters.subarray(0, WEIGHT_COUNT),
    marginShare: parameters[WEIGHT_COUNT] ?? 0,
    marginPerSpread: parameters[WEIGHT_COUNT + 1] ?? 0,
  };
}

/** Half of the worlds are devices within a node, half are nodes among others. */
function generationWorlds(
  profiles: readonly LoadProfile[],
  { seed, worldsPerGeneration }: TrainingOptions,
  generation: number,
): MatchingWorld[] {
  return Array.from({ length: worldsPerGeneration }, (_, index) => {
    const shape: WorldShape = {
      seed: seed * 1_000_003 + generation * 1_009 + index,
      supplierCount: SUPPLIERS,
      eventCount: EVENTS,
      unreliableShare: 0.1 + (0.3 * (index + 0.5)) / worldsPerGeneration,
      profilesPerSupplier: index % 2 === 0 ? 1 : 5,
    };
    return new MatchingWorld(shape, profiles);
  });
}

function earnings(worlds: readonly MatchingWorld[], policy: MatchingPolicy): number {
  const outcomes = worlds.flatMap((world) => playWorld(world, (request) => matchByPolicy(request, policy)));
  return outcomes.reduce((sum, { value, requestedWh }) => sum + value / requestedWh, 0) / outcomes.length;
}

/** Changes count by their rank among all tried, so that one lucky world cannot throw the policy far off. */
function step(parameters: Float64Array, tried: readonly { change: Float64Array; up: number; down: number }[]): void {
  const all = tried.flatMap(({ up, down }) => [up, down]).sort((left, right) => left - right);
  const rankOf = (value: number) => all.indexOf(value) / (all.length - 1) - 0.5;
  for (let at = 0; at < MOVED_COUNT; at += 1) {
    const slope = tried.reduce((sum, { change, up, down }) => sum + (rankOf(up) - rankOf(down)) * (change[at] ?? 0), 0);
    parameters[HEAD_OFFSET + at] = (parameters[HEAD_OFFSET + at] ?? 0) + (STEP_SIZE * slope) / tried.length;
  }
}
