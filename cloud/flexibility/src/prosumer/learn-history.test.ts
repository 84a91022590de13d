import { describe, expect, it } from "vitest";
import { learnHistory, type ProsumerHistory, usualEnergyWh } from "./learn-history.ts";
import { availabilityPerMille, newProsumer } from "./prosumer-state.ts";

const HOUR_MS = 3_600_000;
/** A Monday. */
const MONDAY = Date.UTC(2016, 0, 11);
const DAYS = 14;

const fresh = newProsumer("a", 0);

/** Hourly power of two weeks as a function of day and hour. */
function history(
  powerAt: (day: number, hour: number) => number | null,
  changes: Partial<ProsumerHistory> = {},
): ProsumerHistory {
  const powerW = Array.from({ length: DAYS * 24 }, (_, unit) => powerAt(Math.floor(unit / 24), unit % 24));
  const declared = { temperatureC: [], loadsW: 500, batteriesW: 0 };
  return { startUnixMs: MONDAY, mtuMs: HOUR_MS, powerW, ...declared, ...changes };
}

/** 300 W by night, 1,000 W by day, half of it on weekends. */
const usual = (day: number, hour: number) => (hour < 6 ? 300 : 1_000) / (day % 7 > 4 ? 2 : 1);

describe("what an agent state learns from readings", () => {
  it("is the usual day, of working days and of weekends", () => {
    const { profile, historyUntilUnixMs } = learnHistory(fresh, history(usual));
    expect([profile?.workdayW[3], profile?.workdayW[12], profile?.restdayW[12]]).toEqual([300, 1_000, 500]);
    expect(profile).toMatchObject({ dayCount: DAYS, wattPerKelvin: null });
    expect(historyUntilUnixMs).toBe(MONDAY + DAYS * 24 * HOUR_MS);
  });

  it("is what can be relied on in each hour, within what the owner declared", () => {
    const { hours } = learnHistory(fresh, history(usual, { batteriesW: 200 }));
    // On weekends 500 W at noon, of which 300 W are standby; the battery on top.
    expect(hours[12]).toEqual({ presentPerMille: 1_000, reduceW: 400, increaseW: 200 });
    expect(hours[3]?.reduceW).toBe(200);
    expect(hours[3]?.increaseW).toBe(700);
  });

  it("is how often it is connected; the newest hour may be late", () => {
    const silentAtNoon = history((day, hour) => (hour === 12 && day % 2 === 0 ? null : 400));
    const state = learnHistory(fresh, silentAtNoon);
    expect([availabilityPerMille(state, 12), availabilityPerMille(state, 13)]).toEqual([500, 1_000]);
    const late = history((day, hour) => (day === DAYS - 1 && hour === 23 ? null : 400));
    expect(availabilityPerMille(learnHistory(fresh, late), 23)).toBe(1_000);
    const gone = history((day) => (day < 7 ? 400 : null));
    expect(availabilityPerMille(learnHistory(fresh, gone), 12)).toBe(500);
  });

  it("is how it follows the weather, and only where it does", () => {
    const temperatureC = Array.from({ length: DAYS * 24 }, (_, unit) => Math.floor(unit / 24) - 7);
    const heated = history((day) => 2_000 - 50 * (day - 7), { temperatureC });
    expect(learnHistory(fresh, heated).profile?.wattPerKelvin).toBe(-50);
    expect(learnHistory(fresh, history(usual, { temperatureC })).profile?.wattPerKelvin).not.toBe(0);
    const steady = history(() => 400, { temperatureC });
    expect(learnHistory(fresh, steady).profile?.wattPerKelvin).toBeNull();
  });

  it.each<[string, ProsumerHistory]>([
    ["no history", history(() => null)],
    ["values that are no numbers", history(() => Number.NaN)],
    ["no unit at all", history(usual, { powerW: [] })],
  ])("is nothing from %s", (_, nothing) => {
    expect(learnHistory(fresh, nothing)).toBe(fresh);
  });

  it("has no negative zero, which no message can carry", () => {
    const { profile } = learnHistory(
      fresh,
      history(() => -0.3),
    );
    expect([...(profile?.workdayW ?? []), ...(profile?.restdayW ?? [])]).toEqual(new Array(48).fill(0));
  });

  it("is usable from an hour, from constants and from exports", () => {
    const hour = learnHistory(fresh, history(usual, { powerW: [700] }));
    expect(hour.profile?.workdayW).toEqual(new Array(24).fill(700));
    expect(hour.hours[12]).toEqual({ presentPerMille: 1_000, reduceW: 0, increaseW: 0 });
    const exporting = learnHistory(
      fresh,
      history(() => -2_000),
    );
    expect(exporting.hours[12]).toMatchObject({ reduceW: 0, increaseW: 0 });
  });
});

describe("the energy that a prosumer usually draws", () => {
  const state = learnHistory(fresh, history(usual));

  it("follows hour and day of the week, parts of hours included", () => {
    expect(usualEnergyWh(state, MONDAY + 5.5 * HOUR_MS, MONDAY + 7 * HOUR_MS)).toBe(150 + 1_000);
    const saturday = MONDAY + 5 * 24 * HOUR_MS;
    expect(usualEnergyWh(state, saturday - HOUR_MS, saturday + HOUR_MS)).toBe(1_000 + 150);
  });

  it("is unknown before there is history", () => {
    expect(usualEnergyWh(fresh, MONDAY, MONDAY + HOUR_MS)).toBeNull();
  });
});
