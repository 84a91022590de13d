import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A throw-away InfluxDB 2 server on loopback, on a port of its own choice. */
export type Influxd = { url: string; token: string; organization: string; stop(): Promise<void> };

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
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true });
  };
  return { url, token: SETUP.token, organization: SETUP.org, stop };
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
