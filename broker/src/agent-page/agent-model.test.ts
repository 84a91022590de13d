import { describe, expect, it } from "vitest";
import {
  balanceFacts,
  clusterWords,
  factsOf,
  forecastChart,
  forecastWords,
  hoursChart,
  regretWords,
  sharedFacts,
  verdictOf,
} from "../../page/agent-model.js";

const MTU_MS = 900_000;
const START = Date.UTC(2016, 0, 28, 12);
const forecast = { startUnixMs: START, mtuMs: MTU_MS, expectedW: [100, 200], lowerW: [50, 150], upperW: [150, 250] };
const view = { forecast, metered: [{ startUnixMs: START, importW: 120 }], mase: 0.5, flags: [] };

describe("the chart of a forecast", () => {
  it("has a band, a line and what was metered, within the drawing", () => {
    const model = forecastChart(view, START + MTU_MS);
    expect(model?.band.split(" ")).toHaveLength(4);
    expect(model?.expected.split(" ")).toHaveLength(2);
    const numbers = `${model?.band} ${model?.metered}`.split(/[ ,]/).map(Number);
    expect(numbers.every((each) => each >= 0 && each <= 720)).toBe(true);
    expect(model?.nowX).toBeGreaterThan(64);
  });

  it("is not drawn without a forecast, and says so in words", () => {
    expect(forecastChart(null, START)).toBeNull();
    expect(forecastWords(null)).toContain("no forecast yet");
  });

  it("says how many units were within the band, and what to make of the forecast", () => {
    expect(forecastWords(view)).toBe(
      "From 12:00: 1 of 1 units within the band; in backtest its error is 0.50 of repeating the day before.",
    );
    const missed = { ...view, metered: [{ startUnixMs: START, importW: 999 }], mase: null, flags: ["short_history"] };
    expect(forecastWords(missed)).toBe("From 12:00: 0 of 1 units within the band (short history).");
    expect(forecastWords({ ...view, metered: [] })).toContain("nothing metered since");
  });
});

describe("what is known of a prosumer", () => {
  const calls = { calledCount: 1, offeredCount: 3, calledPerMille: 250, fairPerMille: 333 };
  const line = {
    expectedPerMille: 900,
    lowerPerMille: 600,
    upperPerMille: 990,
    availablePerMille: 1_000,
    responseLagMs: 61_000,
    reboundPerMille: 900,
    wattPerKelvin: null,
    dayCount: 14,
    calls,
  };

  it("is told in words", () => {
    const facts = new Map(factsOf(line));
    expect(facts.get("in nine cases of ten")).toBe("60.0 % to 99.0 %");
    expect(facts.get("Called")).toBe("1 of 3 events");
    expect(facts.get("Weather")).toBe("no relation seen");
    expect(new Map(factsOf({ ...line, wattPerKelvin: -50 })).get("Weather")).toContain("-50 W");
  });

  it("is drawn hour by hour, also where there is nothing to give", () => {
    const hours = Array.from({ length: 24 }, () => ({ reduceW: 500, increaseW: 250, presentPerMille: 1_000 }));
    const { bars, middle } = hoursChart(hours);
    expect(bars).toHaveLength(24);
    expect(bars[0]?.reduce.y).toBeLessThan(middle);
    expect(bars[0]?.increase.height).toBeCloseTo((bars[0]?.reduce.height ?? 0) / 2, 9);
    const nothing = hoursChart(hours.map((hour) => ({ ...hour, reduceW: 0, increaseW: 0 })));
    expect(nothing.bars.every(({ reduce }) => reduce.height === 0)).toBe(true);
  });
});

describe("words", () => {
  it("tell regret once delivery is known", () => {
    const worth = { actualMicro: "900000", greedyMicro: "1000000", clairvoyantMicro: "1200000" };
    expect(regretWords(worth)).toEqual({ regret: "€ 0.30", share: "75.0 %", greedy: "-€ 0.10" });
    expect(regretWords({ actualMicro: null, greedyMicro: null, clairvoyantMicro: null }).regret).toBe("not known yet");
    expect(regretWords({ ...worth, clairvoyantMicro: "0", actualMicro: "-5" }).share).toBe("–");
  });

  it("says what the aggregator says of the cluster", () => {
    const guidelines = { membersMin: 2, membersMax: 9, capacityWMax: 9_000 };
    expect(clusterWords(null)).toContain("nothing");
    expect(clusterWords({ guidelines, moves: [] })).toBe(
      "Guidelines: 2 to 9 members, at most 9.0 kW together. No move is proposed.",
    );
  });

  it("tell a verdict, also one that is new to the page", () => {
    expect(verdictOf("nothing_to_offer")).toEqual({ words: "nothing to offer", tone: "wait" });
    expect(verdictOf("moved_away")).toEqual({ words: "moved_away", tone: "wait" });
  });
});

describe("the words of a node's own balance", () => {
  it("say what was kept and drawn beside what would have been, and nothing before there is any", () => {
    const peaks = { peakW: 16_650, unmovedPeakW: 18_660 };
    const facts = balanceFacts({
      surplusWh: 52_000,
      keptPerMille: 963,
      unmovedKeptPerMille: 787,
      sharedWh: 900,
      ...peaks,
    });
    expect(facts[1]).toEqual(["Kept at its feeder", "96.3 % (without balancing 78.7 %)"]);
    expect(facts[2]?.[1]).toContain("without balancing");
    expect(balanceFacts(null)).toEqual([]);
  });

  it("value what a prosumer got", () => {
    expect(sharedFacts({ givenWh: "0", takenWh: "4000", takenMicro: "1000000" })[1]?.[1]).toContain("worth");
    expect(sharedFacts(null)).toEqual([["Shared with neighbours", "nothing yet"]]);
  });
});
