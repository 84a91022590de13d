/**
 * The balance planner as a controller of the CityLearn district: it sees what the buildings observe, forecasts the next
 * day, plans all batteries as one and shares the first hour among the homes.
 *
 * The judge charges each home for what it draws, so surplus of one home is no gift to another: deficit and surplus are
 * summed over homes, not netted. An action works in the hour after the one observed.
 */
import { type BalancePlan, planBalance, profileOutlook, shareByCapacity } from "../../src/balance/index.ts";
import type { loadSolver } from "../../src/dispatch/index.ts";

/** As CityLearn names them; kWh, kg/kWh, currency/kWh, W/m2. */
export type HomeObservation = {
  readonly hour: number;
  readonly non_shiftable_load: number;
  readonly solar_generation: number;
  readonly electrical_storage_soc: number;
  readonly carbon_intensity: number;
  readonly electricity_pricing: number;
  readonly electricity_pricing_predicted_24h: number;
  readonly diffuse_solar_irradiance: number;
  readonly direct_solar_irradiance: number;
  readonly diffuse_solar_irradiance_predicted_24h: number;
  readonly direct_solar_irradiance_predicted_24h: number;
  readonly capacity_kwh: number;
};

const DAY = 24;
const HORIZON = 24;
/** Of the package's battery model, in the middle of its power curve; each way. */
const EFFICIENCY = Math.sqrt(0.87);
const POWER_KW = 5;
const LOAD_DAYS = 14;
const SUN_DAYS = 7;
/** What the profiles look back on. */
const HOURS_KEPT = 21 * DAY;

/** Weights of the judge's parts by what each is without control, from the hours seen so far. */
type Scale = { cost: number; emissions: number; ramp: number; peak: number };

export class DistrictController {
  readonly #highs: Awaited<ReturnType<typeof loadSolver>>;
  readonly #load: number[][] = [];
  readonly #sun: number[][] = [];
  readonly #carbon: number[] = [];
  readonly #price: number[] = [];
  readonly #priceAhead: number[] = [];
  readonly #light: number[] = [];
  readonly #lightAhead: number[] = [];
  readonly #netBefore: number[] = [];
  #monthPeakKwh = 0;
  #planned: { netKwh: number } = { netKwh: 0 };

  constructor(highs: Awaited<ReturnType<typeof loadSolver>>) {
    this.#highs = highs;
  }

