import { strict as assert } from "node:assert";

/** A household over some days, hour by hour; both lists have one value for each hour, carbon as the grid's mean. */
export type HouseholdCarbon = {
  /** Net import or consumption, Wh. */
  loadWh: readonly number[];
  carbonGramPerKwh: readonly number[];
};

/** What the household could do. */
export type HouseholdMeans = {
  /** Share of each hour's load that may run later: washing, charging, heating of a buffer. */
  shiftablePerMille: number;
  battery: { energyWhMax: number; powerWMax: number; efficiencyPerMille: number } | null;
};

/** What one way to live through the same days comes to; avoided is against `as it was`, negative when it emits more. */
export type EmissionScenario = {
  name: string;
  emissionGram: number;
  avoidedGram: number;
  avoidedPerMille: number;
  /** Energy that ran at another hour, or went through the battery. */
  movedWh: number;
  /** How much later a moved Wh ran, in the mean; 0 for a battery, which delays nothing. */
  delayHoursMean: number;
};

/** How long a household may be asked to wait: an appliance's delay timer, an evening, a working day. */
export const DELAY_HOURS = [2, 4, 8] as const;

/**
 * What the same days would have emitted had load waited for cleaner hours, or a battery been run for carbon. Nothing
 * moves across midnight of the data's own clock, so each day can be judged by itself, and no hour gets a load above the
 * day's own peak: emission is not bought with a new peak. Mean carbon intensity is used, as households are told; the
 * marginal plant may be another.
 * @throws TypeError unless there is one carbon value for each hour
 */
export function emissionScenarios(household: HouseholdCarbon, means: HouseholdMeans): EmissionScenario[] {
  const { loadWh, carbonGramPerKwh } = household;
  if (loadWh.length !== carbonGramPerKwh.length) throw new TypeError("one carbon value is needed for each hour");
  const asIs = emissionOf(loadWh, carbonGramPerKwh);
  const summary = (name: string, moved: Moved): EmissionScenario => {
    const emissionGram = emissionOf(moved.loadWh, carbonGramPerKwh);
    return {
      name,
      emissionGram: Math.round(emissionGram),
      avoidedGram: Math.round(asIs - emissionGram),
      avoidedPerMille: asIs === 0 ? 0 : Math.round(((asIs - emissionGram) * 1_000) / asIs),
      movedWh: Math.round(moved.movedWh),
      delayHoursMean: moved.movedWh === 0 ? 0 : Math.round((moved.delayWhHours / moved.movedWh) * 10) / 10,
    };
  };
  const days = daysOf(household);
  return [
    summary("as it was", { loadWh, movedWh: 0, delayWhHours: 0 }),
    ...DELAY_HOURS.map((hours) => {
      return summary(`wait up to ${hours} h`, joined(days.map((day) => shifted(day, means.shiftablePerMille, hours))));
    }),
    ...(means.battery === null ? [] : [summary("battery by carbon", joined(days.map(stored(means.battery))))]),
  ];
}

const HOURS_PER_DAY = 24;

type Moved = { loadWh: readonly number[]; movedWh: number; delayWhHours: number };

function emissionOf(loadWh: readonly number[], carbonGramPerKwh: readonly number[]): number {
  return loadWh.reduce((sum, each, hour) => sum + (each * (carbonGramPerKwh[hour] ?? 0)) / 1_000, 0);
}

function daysOf({ loadWh, carbonGramPerKwh }: HouseholdCarbon): HouseholdCarbon[] {
  return Array.from({ length: Math.ceil(loadWh.length / HOURS_PER_DAY) }, (_, day) => {
    const [from, to] = [day * HOURS_PER_DAY, (day + 1) * HOURS_PER_DAY];
    return { loadWh: loadWh.slice(from, to), carbonGramPerKwh: carbonGramPerKwh.slice(from, to) };
  });
}

function joined(days: readonly Moved[]): Moved {
  return {
    loadWh: days.flatMap((day) => day.loadWh),
    movedWh: days.reduce((sum, day) => sum + day.movedWh, 0),
    delayWhHours: days.reduce((sum, day) => sum + day.delayWhHours, 0),
  };
}

