/**
 * Trains a matching policy by evolution strategies (Salimans et al. 2017, "Evolution Strategies as a Scalable
 * Alternative to Reinforcement Learning"): the policy plays whole worlds, and its weights move towards the random
 * changes that earned more. It needs no gradient, and with seeded draws and plain arithmetic the result is the same to
 * the last bit.
 */
import { type MatchingPolicy, matchByPolicy } from "../match-by-policy.ts";
import { LAYER_SIZES, WEIGHT_COUNT } from "../policy-network.ts";
import { type LoadProfile, MatchingWorld, playWorld, type WorldShape } from "./matching-world.ts";
import { SeededDraws } from "./seeded-draws.ts";

export type TrainingOptions = {
  readonly seed: number;
  readonly generations: number;
  /** Mirrored pairs of changes tried in each generation. */
  readonly pairs: number;
  readonly worldsPerGeneration: number;
  /** Told the mean earnings of each generation, in parts of what was asked. */
  readonly report?: (generation: number, earnings: number) => void;
};

/** Size of the tried changes, and of the step towards the better ones. */
const CHANGE_SIZE = 0.05;
const STEP_SIZE = 0.06;
/** Weights are kept small: a network that must shout has not found a rule. */
const DECAY = 0.002;
/** The margin's two numbers come after the network's. */
const PARAMETER_COUNT = WEIGHT_COUNT + 2;
const SUPPLIERS = 30;
const EVENTS = 6;

/** The mean of the weights over the later half of the generations: single generations wander with their worlds. */
export function trainPolicy(profiles: readonly LoadProfile[], options: TrainingOptions): MatchingPolicy {
  const draws = new SeededDraws(options.seed);
  const parameters = firstParameters(draws);
  const averaged = new Float64Array(PARAMETER_COUNT);
  const averagedFrom = Math.floor(options.generations / 2);
  for (let generation = 0; generation < options.generations; generation += 1) {
    const worlds = generationWorlds(profiles, options, generation);
    const tried = Array.from({ length: options.pairs }, () => {
      const change = Float64Array.from({ length: PARAMETER_COUNT }, () => draws.normal());
      const earned = (sign: number) =>
        earnings(worlds, policyFrom(parameters.map((value, at) => value + sign * CHANGE_SIZE * (change[at] ?? 0))));
      return { change, up: earned(1), down: earned(-1) };
    });
    step(parameters, tried);
    if (generation >= averagedFrom) {
      const weight = 1 / (generation - averagedFrom + 1);
      averaged.forEach((value, at) => {
        averaged[at] = value + weight * ((parameters[at] ?? 0) - value);
      });
    }
    const total = tried.reduce((sum, { up, down }) => sum + up + down, 0);
    options.report?.(generation, total / (2 * tried.length));
  }
  return policyFrom(averaged);
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
  for (let at = 0; at < parameters.length; at += 1) {
    const slope = tried.reduce((sum, { change, up, down }) => sum + (rankOf(up) - rankOf(down)) * (change[at] ?? 0), 0);
    const value = parameters[at] ?? 0;
    const decayed = at < WEIGHT_COUNT ? (1 - DECAY) * value : value;
    parameters[at] = decayed + (STEP_SIZE * slope) / tried.length;
  }
}
