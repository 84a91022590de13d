import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { carFlexibility } from "./charging-car.ts";
import { heatingFlexibility } from "./heating.ts";
import { batteryFlexibility, dimmableFlexibility, switchableFlexibility } from "./simple-loads.ts";

const EVENT = { stepCount: 4, stepHours: 0.5 };

describe("heatingFlexibility", () => {
  const room = {
    temperatureC: 21,
    comfortMinC: 20,
    comfortMaxC: 22,
    capacityKwhPerK: 2,
    resistanceKPerKw: 5,
    performance: 3,
    powerKwMax: 4,
  };
  const cold = new Float64Array(4).fill(6);
  /** Temperature after the pump has run by a change against holding. */
  const temperatureAfter = (changeKw: Float64Array) =>
    changeKw.reduce((deviation, kw) => deviation + (0.5 / 2) * (3 * kw - deviation / 5), 0);

  it("stops at the edge of comfort: off at first, then just enough to stay there", () => {
    const { reduceKwMax, reduceKwhMax } = heatingFlexibility(room, cold, EVENT);
    // Holding takes 15 K / (5 K/kW * 3) = 1 kW; off, the room cools by 0.75 K in half an hour.
    expect(reduceKwMax[0]).toBeCloseTo(1);
    expect(reduceKwMax[1]).toBeLessThan(1);
    expect(temperatureAfter(reduceKwMax.map((kw) => -kw))).toBeCloseTo(-1, 9);
    expect(reduceKwhMax).toBeCloseTo(0.5 * reduceKwMax.reduce((sum, kw) => sum + kw, 0));
  });

  it("heats ahead up to the other edge, with the power there is", () => {
    const { increaseKwMax } = heatingFlexibility(room, cold, EVENT);
    expect(increaseKwMax[0]).toBeCloseTo(2 / (0.5 * 3));
    expect(temperatureAfter(increaseKwMax)).toBeCloseTo(1, 9);
  });

  it("draws afterwards what the room lost, less than what was saved", () => {
    const { reboundRatio, reduceKwhMax } = heatingFlexibility(room, cold, EVENT);
    expect(reboundRatio * reduceKwhMax).toBeCloseTo(2 / 3);
    expect(reboundRatio).toBeLessThan(1);
  });

  it("has nothing to give at the edge of comfort or when it is warm outside", () => {
    const atEdge = heatingFlexibility({ ...room, comfortMinC: 21 }, cold, EVENT);
    expect(atEdge.reduceKwhMax).toBe(0);
    expect(heatingFlexibility(room, new Float64Array(4).fill(25), EVENT).reduceKwhMax).toBe(0);
  });

  it.each([{ capacityKwhPerK: 0 }, { performance: -1 }, { comfortMinC: 23 }])("refuses a room of %o", (fault) => {
    expect(() => heatingFlexibility({ ...room, ...fault }, cold, EVENT)).toThrow(InvalidInputError);
  });

  it("refuses a step without outside temperature", () => {
    expect(() => heatingFlexibility(room, cold.subarray(1), EVENT)).toThrow(InvalidInputError);
  });
});

describe("carFlexibility", () => {
  const car = { powerKwMax: 8, neededKwh: 10, roomKwh: 14, departureStep: 8 };

  it("waits as long as the rest still fits in before departure", () => {
    const flexibility = carFlexibility(car, EVENT);
    expect([...flexibility.reduceKwMax]).toEqual([8, 8, 4, 0]);
    expect(flexibility).toMatchObject({ reduceKwhMax: 10, reboundRatio: 1 });
    expect(carFlexibility({ ...car, departureStep: 5 }, EVENT).reduceKwhMax).toBe(4);
    expect(carFlexibility({ ...car, departureStep: 3 }, EVENT).reduceKwhMax).toBe(0);
  });

  it("takes in more while there is room and the car is there", () => {
    expect(carFlexibility(car, EVENT).increaseKwhMax).toBe(4);
    expect([...carFlexibility({ ...car, departureStep: 3 }, EVENT).increaseKwMax]).toEqual([0, 0, 4, 0]);
  });

  it.each([{ neededKwh: -1 }, { roomKwh: 5 }, { departureStep: -1 }])("refuses a car of %o", (fault) => {
    expect(() => carFlexibility({ ...car, ...fault }, EVENT)).toThrow(InvalidInputError);
  });
});

describe("loads and batteries", () => {
  const expectedKw = Float64Array.of(1, 2, 0, 3);

  it("dim down to their least share without rebound", () => {
    const dimmed = dimmableFlexibility({ expectedKw, leastShare: 0.25 }, EVENT);
    expect([...dimmed.reduceKwMax]).toEqual([0.75, 1.5, 0, 2.25]);
    expect(dimmed).toMatchObject({ reduceKwhMax: 2.25, increaseKwhMax: 0, reboundRatio: 0 });
  });

  it("switch off for so many steps and no longer", () => {
    const switched = switchableFlexibility({ expectedKw, offStepsMax: 2, reboundRatio: 0.8 }, EVENT);
    expect(switched).toMatchObject({ reduceKwhMax: 2.5, reboundRatio: 0.8 });
  });

  it("give what is stored and take what fits, with losses", () => {
    const battery = { energyKwhMax: 10, powerKwMax: 3, chargeEfficiency: 0.9, dischargeEfficiency: 0.9 };
    const flexibility = batteryFlexibility(battery, 4, EVENT);
    expect(flexibility.reduceKwhMax).toBeCloseTo(3.6);
    expect(flexibility.increaseKwhMax).toBeCloseTo(6);
    expect(() => batteryFlexibility(battery, 11, EVENT)).toThrow(InvalidInputError);
  });

  it("refuse shares and lengths that are none", () => {
    expect(() => dimmableFlexibility({ expectedKw, leastShare: 1.5 }, EVENT)).toThrow(InvalidInputError);
    expect(() => dimmableFlexibility({ expectedKw: new Float64Array(3), leastShare: 0 }, EVENT)).toThrow("needs 4");
    const negative = { expectedKw, offStepsMax: -1, reboundRatio: 0 };
    expect(() => switchableFlexibility(negative, EVENT)).toThrow(InvalidInputError);
  });
});
