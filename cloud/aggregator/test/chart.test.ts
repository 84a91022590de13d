import { describe, expect, it } from "vitest";
import { chartModel, chartSentence, forecastModel, forecastSentence, sparkPoints, sum, toneOf } from "../page/chart.js";
import { quarters, START } from "./event-samples.ts";

const INTERVALS = quarters(4).map((interval, index) => ({
  ...interval,
  requestedWh: "500",
  deliveredWh: index < 2 ? String(500 - 100 * index) : null,
}));

describe("the chart of an event", () => {
  it("draws requested and delivered energy to scale, on one floor", () => {
    const { bars, floor } = chartModel(INTERVALS, START);
    const [first, second, third] = bars;
    expect(first?.delivered).toEqual(first?.requested);
    expect(second?.delivered?.height).toBeCloseTo((second?.requested.height ?? 0) * 0.8);
    expect((second?.delivered?.y ?? 0) + (second?.delivered?.height ?? 0)).toBeCloseTo(floor);
    expect(third?.delivered).toBeNull();
  });

  it("marks what is short, and the time of now only while the event runs", () => {
    const model = chartModel(INTERVALS, START + 1);
    expect(model.bars[0]?.short?.height).toBe(0);
    expect(model.bars[1]?.short?.height).toBeGreaterThan(0);
    expect(model.nowX).not.toBeNull();
    expect(chartModel(INTERVALS, START - 1).nowX).toBeNull();
  });

  it("labels a long event without overlap", () => {
    const day = quarters(96).map((interval) => ({ ...interval, requestedWh: "1", deliveredWh: null }));
    expect(chartModel(day, START).bars.filter(({ label }) => label !== "")).toHaveLength(8);
  });

  it("can be said in one sentence", () => {
    expect(chartSentence(INTERVALS)).toBe("2.00 kWh requested, 900 Wh delivered so far; 2 of 4 intervals reported.");
  });
});

describe("texts of the page", () => {
  it("adds decimal texts of any length exactly", () => {
    expect(sum(["9007199254740993", "1"])).toBe("9007199254740994");
  });

  it("draws a line over its samples, and none over a single one", () => {
    const box = { width: 10, height: 4 };
    expect(sparkPoints([{ importW: 1 }, { importW: 3 }, { importW: 2 }], box)).toBe("0.0,4.0 5.0,0.0 10.0,2.0");
    expect(sparkPoints([{ importW: 1 }], box)).toBe("");
    expect(sparkPoints([{ importW: 2 }, { importW: 2 }], box)).toBe("0.0,4.0 10.0,4.0");
  });

  it("colours states by what they mean", () => {
    expect([toneOf("running"), toneOf("expired"), toneOf("open")]).toEqual(["good", "bad", "wait"]);
  });
});

describe("the forecast of a node", () => {
  const forecast = { startUnixMs: START, mtuMs: 1_000, expectedW: [10, 20], lowerW: [0, 10], upperW: [20, 40] };
  const samples = [-1_000, 500, 1_500].map((after, index) => ({ atUnixMs: START + after, importW: 30 * index }));
  const box = { width: 100, height: 40 };

  it("is a band around the expected power, with what was metered since on the same scale", () => {
    expect(forecastModel(forecast, samples, box)).toEqual({
      band: "25.0,26.7 75.0,13.3 75.0,33.3 25.0,40.0",
      expected: "25.0,33.3 75.0,26.7",
      metered: "25.0,20.0 75.0,0.0",
      low: 0,
      high: 60,
    });
  });

  it("is nothing before the node has one", () => {
    expect(forecastModel(null, samples, box)).toBeNull();
    expect(forecastModel({ ...forecast, expectedW: [1] }, samples, box)).toBeNull();
  });

  it("says how many readings the band held", () => {
    expect(forecastSentence(forecast, [...samples, { atUnixMs: START + 600, importW: 15 }])).toContain(
      "1 of 3 readings within the 90 % band",
    );
    expect(forecastSentence(forecast, [])).toContain("nothing metered since");
  });
});
