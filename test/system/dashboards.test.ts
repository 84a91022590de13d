import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PANEL_QUERIES, virtualNodeDashboard } from "@gridpact/dashboards";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../tidy/tracked-files.ts";
import { engineLines } from "./engine-lines.ts";
import { type Influxd, influxdProgram, startInfluxd } from "./influxd.ts";

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

describe("the provisioned dashboard", () => {
  it("is the one that the code makes", () => {
    const file = join(REPOSITORY_ROOT, "dashboards/provisioning/dashboards/virtual-node.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(virtualNodeDashboard())));
  });

  it("has a panel for each query", () => {
    const titles = (virtualNodeDashboard().panels ?? []).map((panel) => panel.title);
    expect(titles.sort()).toEqual(PANEL_QUERIES.map(({ title }) => title).sort());
  });
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
