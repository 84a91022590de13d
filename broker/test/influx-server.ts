import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { InfluxOptions } from "../src/store/index.ts";

/** Where an InfluxDB 2 server is to be had: the given path, or `influxd` of the PATH; undefined when there is none. */
export function findInfluxd(path: string | undefined): string | undefined {
  const command = path ?? "influxd";
  try {
    execFileSync(command, ["version"], { stdio: "ignore" });
    return command;
  } catch {
    return undefined;
  }
}

/** An InfluxDB of the test's own, on a free port and an empty directory. */
export class InfluxServer {
  readonly options: InfluxOptions;
  readonly #command: string;
  readonly #directory: string;
  readonly #port: number;
  #process: ChildProcess;

  private constructor(parts: { command: string; directory: string; port: number; process: ChildProcess }) {
    this.#command = parts.command;
    this.#directory = parts.directory;
    this.#port = parts.port;
    this.#process = parts.process;
    const url = `http://127.0.0.1:${parts.port}`;
    this.options = { url, token: "token-of-this-test", org: "gridpact", bucket: "readings" };
  }

  static async start(command: string): Promise<InfluxServer> {
    const directory = await mkdtemp(join(tmpdir(), "gridpact-influx-"));
    const { process, port } = await launch(command, directory, 0);
    const server = new InfluxServer({ command, directory, port, process });
    await server.#setUp();
    return server;
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
  }

  /** Starts it again on the same port and data. */
  async restart(): Promise<void> {
    this.#process = (await launch(this.#command, this.#directory, this.#port)).process;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true });
  }

  async #setUp(): Promise<void> {
    const { url, token, org, bucket } = this.options;
    const body = JSON.stringify({ username: "test", password: "password-of-this-test", token, org, bucket });
    const response = await fetch(`${url}/api/v2/setup`, { method: "POST", body });
    if (!response.ok) throw new Error(`setup of InfluxDB: ${response.status} ${await response.text()}`);
  }
}

/** Resolves with the port once the server says that it listens. */
async function launch(command: string, directory: string, port: number) {
  const process = spawn(
    command,
    [
      "--http-bind-address",
      `127.0.0.1:${port}`,
      "--bolt-path",
      join(directory, "influxd.bolt"),
      "--sqlite-path",
      join(directory, "influxd.sqlite"),
      "--engine-path",
      join(directory, "engine"),
      "--reporting-disabled",
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  for await (const line of createInterface(process.stdout)) {
    const listening = /"?Listening"?.*port"?[=:]\s*(\d+)/.exec(line)?.[1];
    if (listening === undefined) continue;
    // Nobody reads on, and a full pipe must not stop the server.
    process.stdout.resume();
    return { process, port: Number(listening) };
  }
  throw new Error("InfluxDB ended before it listened");
}
