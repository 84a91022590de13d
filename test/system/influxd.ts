import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A throw-away InfluxDB 2 server on loopback, on a port of its own choice. */
export type Influxd = {
  url: string;
  token: string;
  organization: string;
  /** Lets the server's own scraper fetch a metrics page into bucket `test`, every ten seconds. */
  scrape(pageUrl: string): Promise<void>;
  /** Writes line protocol with times in ms into bucket `test`. */
  write(lines: string): Promise<void>;
  /** Rows of the answer to a Flux query, header first. */
  query(flux: string): Promise<string[][]>;
  stop(): Promise<void>;
};

/** The program named by INFLUXD, else the one on PATH; undefined when there is none. */
export function influxdProgram(): string | undefined {
  const program = process.env["INFLUXD"] ?? "influxd";
  return spawnSync(program, ["version"]).status === 0 ? program : undefined;
}

const SETUP = { username: "test", password: "test-password", org: "gridpact", bucket: "test", token: "test-token" };

export async function startInfluxd(program: string): Promise<Influxd> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-influxd-"));
  const options = [
    ["--http-bind-address", "127.0.0.1:0"],
    ["--bolt-path", join(directory, "influxd.bolt")],
    ["--sqlite-path", join(directory, "influxd.sqlite")],
    ["--engine-path", join(directory, "engine")],
    ["--reporting-disabled"],
  ].flat();
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  const url = `http://127.0.0.1:${await listeningPort(child)}`;
  const answer = await fetch(`${url}/api/v2/setup`, { method: "POST", body: JSON.stringify(SETUP) });
  if (!answer.ok) throw new Error(`influxd refused its setup: ${answer.status} ${await answer.text()}`);
  const { org, bucket } = (await answer.json()) as { org: { id: string }; bucket: { id: string } };
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true });
  };
  const post = (path: string, body: string) => postTo(`${url}/api/v2/${path}`, body);
  return {
    url,
    token: SETUP.token,
    organization: SETUP.org,
    async scrape(pageUrl) {
      const target = { name: "page", type: "prometheus", url: pageUrl, orgID: org.id, bucketID: bucket.id };
      await post("scrapers", JSON.stringify(target));
    },
    async write(lines) {
      await post(`write?org=${SETUP.org}&bucket=${SETUP.bucket}&precision=ms`, lines);
    },
    async query(flux) {
      const text = await post(`query?org=${SETUP.org}`, flux);
      const lines = text.trim().split(/\r?\n/);
      return lines.filter((line) => line !== "").map((line) => line.split(","));
    },
    stop,
  };
}

async function postTo(url: string, body: string): Promise<string> {
  const contentType = url.includes("/query?") ? "application/vnd.flux" : "application/json";
  const headers = { authorization: `Token ${SETUP.token}`, "content-type": contentType };
  const answer = await fetch(url, { method: "POST", headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`influxd refused: ${answer.status} ${text}`);
  return text;
}

/** Port from influxd's own log line about its listener. */
function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`influxd ended with ${code} before it listened`)));
    if (child.stdout === null) throw new TypeError("influxd's output must be a pipe");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const port = /Listening\b.*"?port"?[=:]\s*(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}