/** Pairs of hours by what a Wh gains between them, best first; equal gains in order of time. */
function pairs(carbon: readonly number[], gainOf: (from: number, to: number) => number) {
  const all = carbon.flatMap((_, from) => carbon.map((__, to) => ({ from, to, gain: gainOf(from, to) })));
  return all
    .filter(({ gain }) => gain > 0)
    .sort((left, right) => right.gain - left.gain || left.from - right.from || left.to - right.to);
}

/** Greedy by gain: each Wh goes to the cleanest hour that still has room within its wait. */
function shifted({ loadWh, carbonGramPerKwh }: HouseholdCarbon, perMille: number, hoursMax: number): Moved {
  const load = [...loadWh];
  const peakWh = Math.max(...load);
  const left = load.map((each) => (Math.max(0, each) * perMille) / 1_000);
  let [movedWh, delayWhHours] = [0, 0];
  const gainOf = (from: number, to: number) => {
    const isWithinWait = to > from && to - from <= hoursMax;
    return isWithinWait ? at(carbonGramPerKwh, from) - at(carbonGramPerKwh, to) : 0;
  };
  for (const { from, to } of pairs(carbonGramPerKwh, gainOf)) {
    const wh = Math.min(at(left, from), peakWh - at(load, to));
    if (wh <= 0) continue;
    add(left, from, -wh);
    add(load, from, -wh);
    add(load, to, wh);
    movedWh += wh;
    delayWhHours += wh * (to - from);
  }
  return { loadWh: load, movedWh, delayWhHours };
}

type Battery = NonNullable<HouseholdMeans["battery"]>;

/** A day with a battery in it, hour by hour. */
class StoredDay {
  readonly loadWh: number[];
  movedWh = 0;
  readonly #battery: Battery;
  readonly #peakWh: number;
  readonly #chargedWh: number[];
  readonly #dischargedWh: number[];
  /** At the end of each hour. */
  readonly #contentWh: number[];

  constructor(loadWh: readonly number[], battery: Battery) {
    this.loadWh = [...loadWh];
    this.#battery = battery;
    this.#peakWh = Math.max(...loadWh);
    this.#chargedWh = loadWh.map(() => 0);
    this.#dischargedWh = loadWh.map(() => 0);
    this.#contentWh = loadWh.map(() => 0);
  }

  /** Moves as much from one hour to a later one as load, power and energy allow, at every hour in between. */
  move(from: number, to: number): void {
    const { energyWhMax, powerWMax, efficiencyPerMille } = this.#battery;
    const chargeWhMax = Math.min(powerWMax - at(this.#chargedWh, from), this.#peakWh - at(this.loadWh, from));
    const wh = Math.min(
      (chargeWhMax * efficiencyPerMille) / 1_000,
      powerWMax - at(this.#dischargedWh, to),
      at(this.loadWh, to),
      energyWhMax - Math.max(...this.#contentWh.slice(from, to)),
    );
    if (wh <= 0) return;
    const takenWh = (wh * 1_000) / efficiencyPerMille;
    add(this.loadWh, from, takenWh);
    add(this.loadWh, to, -wh);
    add(this.#chargedWh, from, takenWh);
    add(this.#dischargedWh, to, wh);
    for (let hour = from; hour < to; hour++) add(this.#contentWh, hour, wh);
    this.movedWh += wh;
  }
}

/**
 * Greedy by gain: charged in clean hours for dirtier ones later in the day, empty at midnight. It never exports, as the
 * household's own load is all that it replaces.
 */
function stored(battery: Battery) {
  const { efficiencyPerMille } = battery;
  assert(efficiencyPerMille > 0 && efficiencyPerMille <= 1_000, "a round trip loses something, but not all");
  return ({ loadWh, carbonGramPerKwh }: HouseholdCarbon): Moved => {
    const day = new StoredDay(loadWh, battery);
    const gainOf = (from: number, to: number) =>
      to > from ? at(carbonGramPerKwh, to) - (at(carbonGramPerKwh, from) * 1_000) / efficiencyPerMille : 0;
    for (const { from, to } of pairs(carbonGramPerKwh, gainOf)) day.move(from, to);
    return { loadWh: day.loadWh, movedWh: day.movedWh, delayWhHours: 0 };
  };
}

function at(values: readonly number[], hour: number): number {
  return values[hour] ?? 0;
}

function add(values: number[], hour: number, wh: number): void {
  values[hour] = at(values, hour) + wh;
}
