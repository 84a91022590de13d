/**
 * The members' planner as a controller of the CityLearn district: it sees what the buildings observe, looks back on the
 * last two weeks, plans every battery a day ahead and carries out the first hour. An action works in the hour after the
 * one observed.
 */
import { netScenarios, planMembers, profileOutlook, type SharedCost, storageLevels } from "../../src/balance/index.ts";
import { type DistrictSeries, districtWeights } from "./district-weights.ts";

/** As CityLearn names them; kWh, kg/kWh, currency/kWh. */
export type HomeObservation = {
  readonly non_shiftable_load: number;
  readonly solar_generation: number;
  readonly electrical_storage_soc: number;
  readonly carbon_intensity: number;
  readonly electricity_pricing: number;
  /** What the price will be 24 hours on. */
  readonly electricity_pricing_predicted_24h: number;
  readonly capacity_kwh: number;
};

const DAY = 24;
const HORIZON = 24;
const SCENARIOS = { dayLength: DAY, days: 14 };
const CARBON_DAYS = 3;
/** The judge's months, each with a load factor of its own. */
const MONTH = 730;
/** Errors of the last three weeks tell how far the district's sum may lie off. */
const ERRORS_KEPT = 21 * DAY;
const ERRORS_MIN = 2 * DAY;
/** Until then: a quarter of a kWh for each home. */
const FIRST_SPREAD_KWH = 0.25;
/** A month's peak is not known at its start: nine tenths of the last one is what it will hardly stay below. */
const LAST_PEAK_SHARE = 0.9;

const POWER_KW = 5;
/** The package draws each battery's curves at random; these are the means of what it draws from. */
const EFFICIENCY_CURVE = [
  [0, 0.79],
  [0.3, 0.83],
  [0.7, 0.89],
  [0.8, 0.9],
  [1, 0.87],
] as const;
const POWER_CURVE = [
  [0, 0.975],
  [0.8, 0.925],
  [1, 0.25],
] as const;

export class DistrictController {
  readonly #load: number[][] = [];
  readonly #sun: number[][] = [];
  readonly #carbon: number[] = [];
  readonly #price: number[] = [];
  readonly #priceAhead: number[] = [];
  readonly #errors: number[] = [];
  #plans: Float64Array[] | undefined;
  #promisedKwh: number | undefined;
  #exchangedKwh = 0;
  #peakKwh = Number.NEGATIVE_INFINITY;
  #lastPeakKwh = Number.NEGATIVE_INFINITY;

