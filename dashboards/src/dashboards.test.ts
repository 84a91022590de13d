import { describe, expect, it } from "vitest";
import { DASHBOARDS } from "./dashboards.ts";
import { AGENT_QUERIES, BALANCE_QUERIES, INGEST_HEALTH_QUERIES, LOAD_QUERIES, PANEL_QUERIES } from "./index.ts";
import { FULL_WIDTH } from "./panels.ts";

/** A dashboard as Grafana reads it, as far as these tests look. */
type Stored = {
  uid: string;
  title: string;
  panels: {
    title: string;
    description?: string;
    datasource?: { uid?: string };
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { query: string }[];
  }[];
  templating: { list: { name: string; type: string }[] };
};

const stored = Object.entries(DASHBOARDS).map(([name, build]): [string, Stored] => {
  return [name, JSON.parse(JSON.stringify(build())) as Stored];
});

/** What Grafana fills in by itself. */
const BUILT_IN = /\bv\.(?:timeRangeStart|timeRangeStop|windowPeriod)\b/;

const variablesIn = (text: string) => [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);

it("has dashboards that Grafana can tell apart", () => {
  expect(new Set(stored.map(([, { uid }]) => uid)).size).toBe(stored.length);
  expect(new Set(stored.map(([, { title }]) => title)).size).toBe(stored.length);
});

describe.each(stored)("the dashboard %s", (_, dashboard) => {
  it("says of each panel what it shows, under a title of its own", () => {
    const titles = dashboard.panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(dashboard.panels.filter(({ description = "" }) => !description.endsWith("."))).toEqual([]);
  });

  it("lays its panels out within the columns, none over another", () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(FULL_WIDTH);
      return Array.from({ length: w * h }, (_each, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
    });
    expect(cells.length).toBeGreaterThan(0);
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("asks by no variable that it does not have, and has none that nothing asks by", () => {
    const asked = dashboard.panels.flatMap(({ targets, datasource }) => [
      ...targets.flatMap(({ query }) => variablesIn(query)),
      ...variablesIn(datasource?.uid ?? ""),
    ]);
    const offered = dashboard.templating.list.map(({ name }) => name);
    expect(new Set(asked)).toEqual(new Set(offered));
  });

  it("goes by the viewer's span of time and resolution in every query", () => {
    for (const { targets } of dashboard.panels) {
      expect(targets).toHaveLength(1);
      expect(targets[0]?.query).toMatch(BUILT_IN);
      expect(targets[0]?.query).toContain("range(start: v.timeRangeStart, stop: v.timeRangeStop)");
    }
  });
});

describe("the queries", () => {
  const all = [...PANEL_QUERIES, ...INGEST_HEALTH_QUERIES, ...AGENT_QUERIES, ...BALANCE_QUERIES, ...LOAD_QUERIES];

  it("are all shown by some dashboard, and no other is", () => {
    const shown = stored.flatMap(([, { panels }]) =>
      panels.flatMap(({ targets }) => targets.map(({ query }) => query)),
    );
    expect(new Set(shown)).toEqual(new Set(all.map(({ flux }) => flux)));
  });

  it("take the growth of a counter so that a restart is no fall", () => {
    const growing = all.filter(({ flux }) => /derivative|difference|increase/.test(flux));
    expect(growing.length).toBeGreaterThan(0);
    expect(growing.filter(({ flux }) => !flux.includes("nonNegative: true")).map(({ title }) => title)).toEqual([]);
  });

  it("never ask for the level of what only grows, which a name tells by its end", () => {
    const fields = [...INGEST_HEALTH_QUERIES, ...AGENT_QUERIES, ...BALANCE_QUERIES].map(({ flux }) => {
      const name = /r\._measurement == "(\w+)"/.exec(flux)?.[1] ?? "";
      const field = /r\._field == "(\w+)"/.exec(flux)?.[1];
      return {
        name,
        field,
        wanted: name.endsWith("_total") ? "counter" : name.endsWith("_seconds") ? undefined : "gauge",
      };
    });
    const timestamps = fields.filter(({ name }) => name.endsWith("_timestamp_seconds"));
    expect(timestamps.map(({ field }) => field)).toEqual(["gauge"]);
    expect(fields.filter((each) => !timestamps.includes(each) && each.field !== each.wanted)).toEqual([]);
  });
});