  /** For each home: energy to its battery in the next hour, in parts of the capacity; negative discharges. */
  decide(homes: readonly HomeObservation[]): number[] {
    this.#remember(homes);
    const ahead = homes.map((_, home) => this.#outlook(home));
    const sums = (of: (net: number) => number) =>
      Float64Array.from({ length: HORIZON }, (_, step) => ahead.reduce((sum, net) => sum + of(net[step] ?? 0), 0));
    const deficitKwh = sums((net) => Math.max(0, net));
    const surplusKwh = sums((net) => Math.max(0, -net));
    const capacityKwh = homes.reduce((sum, home) => sum + home.capacity_kwh, 0);
    const storedKwh = homes.reduce((sum, home) => sum + home.electrical_storage_soc * home.capacity_kwh, 0);
    const scale = this.#scale();
    const importWeight = this.#importWeights(scale);
    const plan = planBalance(this.#highs, {
      outlook: { deficitKwh, surplusKwh, importWeight, day: deficitKwh.map(() => 0) },
      stepHours: 1,
      battery: {
        energyKwhMax: capacityKwh,
        powerKwMax: POWER_KW * homes.length,
        chargeEfficiency: EFFICIENCY,
        dischargeEfficiency: EFFICIENCY,
      },
      storedKwh: Math.min(storedKwh, capacityKwh),
      weights: {
        exportWeight: 0,
        peakWeight: scale.peak,
        rampWeight: scale.ramp,
        storedWorth: 0.8 * Math.min(...importWeight),
      },
      drawnKwhMax: this.#monthPeakKwh,
      netKwhBefore: this.#planned.netKwh,
    });
    return this.#share(
      homes,
      ahead.map((net) => net[0] ?? 0),
      { plan, surplusKwh: surplusKwh[0] ?? 0 },
    );
  }

  #remember(homes: readonly HomeObservation[]): void {
    homes.forEach((home, index) => {
      this.#load[index] = [...(this.#load[index] ?? []).slice(-HOURS_KEPT), home.non_shiftable_load];
      this.#sun[index] = [...(this.#sun[index] ?? []).slice(-HOURS_KEPT), Math.max(0, home.solar_generation)];
    });
    const [first] = homes;
    if (first === undefined) return;
    this.#carbon.push(first.carbon_intensity);
    this.#price.push(first.electricity_pricing);
    this.#priceAhead.push(first.electricity_pricing_predicted_24h);
    this.#light.push(first.diffuse_solar_irradiance + first.direct_solar_irradiance);
    this.#lightAhead.push(first.diffuse_solar_irradiance_predicted_24h + first.direct_solar_irradiance_predicted_24h);
    this.#netBefore.push(
      homes.reduce((sum, home) => sum + home.non_shiftable_load - Math.max(0, home.solar_generation), 0),
    );
    const now = this.#price.length;
    if (now % (30 * DAY) === 0) this.#monthPeakKwh = 0;
  }

  /** Net use of one home in the hours after this one. */
  #outlook(home: number): Float64Array {
    const options = { dayLength: DAY, days: LOAD_DAYS };
    const load = profileOutlook(this.#load[home] ?? [], HORIZON, options);
    return load.map((kwh, step) => kwh - this.#sunAhead(this.#sun[home] ?? [], step));
  }

  /** Generation by the light that was foretold a day before, at what the home made of light at that hour of late. */
  #sunAhead(sun: readonly number[], step: number): number {
    const now = this.#light.length - 1;
    const foretold = this.#lightAhead[now + 1 + step - DAY];
    let [made, light] = [0, 0];
    for (let day = 1; day <= SUN_DAYS; day += 1) {
      const back = day * DAY - 1 - step;
      made += sun[sun.length - 1 - back] ?? 0;
      light += this.#light[now - back] ?? 0;
    }
    if (foretold === undefined) return made / SUN_DAYS;
    return light > 0 ? (made / light) * foretold : 0;
  }

  /** By hour ahead: each kWh drawn costs money and emissions, each in parts of what they are without control. */
  #importWeights({ cost, emissions }: Scale): Float64Array {
    const carbon = profileOutlook(this.#carbon, HORIZON, { dayLength: DAY, days: 3 });
    const now = this.#price.length - 1;
    return carbon.map((kg, step) => {
      // What was said 24 hours before the hour in question.
      const price = this.#priceAhead[now + 1 + step - DAY] ?? this.#price[now] ?? 0;
      return (price / cost + kg / emissions) / 3;
    });
  }

  /** Mean of each part per hour without control; priors hold until a week has been seen. */
  #scale(): Scale {
    const seen = this.#netBefore.length;
    const from = Math.max(0, seen - 8 * 7 * DAY);
    let [cost, emissions, ramp, peak, total] = [0, 0, 0, 0, 0];
    for (let hour = from; hour < seen; hour += 1) {
      const net = this.#netBefore[hour] ?? 0;
      cost += Math.max(0, net) * (this.#price[hour] ?? 0);
      emissions += Math.max(0, net) * (this.#carbon[hour] ?? 0);
      ramp += Math.max(0, net - (this.#netBefore[hour - 1] ?? net));
      peak = Math.max(peak, net);
      total += net;
    }
    const count = Math.max(1, seen - from);
    const mean = total / count;
    const lossFactor = Math.max(0.2, 1 - mean / Math.max(1e-6, peak));
    // d(1 - mean/peak) = mean/peak^2 d(peak), in each of the months that are averaged: 730 hours stand for one.
    const peakSlope = (Math.max(0, mean) / Math.max(1e-6, peak * peak) / lossFactor / 6) * 730;
    const rampMean = Math.max(1e-6, ramp / count);
    // Up-ramps alone are judged; up and down are equal in sum, so half the weight on both is the same.
    return {
      cost: Math.max(1e-6, cost / count),
      emissions: Math.max(1e-6, emissions / count),
      ramp: 1 / 6 / rampMean / 2,
      peak: peakSlope,
    };
  }

  #share(
    homes: readonly HomeObservation[],
    net: readonly number[],
    planned: { plan: BalancePlan; surplusKwh: number },
  ) {
    const { plan, surplusKwh } = planned;
    const ownKwh = Math.max(0, surplusKwh - (plan.exportKwh[0] ?? 0));
    const gridKwh = Math.max(0, (plan.chargeKwh[0] ?? 0) - ownKwh);
    const room = homes.map((home) =>
      Math.min(POWER_KW, ((1 - home.electrical_storage_soc) * home.capacity_kwh) / EFFICIENCY),
    );
    const own = shareByCapacity(
      ownKwh,
      room.map((kwh, home) => Math.min(kwh, Math.max(0, -(net[home] ?? 0)))),
    );
    const grid = shareByCapacity(
      gridKwh,
      room.map((kwh, home) => kwh - (own[home] ?? 0)),
    );
    const giving = homes.map((home, index) =>
      Math.min(POWER_KW, home.electrical_storage_soc * home.capacity_kwh * EFFICIENCY, Math.max(0, net[index] ?? 0)),
    );
    const given = shareByCapacity(plan.dischargeKwh[0] ?? 0, giving);
    const netKwh = (plan.importKwh[0] ?? 0) - (plan.exportKwh[0] ?? 0);
    this.#planned = { netKwh };
    this.#monthPeakKwh = Math.max(this.#monthPeakKwh, netKwh);
    return homes.map((home, index) => {
      const kwh = (own[index] ?? 0) + (grid[index] ?? 0) - (given[index] ?? 0);
      return Math.max(-1, Math.min(1, kwh / home.capacity_kwh));
    });
  }
}
