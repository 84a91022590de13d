import type { BaselineMethod } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { drRequest, QUARTER_MS, START } from "../test/agent-bench.ts";
import { deviceBaseline } from "./device-baseline.ts";
import type { MeteredHistory } from "./metered-history.ts";

const DAY_MS = 86_400_000;
const UNITS_PER_DAY = DAY_MS / QUARTER_MS;

/** A fortnight in which the load at noon grows by 10 Wh from day to day. */
function history(days = 15): MeteredHistory {
  const startUnixMs = START - days * DAY_MS;
  const netWh = Array.from({ length: days * UNITS_PER_DAY }, (_, unit) => {
    return 100n + 10n * BigInt(Math.floor(unit / UNITS_PER_DAY));
  });
  return { startUnixMs, mtuMs: QUARTER_MS, netWh };
}

function baseline(baselineMethod: BaselineMethod, days = 15, eventDates: string[] = []) {
  const request = drRequest(1n, { baselineMethod });
  return deviceBaseline({ request, history: history(days), forecastWh: [7n, 7n, 7n, 7n], eventDates });
}

describe("the baseline of a device", () => {
  it("is the mean of ten working days", () => {
    const found = baseline("tenInTen");
    expect(found?.localDates).toHaveLength(10);
    expect(found?.localDates[0]).toBe("2016-01-27");
    // 240, 230, 220 before the weekend, 190 to 150 in the week before it, 120 and 110 in the one before that.
    expect(found?.baselineWh[0]).toBe(177n);
  });

  it("is the mean of the five highest, and names all ten that they were chosen from", () => {
    const found = baseline("highFiveOfTen");
    expect(found?.localDates).toEqual(baseline("tenInTen")?.localDates);
    expect(found?.baselineWh[0]).toBe(212n);
  });

  it("leaves out earlier event days, and does not exist without enough others", () => {
    expect(baseline("tenInTen", 15, ["2016-01-27"])?.localDates).not.toContain("2016-01-27");
    expect(baseline("tenInTen", 15, ["2016-01-27", "2016-01-26"])).toBeUndefined();
    expect(baseline("tenInTen", 9)).toBeUndefined();
  });

  it("is the hour before the plan, or what was forecast, by methods without history", () => {
    expect(baseline("meterBefore")).toEqual({ baselineWh: [240n, 240n, 240n, 240n], localDates: [] });
    expect(baseline("nominated")).toEqual({ baselineWh: [7n, 7n, 7n, 7n], localDates: [] });
  });
});
