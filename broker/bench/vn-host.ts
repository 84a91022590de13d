/**
 * A virtual node as a process of its own, for benchmarks that compare ways of a PUBLISH under one load:
 * `node broker/bench/vn-host.ts --data DIRECTORY --path native|js`.
 *
 * - `native`: what a virtual node runs.
 * - `js`: the same promises kept by JavaScript alone: Aedes takes every packet, `node:crypto` verifies, the TypeScript
 *   twin keeps the log, synced before each acknowledgement.
 *
 * `--set GRIDPACT_VN_STORE=none`, and so on, gives further settings; ports are free ones unless set. Says where it
 * listens in one line of JSON, and ends when its standard input does. Devices enrol with tokens that are issued on the
 * directory.
 */
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { jsonLog, nodeDisk, systemRandom, wallClock } from "@gridpact/host";
import { openEngine } from "@gridpact/native";
import { readVirtualNodeConfig, runVirtualNode } from "../src/index.ts";
import { TestOutbox } from "../test/test-outbox.ts";

/** Which way a PUBLISH takes, and who verifies it. */
export type BenchPath = "native" | "js";

/** The one line on standard output. */
export type HostLine = {
  path: BenchPath;
  engine: string;
  pid: number;
  ports: { mqtt: number; enrolment: number; health: number };
  caPem: string;
};

const ANY_PORT = { GRIDPACT_VN_MQTT_PORT: "0", GRIDPACT_VN_ENROLMENT_PORT: "0", GRIDPACT_VN_HEALTH_PORT: "0" };

/** The bound of one device's rate is not what is measured. */
const UNBOUNDED = { GRIDPACT_VN_PACKETS_PER_SECOND: "1000000", GRIDPACT_VN_PACKETS_BURST: "1000000" };

async function host(directory: string, path: BenchPath, settings: readonly string[]): Promise<void> {
  const config = readVirtualNodeConfig({
    GRIDPACT_VN_ID: "bench",
    ...ANY_PORT,
    ...UNBOUNDED,
    ...Object.fromEntries(settings.map((setting) => setting.split(/=(.*)/s, 2))),
    GRIDPACT_VN_DATA: directory,
  });
  const engine = await openEngine({
    kind: path === "js" ? "twin" : "native",
    directoryPath: join(directory, "wal"),
    mtuMs: config.mtuMs,
  });
  const clock = wallClock();
  const running = await runVirtualNode(
    { ...config, publishPath: path === "js" ? "broker" : "lane" },
    {
      clock,
      random: systemRandom,
      disk: nodeDisk(directory),
      engine,
      outbox: new TestOutbox(),
      log: jsonLog((line) => process.stderr.write(line), clock),
      onFatal: (error) => {
        throw error;
      },
    },
  );
  const { ports, caPem } = running;
  const line: HostLine = { path, engine: engine.kind, pid: process.pid, ports, caPem };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  await text(process.stdin);
  await running.close();
  await engine.close();
}

if (import.meta.main) {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { data: text, path: text, set: { ...text, multiple: true } } });
  const { data, path, set = [] } = values;
  if (data === undefined || (path !== "native" && path !== "js")) {
    process.stderr.write(
      "usage: node broker/bench/vn-host.ts --data DIRECTORY --path native|js [--set NAME=VALUE]...\n",
    );
    process.exit(2);
  }
  await host(data, path, set);
}
