/**
 * What one device does best at given prices of the targets and of the grid's limits: the building block of the lower
 * bound and of the columns. With prices fixed, devices do not see each other, so each is solved by sorting its steps.
 */
import { countedShareOf, type DispatchProblem, deviceAt, eventLength } from "./dispatch-problem.ts";
import { eventSign, type NetworkRow, reboundPerKw } from "./network-rows.ts";

/** Prices of what couples the devices, as a linear solver states duals: positive where a lower limit presses. */
export type CouplingPrices = {
  /** Of one kWh in each event step. */
  readonly targetEurPerKwh: Float64Array;
  /** Of one unit of each network row. */
  readonly rowEur: Float64Array;
};

/** Prices summed over the network rows, by node: what one kW of effect there is charged. */
type NodePrices = {
  /** By node and event step. */
  readonly stepEur: Float64Array;
  /** By node, for one kW in each rebound step. */
  readonly reboundEur: Float64Array;
};

/** Steps whose price differs by less than this are filled alike: ties would otherwise swing between extremes. */
const TIE_EUR_PER_KW = 1e-7;

/** What each device would best do by itself at given prices; arrays are reused from one price to the next. */
export class DeviceResponses {
  readonly #problem: DispatchProblem;
  readonly #rows: readonly NetworkRow[];
  readonly #width: number;
  /** By device and event step, EUR for each kW. */
  readonly reducedEur: Float64Array;

  constructor(problem: DispatchProblem, rows: readonly NetworkRow[]) {
    this.#problem = problem;
    this.#rows = rows;
    this.#width = eventLength(problem);
    this.reducedEur = new Float64Array(problem.devices.length * this.#width);
  }

  /** Charges the devices the given prices; `respond` answers by them from here on. */
  price(prices: CouplingPrices): void {
    const { devices, stepHours } = this.#problem;
    const sign = eventSign(this.#problem);
    const nodes = this.#nodePrices(prices.rowEur);
    for (const [index, device] of devices.entries()) {
      const rebound = reboundPerKw(this.#problem, device) * (nodes.reboundEur[device.nodeIndex] ?? 0);
      for (let k = 0; k < this.#width; k += 1) {
        const earnedEur = countedShareOf(device) * (prices.targetEurPerKwh[k] ?? 0);
        const energyEur = stepHours * (device.priceEurPerKwh - earnedEur);
        const gridEur = sign * (nodes.stepEur[device.nodeIndex * this.#width + k] ?? 0) + rebound;
        this.reducedEur[index * this.#width + k] = energyEur - gridEur;
      }
    }
  }

  /**
   * The least reduced cost of a device, zero when it is better not called; `powerKw` receives the call.
   *
   * @param mustCall whether staying out is no choice
   */
  respond(index: number, powerKw: Float64Array, mustCall = false): number {
    powerKw.fill(0);
    const costEur = deviceAt(this.#problem, index).startCostEur + this.#fill(index, powerKw);
    if (costEur < 0 || mustCall) return costEur;
    powerKw.fill(0);
    return 0;
  }

  /** Fills the cheapest steps first: to the most energy while a step pays, on to the least energy whatever it costs. */
  #fill(index: number, powerKw: Float64Array): number {
    const { energyKwhMax, energyKwhMin, powerKwMax } = deviceAt(this.#problem, index);
    const reduced = this.reducedEur.subarray(index * this.#width, (index + 1) * this.#width);
    const order = [...reduced.keys()].sort((left, right) => valueAt(reduced, left) - valueAt(reduced, right));
    let costEur = 0;
    let givenKw = 0;
    for (let at = 0; at < order.length; ) {
      const tied = tiedSteps(order, reduced, at);
      const limitKwh = valueAt(reduced, tied[0] ?? 0) < 0 ? energyKwhMax : energyKwhMin;
      const leftKw = limitKwh / this.#problem.stepHours - givenKw;
      if (leftKw <= 0) break;
      const offeredKw = tied.reduce((sum, k) => sum + valueAt(powerKwMax, k), 0);
      const share = Math.min(1, leftKw / offeredKw);
      for (const k of tied) {
        const kw = share * valueAt(powerKwMax, k);
        powerKw[k] = kw;
        costEur += kw * valueAt(reduced, k);
      }
      givenKw += share * offeredKw;
      at += tied.length;
    }
    return costEur;
  }

  #nodePrices(rowEur: Float64Array): NodePrices {
    const nodeCount = this.#problem.nodes.length;
    const stepEur = new Float64Array(nodeCount * this.#width);
    const reboundEur = new Float64Array(nodeCount);
    for (const [index, { step, nodeCoefficients }] of this.#rows.entries()) {
      const eur = valueAt(rowEur, index);
      if (eur === 0) continue;
      const [sums, stride, offset] = step === null ? [reboundEur, 1, 0] : [stepEur, this.#width, step];
      for (let node = 0; node < nodeCount; node += 1) {
        const at = node * stride + offset;
        sums[at] = valueAt(sums, at) + eur * valueAt(nodeCoefficients, node);
      }
    }
    return { stepEur, reboundEur };
  }
}

/** Indices come from loops over the same arrays; a hole, a programmer's error, shows as NaN in every bound. */
function valueAt(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

function tiedSteps(order: readonly number[], reduced: Float64Array, from: number): number[] {
  const first = reduced[order[from] ?? 0] ?? 0;
  let to = from + 1;
  while (to < order.length && (reduced[order[to] ?? 0] ?? 0) - first < TIE_EUR_PER_KW) to += 1;
  return order.slice(from, to);
}

/** The part of the Lagrangian that no device decides: targets and limits at their prices. */
export function fixedValueEur(problem: DispatchProblem, rows: readonly NetworkRow[], prices: CouplingPrices): number {
  const targets = problem.targetKwh.reduce((sum, kwh, k) => sum + kwh * (prices.targetEurPerKwh[k] ?? 0), 0);
  return rows.reduce((sum, { lower, upper }, index) => {
    const eur = prices.rowEur[index] ?? 0;
    return eur === 0 ? sum : sum + eur * (eur > 0 ? lower : upper);
  }, targets);
}
