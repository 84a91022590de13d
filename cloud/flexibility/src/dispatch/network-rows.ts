/**
 * The limits of the grid as linear rows over the devices' power.
 *
 * All devices at a node act on a branch alike, so a row keeps one coefficient per node, not one per device. The flow in
 * all rebound steps is the same function of the calls, so a node has one rebound row, that of its tightest step.
 */
import { type DispatchDevice, type DispatchProblem, eventLength } from "./dispatch-problem.ts";

/** `lower <= sum over devices of nodeCoefficient * effect <= upper`, effect of one event step or of the rebound. */
export type NetworkRow = {
  readonly rowId: string;
  /** The event step that the row is about; `null` for the rebound. */
  readonly step: number | null;
  /** By node index; zero for nodes whose devices the row does not see. */
  readonly nodeCoefficients: Float64Array;
  readonly lower: number;
  readonly upper: number;
};

/** Rows that hold whatever is called are left out; this changes no optimum. */
export function networkRows(problem: DispatchProblem): NetworkRow[] {
  const tree = flowsOf(problem);
  const rows = [...capacityRows(problem, tree), ...voltageRows(problem, tree)];
  const reach = devicePowerMax(problem);
  return rows.filter((row) => canBind(problem, row, reach));
}

/** Sign of a call's effect on the load in an event step. */
export function eventSign({ direction }: DispatchProblem): 1 | -1 {
  return direction === "reduce" ? -1 : 1;
}

/** Load in kW in each rebound step for every kW of power summed over the event steps. */
export function reboundPerKw(problem: DispatchProblem, device: DispatchDevice): number {
  return hasRebound(problem) ? device.reboundRatio / problem.reboundSteps : 0;
}

function hasRebound({ direction, reboundSteps }: DispatchProblem): boolean {
  return direction === "reduce" && reboundSteps > 0;
}

type TreeFlows = {
  /** By node and step: what flows into the node when nobody is called. */
  readonly activeKw: readonly Float64Array[];
  readonly reactiveKvar: readonly Float64Array[];
  /** By node: nodes at or below it that have devices. */
  readonly deviceNodes: readonly (readonly number[])[];
};

function flowsOf({ nodes, devices }: DispatchProblem): TreeFlows {
  const activeKw = nodes.map(({ loadKw }) => Float64Array.from(loadKw));
  const reactiveKvar = nodes.map((node) => Float64Array.from(node.reactiveKvar));
  const occupied = new Set(devices.map(({ nodeIndex }) => nodeIndex));
  const deviceNodes = nodes.map((_, index) => (occupied.has(index) ? [index] : []));
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const parentIndex = nodes[index]?.parentIndex ?? -1;
    if (parentIndex < 0) continue;
    addTo(activeKw[parentIndex], activeKw[index]);
    addTo(reactiveKvar[parentIndex], reactiveKvar[index]);
    deviceNodes[parentIndex]?.push(...(deviceNodes[index] ?? []));
  }
  return { activeKw, reactiveKvar, deviceNodes };
}

function addTo(target: Float64Array | undefined, added: Float64Array | undefined): void {
  target?.forEach((value, step) => {
    target[step] = value + (added?.[step] ?? 0);
  });
}

function capacityRows(problem: DispatchProblem, { activeKw, deviceNodes }: TreeFlows): NetworkRow[] {
  return problem.nodes.flatMap(({ nodeId, capacityKw }, index) => {
    const below = deviceNodes[index] ?? [];
    if (below.length === 0 || !Number.isFinite(capacityKw)) return [];
    const nodeCoefficients = new Float64Array(problem.nodes.length);
    for (const node of below) nodeCoefficients[node] = 1;
    const bounds = { minimum: -capacityKw, maximum: capacityKw, resting: activeKw[index] ?? new Float64Array(0) };
    return rowsOverSteps(problem, { rowId: `flow ${nodeId}`, nodeCoefficients, ...bounds });
  });
}

const W_PER_KW = 1000;

