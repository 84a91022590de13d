import { describe, expect, it } from "vitest";
import { euro, kilowattHours, Screen } from "./screen.ts";

function screenAt(nowUnixMs: number) {
  const written: string[] = [];
  return {
    screen: new Screen(
      (text) => written.push(text),
      () => nowUnixMs,
    ),
    written,
  };
}

describe("money on the screen", () => {
  it.each([
    [0n, "0.00 EUR"],
    [9_999n, "0.00 EUR"],
    [10_000n, "0.01 EUR"],
    [1_000_000n, "1.00 EUR"],
    [1_239_999n, "1.23 EUR"],
    [12_345_678_900_000n, "12345678.90 EUR"],
    [-50_000n, "-0.05 EUR"],
    [-1_239_999n, "-1.23 EUR"],
    [-9_999n, "0.00 EUR"],
  ])("%s micro-euro are %s", (micro, text) => {
    expect(euro(micro)).toBe(text);
  });
});

describe("energy on the screen", () => {
  it.each([
    [0n, "0.0 kWh"],
    [99n, "0.0 kWh"],
    [100n, "0.1 kWh"],
    [1_999n, "1.9 kWh"],
    [1_234_567n, "1234.5 kWh"],
    [-150n, "-0.1 kWh"],
    [-1_999n, "-1.9 kWh"],
    [-99n, "0.0 kWh"],
  ])("%s Wh are %s", (wh, text) => {
    expect(kilowattHours(wh)).toBe(text);
  });
});

describe("the screen", () => {
  it("tells a line with the day and time that is played, in UTC", () => {
    const { screen, written } = screenAt(Date.UTC(2016, 0, 28, 8, 5, 59, 999));
    screen.tell("accounts are opened");
    expect(written).toEqual(["  01-28 08:05  accounts are opened\n"]);
  });

  it("sets a heading apart and leaves a plain line as it is", () => {
    const { screen, written } = screenAt(0);
    screen.heading("The day");
    screen.plain("  as it was");
    expect(written).toEqual(["\nThe day\n", "  as it was\n"]);
  });

  it("aligns names to the left and values to the right, whichever are longest", () => {
    const { screen, written } = screenAt(0);
    screen.table([
      ["requested", "10.0 kWh"],
      ["of it re-arranged", "9.5 kWh"],
      ["", ""],
    ]);
    expect(written).toEqual([
      "  requested          10.0 kWh\n",
      "  of it re-arranged   9.5 kWh\n",
      "                             \n",
    ]);
  });

  it("shows nothing for a table without rows", () => {
    const { screen, written } = screenAt(0);
    screen.table([]);
    expect(written).toEqual([]);
  });
});
