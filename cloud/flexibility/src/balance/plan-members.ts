/**
 * Plans the battery of each member when every member pays for what it draws itself and the node pays for how their sum
 * jumps and peaks. A plan is made against scenarios of each member, not against a mean: discharging what a home draws
 * on average wastes energy whenever it draws less.
 *
 *      own cost   sum over steps of weight x mean over scenarios of max(0, net + exchange)     each member, exactly
 *      shared     rampWeight x rise from step to step + peakWeight x excess over the peak       of the sum
 *
 * One member after the other is planned anew by dynamic programming over its stored energy, while the others stay
 * (block coordinate descent). The shared cost enters by its slope and a curvature that keeps a member from overshooting
 * what the others have left to mend. All arithmetic is exactly rounded: the same input gives the same plan to the last
 * bit.
 */
import type { StorageLevels } from "./storage-levels.ts";

/** What one member may draw: for each step the same scenarios in the same order. */
export type MemberOutlook = {
  /** Net draw before the battery, kWh, for each step, for each scenario; generation beyond use is negative. */
  readonly netKwh: readonly (readonly number[])[];
  /** Weight of each kWh that the member draws, by step. */
  readonly importWeight: ArrayLike<number>;
  readonly storedKwh: number;
  /** Worth of each kWh that is stored after the last step. */
  readonly storedWorth: number;
};

/** What the sum of the members costs, in the unit of their `importWeight`. */
export type SharedCost = {
  /** Of each kWh by which the sum of the members rises from one step to the next. */
  readonly rampWeight: number;
  /** Of each kWh above `peakKwh`, in every step. */
  readonly peakWeight: number;
  readonly peakKwh: number;
  /** Net draw of all members in the step before the first. */
  readonly netKwhBefore: number;
  /** How far the sum may lie from the scenarios (standard deviation), above 0. Small rises are likely anyway. */
  readonly spreadKwh: number;
};

/** One battery and one set of scenarios' steps for all; whoever has another is planned apart. */
export type MembersRequest = {
  readonly members: readonly MemberOutlook[];
  /** All members have the same battery. */
  readonly levels: StorageLevels;
  readonly shared: SharedCost;
  /** Where to start from: the plan of the step before, if there is one, for the same steps. */
  readonly earlier?: readonly Float64Array[];
};

/** From the plan of the step before, the cost of a fifth round would be the same to a few thousandths. */
const ROUNDS = 4;

/** For each member what passes its battery's connection in each step, kWh, charging positive. */
export function planMembers({ members, levels, shared, earlier }: MembersRequest): Float64Array[] {
  const stepCount = members[0]?.netKwh.length ?? 0;
  const plans = members.map((_, index) =>
    Float64Array.from({ length: stepCount }, (_, at) => earlier?.[index]?.[at] ?? 0),
  );
  const imports = members.map((member) => expectedImports(member, levels));
  const totalKwh = Float64Array.from({ length: stepCount }, (_, step) =>
    members.reduce((sum, { netKwh }, index) => sum + meanOf(netKwh[step] ?? []) + (plans[index]?.[step] ?? 0), 0),
  );
  const curvature = curvatureOf(shared);
  const planner = new LevelPlanner(levels, stepCount);
  for (let round = 0; round < ROUNDS; round += 1) {
    members.forEach((member, index) => {
      const plan = plans[index] ?? new Float64Array(0);
      const slopes = sharedSlopes(shared, totalKwh);
      const found = planner.plan({ member, imports: imports[index] ?? [], plan, slopes, curvature });
      for (let step = 0; step < stepCount; step += 1) {
        totalKwh[step] = (totalKwh[step] ?? 0) + (found[step] ?? 0) - (plan[step] ?? 0);
        plan[step] = found[step] ?? 0;
      }
    });
  }
  return plans;
}

