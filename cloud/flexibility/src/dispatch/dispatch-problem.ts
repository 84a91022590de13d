/**
 * Dispatch: the cheapest calls on devices that reach a target in every event step and keep every limit.
 *
 *      step        0 ... e0 [ event steps k = 0..K-1 ) e1 [ rebound steps ) ...
 *      device d            x_dk >= 0 kW                   + ratio_d * sum_k x_dk / R kW   (after a reduction)
 *
 * Power in kW and energy in kWh as floats: nothing here is signed, settled or sent; orders are rounded to Wh outside.
 */
import assert from "node:assert/strict";

/** Whether devices draw less (`reduce`) or more (`increase`) during the event. */
export type DispatchDirection = "reduce" | "increase";

/** One node of the supply tree; its branch is the one that feeds it. */
export type DispatchNode = {
  readonly nodeId: string;
  /** Index of the node above; -1 at the root. Every node comes after the one above it. */
  readonly parentIndex: number;
  /** Limit on the absolute flow through the branch; infinite without one. */
  readonly capacityKw: number;
  /** The node's own net load in every step. */
  readonly loadKw: Float64Array;
  /** The node's own reactive load in every step; zeros where it is not known. */
  readonly reactiveKvar: Float64Array;
  readonly resistanceOhm: number;
  readonly reactanceOhm: number;
};

/** kW and kWh, floats: a plan is a proposal, money is reckoned in integers by settlement. */
export type DispatchDevice = {
  readonly deviceId: string;
  readonly nodeIndex: number;
  /** Most power in each event step. */
  readonly powerKwMax: Float64Array;
  readonly energyKwhMax: number;
  /** Least energy of a call, if called at all. */
  readonly energyKwhMin: number;
  readonly priceEurPerKwh: number;
  /** Paid once if the device is called. */
  readonly startCostEur: number;
  /** Share of the reduced energy that is drawn after the event. */
  readonly reboundRatio: number;
  /**
   * Share of a call that counts towards the targets, 0 to 1: who may deliver less is counted on for less, while the
   * grid has to bear the whole. All of it when left out.
   */
  readonly countedShare?: number;
};

/** Bounds of the squared voltage in the linearised flow (LinDistFlow: Baran and Wu 1989, without losses). */
export type VoltageBand = {
  readonly sourcePu: number;
  readonly minPu: number;
  readonly maxPu: number;
  readonly baseKv: number;
};

/** Steps are counted over the loads of the nodes; arrays of the event begin at `eventStart`. */
export type DispatchProblem = {
  readonly direction: DispatchDirection;
  readonly stepHours: number;
  /** Event steps [eventStart, eventEnd) of the steps that loads are given for. */
  readonly eventStart: number;
  readonly eventEnd: number;
  /** Steps after the event over which rebound is drawn. */
  readonly reboundSteps: number;
  /** Energy asked for in each event step. */
  readonly targetKwh: Float64Array;
  readonly nodes: readonly DispatchNode[];
  readonly devices: readonly DispatchDevice[];
  readonly voltage?: VoltageBand;
  /** What a kWh short of a target costs; dearer than any device when left out, so that limits alone leave it short. */
  readonly shortfallEurPerKwh?: number;
};

/** Power of every device in every event step, device by device: `powerKw[device * K + k]`. */
export type DispatchPlan = { readonly powerKw: Float64Array };

/** Number of event steps. */
export function eventLength({ eventStart, eventEnd }: DispatchProblem): number {
  return eventEnd - eventStart;
}

/** The device at an index that is known to be one. */
export function deviceAt({ devices }: DispatchProblem, index: number): DispatchDevice {
  const device = devices[index];
  assert(device !== undefined, `no device ${index}`);
  return device;
}

/** What of a call counts towards the targets. */
export function countedShareOf({ countedShare = 1 }: DispatchDevice): number {
  return countedShare;
}

/** Whether calling on the device is a yes-or-no choice: without start cost and least energy nothing is all or none. */
export function isSwitched({ startCostEur, energyKwhMin }: DispatchDevice): boolean {
  return startCostEur > 0 || energyKwhMin > 0;
}

/** What a plan costs: energy of every device at its price, and the start cost of those called. */
export function planCostEur(problem: DispatchProblem, { powerKw }: DispatchPlan): number {
  const stepCount = eventLength(problem);
  let costEur = 0;
  for (const [index, device] of problem.devices.entries()) {
    let energyKwh = 0;
    for (let k = 0; k < stepCount; k += 1) energyKwh += problem.stepHours * (powerKw[index * stepCount + k] ?? 0);
    if (energyKwh > 0) costEur += device.priceEurPerKwh * energyKwh + device.startCostEur;
  }
  return costEur;
}
