import { join } from "node:path";
import { sumOf } from "../../src/host/index.ts";
import { freePort, PeerProcess } from "./peer-process.ts";

const SETUP = { username: "bench", password: "bench-password", org: "gridpact", bucket: "bench", token: "bench-token" };

/**
 * As docker-compose.yml has it, for both stacks. InfluxDB otherwise notes a stack for every 4 KiB that it allocates,
 * which is a fifth of what a point costs, and Go collects as soon as the heap has doubled, which is another.
 */
export const INFLUXD_SETTINGS = { INFLUXD_PPROF_DISABLED: "true", GOGC: "400" };

/** A throw-away InfluxDB 2 server on loopback, with one bucket. */
export class Influxd {
  readonly url: string;
  readonly token = SETUP.token;
  readonly org = SETUP.org;
  readonly bucket = SETUP.bucket;
  readonly #process: PeerProcess;

  private constructor(url: string, process: PeerProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start(program: string, directory: string): Promise<Influxd> {
    const address = `127.0.0.1:${await freePort()}`;
    const url = `http://${address}`;
    const args = [
      ["--http-bind-address", address],
      ["--bolt-path", join(directory, "influxd.bolt")],
      ["--sqlite-path", join(directory, "influxd.sqlite")],
      ["--engine-path", join(directory, "engine")],
      ["--log-level", "warn"],
      ["--reporting-disabled"],
    ].flat();
    const process = new PeerProcess("influxd", {
      program,
      args,
      logPath: join(directory, "influxd.log"),
      settings: INFLUXD_SETTINGS,
    });
    await process.until(async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok ?? false);
    const answer = await fetch(`${url}/api/v2/setup`, { method: "POST", body: JSON.stringify(SETUP) });
    if (!answer.ok) throw new Error(`influxd refused its setup: ${answer.status} ${await answer.text()}`);
    return new Influxd(url, process);
  }

  pid(): number {
    return this.#process.pid();
  }

  /** Points that it has taken so far, repeated ones included: cheap to ask, so that asking costs it next to nothing. */
  async pointsTaken(): Promise<number> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    return sumOf(page, "storage_writer_ok_points_sum");
  }

  /** Readings that are there, by a query. */
  async countReadings(): Promise<number> {
    const flux = `from(bucket: "${this.bucket}") |> range(start: 0)
      |> filter(fn: (r) => r._measurement == "reading" and r._field == "power_w") |> count() |> group() |> sum()`;
    const headers = { authorization: `Token ${this.token}`, "content-type": "application/vnd.flux" };
    const answer = await fetch(`${this.url}/api/v2/query?org=${this.org}`, { method: "POST", headers, body: flux });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`influxd refused a query: ${answer.status} ${text}`);
    const [header = "", first = ""] = text.split(/\r?\n/);
    return Number(first.split(",")[header.split(",").indexOf("_value")] ?? 0);
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}
