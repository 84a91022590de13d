import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AGENT_QUERIES,
  BALANCE_QUERIES,
  DASHBOARDS,
  INGEST_HEALTH_QUERIES,
  LOAD_QUERIES,
  PANEL_QUERIES,
  type PanelQuery,
} from "@gridpact/dashboards";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../tidy/tracked-files.ts";
import { engineLines } from "./engine-lines.ts";
import { type Influxd, influxdProgram, startInfluxd } from "./influxd.ts";
import { metricsPage, metricTypes, serveGrowingPage } from "./scraped-page.ts";

const program = influxdProgram();
if (program === undefined) {
  process.stdout.write("Panel queries not run: there is no influxd on PATH or in INFLUXD.\n");
}

const START_UNIX_MS = Date.UTC(2016, 0, 28, 10);
const MINUTE_MS = 60_000;
const MTU_MS = 15 * MINUTE_MS;

/** One name asks for the escapes of line protocol. */
const DEVICES = [
  { deviceId: "d-a", feeder: "north = 1", powerW: 600n },
  { deviceId: "d-b", feeder: "F1", powerW: 1_200n },
];

/** A reading every five minutes for two hours, and the one that ends them. */
const METERING = { startUnixMs: START_UNIX_MS, stepMs: 5 * MINUTE_MS, count: 25, mtuMs: MTU_MS };

/** What Grafana does with a query before it sends it. */
function filled(flux: string): string {
  const option = {
    timeRangeStart: new Date(START_UNIX_MS).toISOString(),
    timeRangeStop: new Date(START_UNIX_MS + 120 * MINUTE_MS + 1).toISOString(),
    windowPeriod: "5m",
  };
  const fields = Object.entries(option).map(([name, value]) => `${name}: ${value}`);
  return `option v = {${fields.join(", ")}}\n${flux.replaceAll(`\${bucket}`, "test").replaceAll(`\${device}`, "d-a")}`;
}

describe.each(Object.entries(DASHBOARDS))("the provisioned dashboard %s", (name, build) => {
  it("is the one that the code makes", () => {
    const file = join(REPOSITORY_ROOT, `dashboards/provisioning/dashboards/${name}.json`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(build())));
  });
});

it("has a panel for each query of the readings", () => {
  const titles = (DASHBOARDS["virtual-node"]?.().panels ?? []).map((panel) => panel.title);
  expect(titles.sort()).toEqual(PANEL_QUERIES.map(({ title }) => title).sort());
});

/** What a panel asks for. */
function measurementOf({ flux }: PanelQuery): string {
  return /r\._measurement == "(\w+)"/.exec(flux)?.[1] ?? "";
}

it("shows every metric of a virtual node, and none that it does not have", async () => {
  const names = metricTypes(await metricsPage("district")).map(({ name }) => name);
  expect(new Set(INGEST_HEALTH_QUERIES.map(measurementOf))).toEqual(new Set(names));
});

it("asks each metric of a virtual node by its kind, and by labels that it has", async () => {
  const page = await metricsPage("district");
  const types = new Map(metricTypes(page).map(({ name, type }) => [name, type]));
  const asked = INGEST_HEALTH_QUERIES.map((query) => {
    const name = measurementOf(query);
    const field = /r\._field == "(\w+)"/.exec(query.flux)?.[1] ?? "histogram";
    return { name, field, label: /group\(columns: \["(?!_time)(\w+)"\]\)/.exec(query.flux)?.[1] };
  });
  expect(asked.filter(({ name, field }) => types.get(name) !== field)).toEqual([]);
  const labelled = asked.filter(({ label }) => label !== undefined);
  expect(labelled.length).toBeGreaterThan(5);
  // A counter by label has no line before it counts: of those that have one, the label has to be on it.
  const lines = labelled.flatMap(({ name, label }) =>
    [...page.matchAll(new RegExp(`^${name}\\{.*\\}`, "gm"))].map(([line]) => ({ line, label })),
  );
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter(({ line, label }) => !line.includes(`${label}="`))).toEqual([]);
});

it("shows every metric of a virtual node's agent, and none that it does not have", () => {
  const source = readFileSync(join(REPOSITORY_ROOT, "broker/src/agent-page/agent-metrics.ts"), "utf8");
  const names = [...source.matchAll(/"(gridpact_agent_\w+)"/g)].map(([, name]) => name);
  expect(new Set(AGENT_QUERIES.map(measurementOf))).toEqual(new Set(names));
});

it("shows every metric of a virtual node's own balance, and none that it does not have", () => {
  const source = readFileSync(join(REPOSITORY_ROOT, "broker/src/agent-page/balance-metrics.ts"), "utf8");
  const names = [...source.matchAll(/"(gridpact_balance_\w+)"/g)].map(([, name]) => name);
  expect(new Set(BALANCE_QUERIES.map(measurementOf))).toEqual(new Set(names));
});