/** V2_i = v0^2 - 2/(base^2 * 1000) * sum over the path of (r P + x Q), P and Q in kW and kvar. */
function voltageRows(problem: DispatchProblem, tree: TreeFlows): NetworkRow[] {
  const { nodes, voltage } = problem;
  if (voltage === undefined) return [];
  const { sourcePu, minPu, maxPu, baseKv } = voltage;
  const perOhmKw = 2 / (baseKv * baseKv * W_PER_KW);
  const resting = nodes.map(() => new Float64Array(0));
  const coefficients = nodes.map(() => new Float64Array(0));
  return nodes.flatMap(({ nodeId, parentIndex, resistanceOhm, reactanceOhm }, index) => {
    const above = resting[parentIndex];
    const activeKw = tree.activeKw[index] ?? new Float64Array(0);
    const drop = activeKw.map(
      (kw, step) => resistanceOhm * kw + reactanceOhm * (tree.reactiveKvar[index]?.[step] ?? 0),
    );
    const here = drop.map((each, step) => (above?.[step] ?? sourcePu * sourcePu) - perOhmKw * each);
    const weights = Float64Array.from(coefficients[parentIndex] ?? new Float64Array(nodes.length));
    for (const node of tree.deviceNodes[index] ?? []) weights[node] = (weights[node] ?? 0) - perOhmKw * resistanceOhm;
    resting[index] = here;
    coefficients[index] = weights;
    const bounds = { minimum: minPu * minPu, maximum: maxPu * maxPu, resting: here };
    return rowsOverSteps(problem, { rowId: `voltage ${nodeId}`, nodeCoefficients: weights, ...bounds });
  });
}

type Quantity = {
  readonly rowId: string;
  readonly nodeCoefficients: Float64Array;
  readonly minimum: number;
  readonly maximum: number;
  /** Its value in every step when nobody is called. */
  readonly resting: Float64Array;
};

function rowsOverSteps(problem: DispatchProblem, quantity: Quantity): NetworkRow[] {
  const { rowId, nodeCoefficients, minimum, maximum, resting } = quantity;
  const rows: NetworkRow[] = Array.from({ length: eventLength(problem) }, (_, step) => {
    const value = resting[problem.eventStart + step] ?? 0;
    return { rowId: `${rowId} ${step}`, step, nodeCoefficients, lower: minimum - value, upper: maximum - value };
  });
  if (!hasRebound(problem)) return rows;
  const after = resting.subarray(problem.eventEnd, problem.eventEnd + problem.reboundSteps);
  const [lower, upper] = [minimum - Math.min(...after), maximum - Math.max(...after)];
  return [...rows, { rowId: `${rowId} rebound`, step: null, nodeCoefficients, lower, upper }];
}

/** By device: most power in each event step, and most power summed over them. */
function devicePowerMax(problem: DispatchProblem): { stepKw: Float64Array; sumKw: Float64Array } {
  const stepCount = eventLength(problem);
  const stepKw = new Float64Array(problem.devices.length * stepCount);
  const sumKw = new Float64Array(problem.devices.length);
  for (const [index, { powerKwMax, energyKwhMax }] of problem.devices.entries()) {
    const energyAsKw = energyKwhMax / problem.stepHours;
    for (const [k, kw] of powerKwMax.entries()) stepKw[index * stepCount + k] = Math.min(kw, energyAsKw);
    const together = powerKwMax.reduce((sum, kw) => sum + kw, 0);
    sumKw[index] = Math.min(together, energyAsKw);
  }
  return { stepKw, sumKw };
}

function canBind(problem: DispatchProblem, row: NetworkRow, reach: ReturnType<typeof devicePowerMax>): boolean {
  const stepCount = eventLength(problem);
  const sign = eventSign(problem);
  let [least, most] = [0, 0];
  for (const [index, device] of problem.devices.entries()) {
    const coefficient = row.nodeCoefficients[device.nodeIndex] ?? 0;
    const effect =
      row.step === null
        ? reboundPerKw(problem, device) * (reach.sumKw[index] ?? 0)
        : sign * (reach.stepKw[index * stepCount + row.step] ?? 0);
    const change = coefficient * effect;
    if (change < 0) least += change;
    else most += change;
  }
  return least < row.lower || most > row.upper;
}
