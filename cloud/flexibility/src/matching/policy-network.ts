import { InvalidInputError } from "../flexibility-error.ts";

/**
 * A small fully connected network. Rectifiers and no exponentials: additions and multiplications give the same bits on
 * every machine, so a decision can be repeated and a training reproduced.
 */
export const LAYER_SIZES = [9, 16, 16, 2] as const;

/** Where the numbers of the last layer begin. */
export const HEAD_OFFSET = LAYER_SIZES[1] * (LAYER_SIZES[0] + 1) + LAYER_SIZES[2] * (LAYER_SIZES[1] + 1);

/** Numbers of a network: for each layer the weights of its first unit, its bias, those of the second unit, ... */
export const WEIGHT_COUNT = LAYER_SIZES.slice(1).reduce(
  (sum, size, layer) => sum + size * ((LAYER_SIZES[layer] ?? 0) + 1),
  0,
);

/** @throws InvalidInputError unless there are `WEIGHT_COUNT` finite numbers */
export function checkWeights(weights: ArrayLike<number>): void {
  if (weights.length !== WEIGHT_COUNT) throw new InvalidInputError("weights", `needs ${WEIGHT_COUNT} numbers`);
  if (!Array.from(weights).every(Number.isFinite)) throw new InvalidInputError("weights", "must be finite");
}

/** Outputs of each layer, used again at every call: training evaluates networks some hundred million times. */
const SCRATCH = LAYER_SIZES.map((size) => new Float64Array(size));

/** The outputs for one row of inputs; the last layer is linear. */
export function evaluateNetwork(weights: ArrayLike<number>, inputs: readonly number[]): number[] {
  let offset = 0;
  let values: ArrayLike<number> = inputs;
  for (let layer = 1; layer < LAYER_SIZES.length; layer += 1) {
    const outputs = SCRATCH[layer] ?? new Float64Array(0);
    addUp(weights, { offset, inputs: values }, outputs);
    if (layer < LAYER_SIZES.length - 1) rectify(outputs);
    offset += outputs.length * (values.length + 1);
    values = outputs;
  }
  return Array.from(values);
}

/** In this order and no other: bias first, then input by input, so that the last bit is always the same. */
function addUp(
  weights: ArrayLike<number>,
  { offset, inputs }: { offset: number; inputs: ArrayLike<number> },
  outputs: Float64Array,
): void {
  const stride = inputs.length + 1;
  for (let unit = 0; unit < outputs.length; unit += 1) {
    const first = offset + unit * stride;
    let sum = weights[first + inputs.length] as number;
    for (let at = 0; at < inputs.length; at += 1) sum += (weights[first + at] as number) * (inputs[at] as number);
    outputs[unit] = sum;
  }
}

/**
 * Moves the weights a little so that the first output comes nearer to what it should have been (gradient descent on the
 * squared error of one example).
 */
export function nudgeNetwork(weights: Float64Array, inputs: readonly number[], error: number, rate: number): void {
  evaluateNetwork(weights, inputs);
  const [first, second, third] = [[...inputs], [...(SCRATCH[1] ?? [])], [...(SCRATCH[2] ?? [])]];
  const middle = LAYER_SIZES[1] * (LAYER_SIZES[0] + 1);
  const thirdSlopes = slopesBelow(weights, { offset: HEAD_OFFSET, slopes: [error], values: third });
  const secondSlopes = slopesBelow(weights, { offset: middle, slopes: thirdSlopes, values: second });
  moveLayer(weights, { offset: HEAD_OFFSET, slopes: [error], values: third }, rate);
  moveLayer(weights, { offset: middle, slopes: thirdSlopes, values: second }, rate);
  moveLayer(weights, { offset: 0, slopes: secondSlopes, values: first }, rate);
}

/** One layer as the descent sees it: slopes of the error at its outputs, values at its inputs. */
type Layer = { readonly offset: number; readonly slopes: readonly number[]; readonly values: readonly number[] };

/** Slopes at the inputs; a rectified unit that is off passes nothing on. */
function slopesBelow(weights: Float64Array, { offset, slopes, values }: Layer): number[] {
  return values.map((value, at) => {
    if (value <= 0) return 0;
    return slopes.reduce(
      (sum, slope, unit) => sum + slope * (weights[offset + unit * (values.length + 1) + at] ?? 0),
      0,
    );
  });
}

function moveLayer(weights: Float64Array, { offset, slopes, values }: Layer, rate: number): void {
  for (const [unit, slope] of slopes.entries()) {
    if (slope === 0) continue;
    const first = offset + unit * (values.length + 1);
    for (const [at, value] of values.entries()) weights[first + at] = (weights[first + at] ?? 0) - rate * slope * value;
    weights[first + values.length] = (weights[first + values.length] ?? 0) - rate * slope;
  }
}

function rectify(values: Float64Array): void {
  for (let at = 0; at < values.length; at += 1) values[at] = Math.max(0, values[at] as number);
}