it("shows of a load test what its scripts count, beside k6's own metrics", () => {
  const scripts = readFileSync(join(REPOSITORY_ROOT, "loadtest/k6/virtual-node.js"), "utf8");
  const counted = [...scripts.matchAll(/new (?:Trend|Counter)\("(\w+)"/g)].map(([, name]) => name);
  const asked = LOAD_QUERIES.map(measurementOf).filter((name) => name !== "vus" && name !== "checks");
  expect(asked.filter((name) => !counted.includes(name))).toEqual([]);
});

it("asks for the measurement, tags and fields that the engine writes", async () => {
  const written = Buffer.from(await engineLines(DEVICES, METERING)).toString();
  const [, fields = ""] = /^reading,device=[^ ]+,feeder=\S+ (\S+) \d+$/m.exec(written) ?? [];
  const names = new Set(fields.split(",").map((field) => field.split("=")[0]));
  const asked = PANEL_QUERIES.flatMap(({ flux }) =>
    [...flux.matchAll(/r\._field == "(\w+)"/g)].map((match) => match[1]),
  );
  expect(asked.length).toBeGreaterThanOrEqual(PANEL_QUERIES.length);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});

describe.runIf(program !== undefined)("on a real InfluxDB", () => {
  let influxd: Influxd;

  beforeAll(async () => {
    influxd = await startInfluxd(program ?? "");
    const url = `${influxd.url}/api/v2/write?org=${influxd.organization}&bucket=test&precision=ms`;
    const headers = { authorization: `Token ${influxd.token}` };
    const body = new Uint8Array(await engineLines(DEVICES, METERING));
    const answer = await fetch(url, { method: "POST", headers, body });
    expect(answer.status, await answer.text()).toBe(204);
  });

  afterAll(() => influxd.stop());

  async function rows(flux: string): Promise<string[][]> {
    const headers = { authorization: `Token ${influxd.token}`, "content-type": "application/vnd.flux" };
    const url = `${influxd.url}/api/v2/query?org=${influxd.organization}`;
    const answer = await fetch(url, { method: "POST", headers, body: filled(flux) });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return text
      .trim()
      .split(/\r?\n/)
      .filter((line) => line !== "")
      .map((line) => line.split(","));
  }

  /** One record for each row of the answer, whose tables have their headers repeated. */
  async function records(title: string): Promise<Record<string, string>[]> {
    const [header = [], ...data] = await rows(PANEL_QUERIES.find((query) => query.title === title)?.flux ?? "");
    const values = data.filter((row) => row.join() !== header.join());
    return values.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ""])));
  }

  it.each(PANEL_QUERIES)("$title answers with data", async ({ flux }) => {
    expect((await rows(flux)).length).toBeGreaterThan(1);
  });

  it("adds up the energy of each market time unit over devices as the registers say", async () => {
    const energy = await records("Imported energy per market time unit");
    const starts = Array.from({ length: 8 }, (_, unit) => new Date(START_UNIX_MS + unit * MTU_MS));
    expect(energy.map((record) => [Date.parse(record["_time"] ?? ""), Number(record["_value"])])).toEqual(
      starts.map((start) => [start.getTime(), 450]),
    );
  });

  it("counts each reporting device once", async () => {
    const reporting = await records("Reporting devices");
    expect(new Set(reporting.map((record) => record["_value"]))).toEqual(new Set(["2"]));
  });

  it("shows each feeder under its own name", async () => {
    const power = await records("Power by feeder");
    const feeders = new Map(power.map((record) => [record["feeder"], Number(record["_value"])]));
    expect(feeders).toEqual(
      new Map([
        ["F1", 1_200],
        ["north = 1", 600],
      ]),
    );
  });

  it("ranks the devices by what they import now", async () => {
    const largest = await records("Largest importers");
    expect(largest.map((record) => [record["device"], Number(record["_value"])])).toEqual([
      ["d-b", 1_200],
      ["d-a", 600],
    ]);
  });
});

describe.runIf(program !== undefined)("on a real InfluxDB that scrapes a virtual node", () => {
  let influxd: Influxd;
  let page: Awaited<ReturnType<typeof serveGrowingPage>>;

  beforeAll(async () => {
    influxd = await startInfluxd(program ?? "");
    const labelled = INGEST_HEALTH_QUERIES.map((query) => [
      measurementOf(query),
      /group\(columns: \["(reason|task|feeder)"/.exec(query.flux)?.[1],
    ]);
    const labels = Object.fromEntries(labelled.filter(([, label]) => label !== undefined));
    page = await serveGrowingPage(metricTypes(await metricsPage("district")), "district", labels);
    await influxd.scrape(page.url);
    // InfluxDB's scraper comes every ten seconds; a rate needs two scrapes, and the third shows that both are written.
    await page.whenScraped(3);
    const now = Date.now();
    const lines = LOAD_QUERIES.flatMap((query, index) =>
      [1, 2].map((value) => `${measurementOf(query)},scenario=steady value=${value + index} ${now - value * 1_000}`),
    );
    await influxd.write(lines.join("\n"));
  }, 120_000);

  afterAll(async () => {
    await influxd.stop();
    await page.close();
  });

  function filledNow(flux: string): string {
    const range = `timeRangeStart: -5m, timeRangeStop: now(), windowPeriod: 10s`;
    const buckets = flux.replaceAll(`\${metrics}`, "test").replaceAll(`\${k6}`, "test");
    return `option v = {${range}}\n${buckets.replaceAll(`\${vn}`, "district")}`;
  }

  async function values(flux: string): Promise<number[]> {
    const [header = [], ...rows] = await influxd.query(filledNow(flux));
    const column = header.indexOf("_value");
    return rows.filter((row) => row[column] !== "_value").map((row) => Number(row[column]));
  }

  it.each([...INGEST_HEALTH_QUERIES, ...LOAD_QUERIES])("$title answers with data", async ({ flux }) => {
    expect((await values(flux)).filter(Number.isFinite).length).toBeGreaterThan(0);
  });

  it("reads quantiles between the bounds of the buckets", async () => {
    const named = (title: string) => INGEST_HEALTH_QUERIES.find((query) => query.title === title)?.flux ?? "";
    // Half of the page's observations are below 10 ms, the others below 100 ms, evenly as Flux assumes.
    expect((await values(named("PUBACK median")))[0]).toBeCloseTo(0.01, 3);
    expect((await values(named("PUBACK p99")))[0]).toBeCloseTo(0.0982, 3);
  });
});