  /** For each home: energy to its battery in the next hour, in parts of the capacity; negative discharges. */
  decide(homes: readonly HomeObservation[]): number[] {
    const netKwh = this.#remember(homes);
    const series: DistrictSeries = { load: this.#load, sun: this.#sun, carbon: this.#carbon, price: this.#price };
    const weights = districtWeights(series, Math.max(this.#lastPeakKwh, 0));
    const ahead = { price: this.#prices(), carbon: this.#carbons() };
    const members = homes.map((home, index) => {
      const weight = weights.homes[index] ?? { price: 0, carbon: 0 };
      return {
        netKwh: netScenarios(
          { loadKwh: this.#load[index] ?? [], generatedKwh: this.#sun[index] ?? [] },
          HORIZON,
          SCENARIOS,
        ),
        importWeight: ahead.price.map(
          (price, step) => weight.price * price + weight.carbon * (ahead.carbon[step] ?? 0),
        ),
        storedKwh: home.electrical_storage_soc * home.capacity_kwh,
        // What is left over saves a purchase at the lowest price and the mean emissions of a day.
        storedWorth:
          weight.price * Math.min(...this.#price.slice(-DAY)) + weight.carbon * mean(this.#carbon.slice(-DAY)),
      };
    });
    const shared: SharedCost = {
      rampWeight: weights.ramp,
      peakWeight: weights.peak,
      peakKwh: Math.max(this.#peakKwh, LAST_PEAK_SHARE * this.#lastPeakKwh, 0),
      netKwhBefore: netKwh,
      spreadKwh: this.#spreadKwh(homes.length),
    };
    const plans = planMembers({
      members,
      levels: LEVELS(homes[0]?.capacity_kwh ?? 1),
      shared,
      earlier: this.#shifted(),
    });
    this.#plans = plans;
    const exchanged = plans.map((plan) => plan[0] ?? 0);
    this.#exchangedKwh = sum(exchanged);
    this.#promisedKwh = sum(members.map((member) => mean(member.netKwh[0] ?? []))) + this.#exchangedKwh;
    return homes.map((home, index) => Math.max(-1, Math.min(1, (exchanged[index] ?? 0) / home.capacity_kwh)));
  }

  /** Keeps what was observed; the district's net draw in the observed hour. */
  #remember(homes: readonly HomeObservation[]): number {
    const homeOf = (series: number[][], home: number) => {
      const own = series[home] ?? [];
      series[home] = own;
      return own;
    };
    homes.forEach((home, index) => {
      homeOf(this.#load, index).push(home.non_shiftable_load);
      homeOf(this.#sun, index).push(Math.max(0, home.solar_generation));
    });
    const [first] = homes;
    this.#carbon.push(first?.carbon_intensity ?? 0);
    this.#price.push(first?.electricity_pricing ?? 0);
    this.#priceAhead.push(first?.electricity_pricing_predicted_24h ?? 0);
    const ownKwh = homes.reduce(
      (total, home) => total + home.non_shiftable_load - Math.max(0, home.solar_generation),
      0,
    );
    const netKwh = ownKwh + this.#exchangedKwh;
    if (this.#promisedKwh !== undefined) this.#errors.push(netKwh - this.#promisedKwh);
    if (this.#price.length > 1 && (this.#price.length - 1) % MONTH === 0) {
      this.#lastPeakKwh = this.#peakKwh;
      this.#peakKwh = Number.NEGATIVE_INFINITY;
    }
    this.#peakKwh = Math.max(this.#peakKwh, netKwh);
    return netKwh;
  }

  #prices(): number[] {
    const now = this.#price.length - 1;
    // What was said 24 hours before the hour in question.
    return Array.from(
      { length: HORIZON },
      (_, step) => this.#priceAhead[now + 1 + step - DAY] ?? this.#price[now] ?? 0,
    );
  }

  #carbons(): Float64Array {
    return profileOutlook(this.#carbon, HORIZON, { dayLength: DAY, days: CARBON_DAYS });
  }

  #spreadKwh(homeCount: number): number {
    const errors = this.#errors.slice(-ERRORS_KEPT);
    const least = FIRST_SPREAD_KWH * homeCount;
    if (errors.length < ERRORS_MIN) return least;
    return Math.max(least / 2, Math.sqrt(mean(errors.map((error) => error * error))));
  }

  /** The plan of the hour before, an hour on. */
  #shifted(): Float64Array[] {
    return (this.#plans ?? []).map((plan) => Float64Array.of(...plan.subarray(1), 0));
  }
}

const LEVELS = (energyKwhMax: number) =>
  storageLevels(
    {
      energyKwhMax,
      powerKwMax: POWER_KW,
      // The package means the round trip; each way has its root.
      efficiencyAt: (share) => Math.sqrt(onCurve(EFFICIENCY_CURVE, share)),
      powerShareAt: (fill) => onCurve(POWER_CURVE, fill),
    },
    1,
  );

/** Straight between the points of a curve. */
function onCurve(points: readonly (readonly [number, number])[], at: number): number {
  const end = Math.max(
    1,
    points.findIndex(([x]) => at <= x),
  );
  const [[left, low], [right, high]] = [points[end - 1] ?? [0, 0], points[end] ?? [1, 0]];
  return low + ((high - low) * (at - left)) / (right - left);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
