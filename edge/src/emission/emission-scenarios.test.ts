import { SeededRandom } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { DELAY_HOURS, emissionScenarios, type HouseholdCarbon } from "./emission-scenarios.ts";

const BATTERY = { energyWhMax: 5_000, powerWMax: 2_000, efficiencyPerMille: 900 };

function day(loadAt: Record<number, number>, carbonAt: Record<number, number>, carbon = 300): HouseholdCarbon {
  return {
    loadWh: Array.from({ length: 24 }, (_, hour) => loadAt[hour] ?? 0),
    carbonGramPerKwh: Array.from({ length: 24 }, (_, hour) => carbonAt[hour] ?? carbon),
  };
}

function named(
  name: string,
  household: HouseholdCarbon,
  shiftablePerMille = 500,
  battery: typeof BATTERY | null = null,
) {
  return emissionScenarios(household, { shiftablePerMille, battery }).find((each) => each.name === name);
}

describe("emissionScenarios", () => {
  it("counts what the days emitted as they were", () => {
    expect(named("as it was", day({ 18: 2_000 }, { 18: 400 }))).toMatchObject({ emissionGram: 800, avoidedGram: 0 });
  });

  it("lets the shiftable share wait for a cleaner hour within the delay", () => {
    const evening = day({ 18: 2_000 }, { 18: 400, 20: 100 });
    expect(named("wait up to 2 h", evening)).toEqual({
      name: "wait up to 2 h",
      emissionGram: 500,
      avoidedGram: 300,
      avoidedPerMille: 375,
      movedWh: 1_000,
      delayHoursMean: 2,
    });
  });

  it("moves nothing to an hour beyond the delay, to an earlier one, or to the next day", () => {
    expect(named("wait up to 2 h", day({ 18: 2_000 }, { 18: 300, 21: 100 }))).toMatchObject({ movedWh: 0 });
    expect(named("wait up to 8 h", day({ 18: 2_000 }, { 12: 100 }))).toMatchObject({ movedWh: 0 });
    const night: HouseholdCarbon = {
      loadWh: [...day({ 23: 2_000 }, {}).loadWh, ...day({}, {}).loadWh],
      carbonGramPerKwh: [...day({}, {}).carbonGramPerKwh, ...day({}, { 0: 100 }).carbonGramPerKwh],
    };
    expect(named("wait up to 8 h", night)).toMatchObject({ movedWh: 0 });
  });

  it("makes no new peak", () => {
    const two = day({ 18: 2_000, 19: 1_500 }, { 19: 100 }, 400);
    expect(named("wait up to 2 h", two, 1_000)).toMatchObject({ movedWh: 500 });
  });

  it("charges a battery in clean hours for dirty ones, and pays for its losses", () => {
    const sunny = day({ 12: 1_000, 19: 1_000 }, { 10: 90 }, 400);
    // 900 Wh of the 1,000 that hour 10 may take without a new peak come out again.
    expect(named("battery by carbon", sunny, 0, BATTERY)).toMatchObject({ movedWh: 900, avoidedGram: 270 });
  });

  it("leaves a battery alone where its losses cost more than the difference", () => {
    const flat = day({ 19: 1_000, 8: 1_000 }, { 10: 280 });
    expect(named("battery by carbon", flat, 0, BATTERY)).toMatchObject({ movedWh: 0, avoidedGram: 0 });
  });

  it("never emits more than before, whatever the days", () => {
    const random = new SeededRandom("households");
    for (let round = 0; round < 50; round++) {
      const draw = (below: number) => Array.from({ length: 72 }, () => random.below(below));
      const household = { loadWh: draw(3_000), carbonGramPerKwh: draw(600) };
      const scenarios = emissionScenarios(household, { shiftablePerMille: 300, battery: BATTERY });
      expect(scenarios).toHaveLength(2 + DELAY_HOURS.length);
      expect(scenarios.every(({ avoidedGram }) => avoidedGram >= 0)).toBe(true);
    }
  });

  it("has an answer for no hours at all and for a house that takes nothing", () => {
    expect(named("wait up to 2 h", { loadWh: [], carbonGramPerKwh: [] })).toMatchObject({ avoidedGram: 0 });
    expect(named("as it was", day({}, {}))).toMatchObject({ emissionGram: 0, avoidedPerMille: 0 });
  });

  it("refuses hours without carbon", () => {
    expect(() => named("as it was", { loadWh: [1], carbonGramPerKwh: [] })).toThrow("one carbon value");
  });
});
