import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { stepBattery } from "./battery.ts";

const battery = { energyKwhMax: 10, powerKwMax: 4, chargeEfficiency: 0.9, dischargeEfficiency: 0.8 };
const step = (storedKwh: number, wantedKwh: number) => stepBattery(battery, { storedKwh, wantedKwh, stepHours: 0.5 });

describe("stepBattery", () => {
  it.each([
    ["charges with a loss", 0, 1, { exchangedKwh: 1, storedKwh: 0.9 }],
    ["charges no faster than its power", 0, 5, { exchangedKwh: 2, storedKwh: 1.8 }],
    ["charges no further than full", 9.1, 5, { exchangedKwh: 1, storedKwh: 10 }],
    ["discharges with a loss", 5, -0.8, { exchangedKwh: -0.8, storedKwh: 4 }],
    ["discharges no faster than its power", 10, -5, { exchangedKwh: -2, storedKwh: 7.5 }],
    ["discharges no further than empty", 1, -5, { exchangedKwh: -0.8, storedKwh: 0 }],
    ["rests", 5, 0, { exchangedKwh: 0, storedKwh: 5 }],
  ])("%s", (_, storedKwh, wantedKwh, expected) => {
    const done = step(storedKwh, wantedKwh);
    expect(done.exchangedKwh).toBeCloseTo(expected.exchangedKwh, 12);
    expect(done.storedKwh).toBeCloseTo(expected.storedKwh, 12);
  });

  it("never holds less than nothing or more than it can", () => {
    const amount = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 20 }), (wanted) => {
        let storedKwh = 3;
        for (const wantedKwh of wanted) storedKwh = step(storedKwh, wantedKwh).storedKwh;
        expect(storedKwh).toBeGreaterThanOrEqual(-1e-9);
        expect(storedKwh).toBeLessThanOrEqual(10 + 1e-9);
      }),
    );
  });

  it.each([{ energyKwhMax: 0 }, { powerKwMax: -1 }, { chargeEfficiency: 0 }, { dischargeEfficiency: 1.1 }])(
    "refuses a battery of %o",
    (fault) => {
      const broken = { ...battery, ...fault };
      expect(() => stepBattery(broken, { storedKwh: 0, wantedKwh: 1, stepHours: 1 })).toThrow(InvalidInputError);
    },
  );
});
