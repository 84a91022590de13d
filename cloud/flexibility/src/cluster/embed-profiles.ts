/**
 * A small autoencoder: profiles of a day are squeezed through a few numbers and drawn again from them. Profiles with
 * like numbers are alike in what matters, and noise that no other profile shares does not get through.
 *
 *     profile (24..96) -> hidden -> code -> hidden -> profile again
 *
 * Own code, since a forward and a backward pass of four layers are shorter than a bridge to a library, and since the
 * same seed has to give the same bits on every machine: leaky ReLU instead of functions with an exponential.
 */
import { seededRandom } from "./seeded-random.ts";

/** The same seed gives the same codes on every machine. */
export type EmbeddingOptions = {
  readonly seed: number;
  /** Numbers that a profile is squeezed into. */
  readonly codeSize?: number;
  readonly epochs?: number;
};

/** Six numbers hold more than the segments that a few hundred profiles show. */
const DEFAULT_CODE_SIZE = 6;
/** Units of the one layer between profile and code, on either side. */
const HIDDEN_SIZE = 20;
/** Enough to settle for some hundred profiles; each epoch sees every profile once. */
const DEFAULT_EPOCHS = 60;
const LEARNING_RATE = 0.01;
const MOMENTUM = 0.9;
/** Slope of a unit below zero: one that is off for all profiles still learns. */
const LEAK = 0.1;

type Layer = {
  readonly inputs: number;
  readonly outputs: number;
  readonly isLinear: boolean;
  readonly weights: Float64Array;
  readonly velocity: Float64Array;
};

/** Codes of the profiles, in their order, after training on them. All profiles MUST have one length. */
export function embedProfiles(profiles: readonly Float64Array[], options: EmbeddingOptions): Float64Array[] {
  const { seed, codeSize = DEFAULT_CODE_SIZE, epochs = DEFAULT_EPOCHS } = options;
  const random = seededRandom(seed);
  const inputs = standardised(profiles);
  const size = inputs[0]?.length ?? 0;
  const sizes = [size, HIDDEN_SIZE, codeSize, HIDDEN_SIZE, size];
  const layers = sizes.slice(1).map((outputs, index) => newLayer(sizes[index] ?? 0, outputs, { index, random }));
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    // The rate falls in a line to a tenth, so that the last epochs settle instead of wandering.
    const rate = LEARNING_RATE * (1 - (0.9 * epoch) / epochs);
    for (const profile of shuffled(inputs, random)) trainOn(layers, profile, rate);
  }
  return inputs.map((profile) => activations(layers.slice(0, 2), profile).at(-1) ?? new Float64Array(0));
}

/** Each time of day with mean zero, all with one scale, so that a flat night does not outweigh an evening. */
function standardised(profiles: readonly Float64Array[]): Float64Array[] {
  const size = profiles[0]?.length ?? 0;
  const means = Float64Array.from({ length: size }, (_, slot) => meanOf(profiles.map((profile) => profile[slot] ?? 0)));
  const centred = profiles.map((profile) => profile.map((value, slot) => value - (means[slot] ?? 0)));
  const square = meanOf(centred.map((profile) => meanOf(Array.from(profile, (value) => value * value))));
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  return centred.map((profile) => profile.map((value) => value * scale));
}

function newLayer(inputs: number, outputs: number, { index, random }: { index: number; random: () => number }): Layer {
  // Uniform with the variance of He et al. 2015, which keeps signals of one size through the layers. The last is bias.
  const bound = Math.sqrt(6 / Math.max(1, inputs));
  const weights = Float64Array.from({ length: outputs * (inputs + 1) }, (_, cell) =>
    cell % (inputs + 1) === inputs ? 0 : bound * (2 * random() - 1) * 0.5,
  );
  // Code and output are linear: a code that cannot be negative would waste half its room.
  return { inputs, outputs, isLinear: index % 2 === 1, weights, velocity: new Float64Array(weights.length) };
}

/** What each layer gives, from the input itself to the last one. */
function activations(layers: readonly Layer[], input: Float64Array): Float64Array[] {
  const all = [input];
  for (const layer of layers) all.push(forward(layer, all.at(-1) ?? input));
  return all;
}

function forward({ inputs, outputs, isLinear, weights }: Layer, input: Float64Array): Float64Array {
  const result = new Float64Array(outputs);
  for (let output = 0; output < outputs; output += 1) {
    const first = output * (inputs + 1);
    let sum = weights[first + inputs] ?? 0;
    for (let index = 0; index < inputs; index += 1) sum += (weights[first + index] ?? 0) * (input[index] ?? 0);
    result[output] = isLinear || sum > 0 ? sum : LEAK * sum;
  }
  return result;
}

function trainOn(layers: readonly Layer[], profile: Float64Array, rate: number): void {
  const all = activations(layers, profile);
  const drawn = all.at(-1) ?? profile;
  let gradient: Float64Array = drawn.map((value, index) => (value - (profile[index] ?? 0)) / profile.length);
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const layer = layers[index];
    const [input, output] = [all[index], all[index + 1]];
    if (layer === undefined || input === undefined || output === undefined) return;
    gradient = backward(layer, { input, output, gradient, rate });
  }
}

type Step = { input: Float64Array; output: Float64Array; gradient: Float64Array; rate: number };

/** Moves the weights of a layer against the gradient, and returns the gradient of its input. */
function backward(layer: Layer, step: Step): Float64Array {
  const below = new Float64Array(layer.inputs);
  for (let output = 0; output < layer.outputs; output += 1) {
    const error = (step.gradient[output] ?? 0) * slopeAt(layer, step.output[output] ?? 0);
    const first = output * (layer.inputs + 1);
    for (let index = 0; index < layer.inputs; index += 1) {
      below[index] = (below[index] ?? 0) + error * (layer.weights[first + index] ?? 0);
      push(layer, first + index, step.rate * error * (step.input[index] ?? 0));
    }
    push(layer, first + layer.inputs, step.rate * error);
  }
  return below;
}

function slopeAt({ isLinear }: Layer, output: number): number {
  return isLinear || output > 0 ? 1 : LEAK;
}

function push({ weights, velocity }: Layer, cell: number, amount: number): void {
  const speed = MOMENTUM * (velocity[cell] ?? 0) - amount;
  velocity[cell] = speed;
  weights[cell] = (weights[cell] ?? 0) + speed;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
