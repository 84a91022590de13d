import { describe, expect, it } from "vitest";
import { dateTimeOf, energyText, moneyText, percentText, powerText, priceText, timeOf } from "../page/amounts.js";

describe("amounts as words", () => {
  it.each([
    ["999", "999 Wh"],
    ["1500", "1.50 kWh"],
    ["-2500000", "-2.50 MWh"],
  ])("energy of %s Wh", (wh, words) => expect(energyText(wh)).toBe(words));

  it.each([
    [-12.4, "-12 W"],
    [42_000, "42.0 kW"],
    [1_500_000, "1.50 MW"],
  ])("power of %s W", (powerW, words) => expect(powerText(powerW)).toBe(words));

  it.each([
    ["1239999", "€ 1.23"],
    ["-50000", "-€ 0.05"],
    // More than a double holds exactly.
    ["9007199254740993000000", "€ 9007199254740993.00"],
  ])("money of %s millionths", (micro, words) => expect(moneyText(micro)).toBe(words));

  it("price of energy", () => expect([priceText(400n), priceText("-5")]).toEqual(["€ 0.40/kWh", "-€ 0.00/kWh"]));

  it("share of thousandths", () => expect(percentText(953)).toBe("95.3 %"));

  it("times in UTC", () => {
    const at = Date.UTC(2016, 0, 28, 12, 5);
    expect([timeOf(at), dateTimeOf(at)]).toEqual(["12:05", "2016-01-28 12:05"]);
  });
});
