/** What a member may draw in the next steps, as scenarios: one for each of its last days, moved to where it is now. */

/** Metered up to now, one value for each step, kWh; both of one length. */
export type MemberHistory = { readonly loadKwh: ArrayLike<number>; readonly generatedKwh: ArrayLike<number> };

/** A day that history does not reach back to is no scenario, so there may be fewer than `days`. */
export type ScenarioOptions = {
  /** Steps of one day. */
  readonly dayLength: number;
  /** Days that are looked back on: each is a scenario. */
  readonly days: number;
};

/**
 * Share of today's deviation from an earlier day that is left a step later. Appliances of one home come and go within
 * two hours; clouds stay for half a day. Weather forecasts are left out: on the homes at hand what is announced a day
 * ahead says nothing about the deviation of the sun (correlation -0.02), the hour before says nearly all (0.86).
 */
const LOAD_KEPT_PER_STEP = 0.5;
const SUN_KEPT_PER_STEP = 0.85;

/**
 * Net draw of each step ahead in each scenario, kWh, generation negative. Without a day of history there is one
 * scenario: everything stays as it is now.
 *
 * @returns for each step, for each scenario
 */
export function netScenarios(history: MemberHistory, stepCount: number, options: ScenarioOptions): number[][] {
  const now = history.loadKwh.length - 1;
  const at = (values: ArrayLike<number>, step: number) => values[step] ?? 0;
  const { loadKwh, generatedKwh } = history;
  let [loadKept, sunKept] = [1, 1];
  return Array.from({ length: stepCount }, (_, ahead) => {
    loadKept *= LOAD_KEPT_PER_STEP;
    sunKept *= SUN_KEPT_PER_STEP;
    const days = Array.from({ length: options.days }, (_, day) => (day + 1) * options.dayLength);
    const scenarios = days
      .filter((back) => back <= now && ahead + 1 <= back)
      .map((back) => {
        const then = now + 1 + ahead - back;
        const load = at(loadKwh, then) + loadKept * (at(loadKwh, now) - at(loadKwh, now - back));
        const sun = at(generatedKwh, then) + sunKept * (at(generatedKwh, now) - at(generatedKwh, now - back));
        // The night stays dark, however bright the evening was.
        return Math.max(0, load) - (at(generatedKwh, then) > 0 ? Math.max(0, sun) : 0);
      });
    return scenarios.length > 0 ? scenarios : [at(loadKwh, now) - at(generatedKwh, now)];
  });
}