/** Weighted mean over the scenarios of what is drawn, by step and by change of level. */
function expectedImports({ netKwh, importWeight }: MemberOutlook, { exchangedKwh }: StorageLevels): Float64Array[] {
  return netKwh.map((scenarios, step) =>
    exchangedKwh.map((exchanged) => {
      let drawnKwh = 0;
      for (const net of scenarios) drawnKwh += Math.max(0, net + exchanged);
      return ((importWeight[step] ?? 0) * drawnKwh) / Math.max(1, scenarios.length);
    }),
  );
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A rise of d costs (d + sqrt(d^2 + c^2)) / 2: with this c as much at zero as a normal error around it does. */
const SPREAD_FACTOR = 0.8;

/** Probability-like share of a kWh more that will count as a rise, 0 to 1. */
function countedShare(riseKwh: number, softKwh: number): number {
  return (1 + riseKwh / Math.sqrt(riseKwh * riseKwh + softKwh * softKwh)) / 2;
}

/** Cost of one kWh more in each step: it raises the step, and lowers the rise to the next one. */
function sharedSlopes(shared: SharedCost, totalKwh: Float64Array): Float64Array {
  const { rampWeight, peakWeight, peakKwh, netKwhBefore, spreadKwh } = shared;
  const softKwh = SPREAD_FACTOR * spreadKwh;
  return totalKwh.map((kwh, step) => {
    const rise = countedShare(kwh - (totalKwh[step - 1] ?? netKwhBefore), softKwh);
    const next = totalKwh[step + 1];
    // After the last step a rise is as likely as a fall.
    const nextRise = next === undefined ? 0.5 : countedShare(next - kwh, softKwh);
    return rampWeight * (rise - nextRise) + peakWeight * countedShare(kwh - peakKwh, softKwh);
  });
}

/**
 * Of the curvature that bounds the shared cost from above (majorisation, Hunter and Lange 2004), this much is taken:
 * the whole bound never overshoots but takes twice as many rounds; a twentieth overshoots.
 */
const CURVATURE_SHARE = 0.25;

/** The second derivative is 1 / (2 c) at most; two rises hang on each step, neighbours may move against each other. */
function curvatureOf({ rampWeight, peakWeight, spreadKwh }: SharedCost): number {
  return (CURVATURE_SHARE * (4 * rampWeight + peakWeight)) / (2 * SPREAD_FACTOR * spreadKwh);
}

type MemberTask = {
  readonly member: MemberOutlook;
  readonly imports: readonly Float64Array[];
  readonly plan: Float64Array;
  readonly slopes: Float64Array;
  readonly curvature: number;
};

/** Dynamic programming over levels, backwards in time; its tables are used again for every member. */
class LevelPlanner {
  readonly #levels: StorageLevels;
  /** Cost from a step on, by level, and the level to go to. */
  readonly #costs: Float64Array[];
  readonly #next: Int32Array[];

  constructor(levels: StorageLevels, stepCount: number) {
    this.#levels = levels;
    this.#costs = Array.from({ length: stepCount + 1 }, () => new Float64Array(levels.levelCount));
    this.#next = Array.from({ length: stepCount }, () => new Int32Array(levels.levelCount));
  }

  plan(task: MemberTask): Float64Array {
    const { levelCount, levelKwh, exchangedKwh } = this.#levels;
    const stepCount = this.#next.length;
    this.#costs[stepCount]?.forEach((_, level, ends) => {
      ends[level] = -task.member.storedWorth * level * levelKwh;
    });
    for (let step = stepCount - 1; step >= 0; step -= 1) this.#choose(step, this.#changeCosts(task, step));
    let level = Math.max(0, Math.min(levelCount - 1, Math.round(task.member.storedKwh / levelKwh)));
    return Float64Array.from({ length: stepCount }, (_, step) => {
      const from = level;
      level = this.#next[step]?.[from] ?? from;
      return exchangedKwh[level - from + levelCount - 1] ?? 0;
    });
  }

  /** By change of level. */
  #changeCosts({ imports, plan, slopes, curvature }: MemberTask, step: number): Float64Array {
    const [own, slope, planned] = [imports[step], slopes[step] ?? 0, plan[step] ?? 0];
    return this.#levels.exchangedKwh.map((exchanged, change) => {
      const moved = exchanged - planned;
      return (own?.[change] ?? 0) + moved * (slope + (curvature / 2) * moved);
    });
  }

  #choose(step: number, changeCosts: Float64Array): void {
    const [costs, next, later] = [this.#costs[step], this.#next[step], this.#costs[step + 1]];
    if (costs === undefined || next === undefined || later === undefined) return;
    for (let from = 0; from < costs.length; from += 1) {
      const to = this.#cheapestFrom(from, changeCosts, later);
      next[from] = to;
      costs[from] = (changeCosts[to - from + costs.length - 1] ?? 0) + (later[to] ?? 0);
    }
  }

  /** The level to go to; where it is, if nothing is cheaper. */
  #cheapestFrom(from: number, changeCosts: Float64Array, later: Float64Array): number {
    const { levelCount, exchangedKwh, exchangedKwhMax } = this.#levels;
    const [still, limit] = [levelCount - 1 - from, exchangedKwhMax[from] as number];
    let best = (changeCosts[levelCount - 1] as number) + (later[from] as number);
    let found = from;
    for (let to = 0; to < levelCount; to += 1) {
      const cost = (changeCosts[to + still] as number) + (later[to] as number);
      if (cost >= best || Math.abs(exchangedKwh[to + still] as number) > limit) continue;
      best = cost;
      found = to;
    }
    return found;
  }
}
