import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PANEL_QUERIES, virtualNodeDashboard } from "@gridpact/dashboards";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../tidy/tracked-files.ts";
import { type Influxd, influxdProgram, startInfluxd } from "./influxd.ts";

const program = influxdProgram();
if (program === undefined) {
  process.stdout.write("Panel queries not run: there is no influxd on PATH or in INFLUXD.\n");
}

const START_UNIX_MS = Date.UTC(2016, 0, 28, 10);
const MINUTE_MS = 60_000;

/** Two devices on two feeders, a reading every five minutes for two hours, as the engine writes them. */
function lineProtocol(): string {
  return ["a", "b"]
    .flatMap((name, device) =>
      Array.from({ length: 25 }, (_, index) => {
        const atUnixMs = START_UNIX_MS + index * 5 * MINUTE_MS;
        const fields = `power_w=${600 * (device + 1)}i,import_wh=${50 * (device + 1) * index}i,export_wh=0i`;
        return `reading,device=d-${name},feeder=F${device} ${fields} ${atUnixMs}`;
      }),
    )
    .join("\n");
}

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

describe.runIf(program !== undefined)("on a real InfluxDB", () => {
  let influxd: Influxd;

  beforeAll(async () => {
    influxd = await startInfluxd(program ?? "");
    const url = `${influxd.url}/api/v2/write?org=${influxd.organization}&bucket=test&precision=ms`;
    const headers = { authorization: `Token ${influxd.token}` };
    const answer = await fetch(url, { method: "POST", headers, body: lineProtocol() });
    expect(answer.status).toBe(204);
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

  /** Values of `_value` in the answer, in order. */
  async function values(flux: string): Promise<number[]> {
    const [header, ...data] = await rows(flux);
    const column = header?.indexOf("_value") ?? -1;
    return data.filter((row) => row[column] !== "_value").map((row) => Number(row[column]));
  }

  it.each(PANEL_QUERIES)("$title answers with data", async ({ flux }) => {
    expect((await rows(flux)).length).toBeGreaterThan(1);
  });

  it("adds up the energy of an interval over devices as the registers say", async () => {
    const energy = PANEL_QUERIES.find(({ title }) => title.startsWith("Imported energy"));
    expect(new Set(await values(energy?.flux ?? ""))).toContain(450);
  });

  it("counts each reporting device once", async () => {
    const reporting = PANEL_QUERIES.find(({ title }) => title.startsWith("Reporting"));
    expect(new Set(await values(reporting?.flux ?? ""))).toEqual(new Set([2]));
  });
});
