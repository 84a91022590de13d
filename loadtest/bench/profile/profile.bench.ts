/** `npm run bench:profile -- [--readings N]`: where the CPU of a loaded virtual node's host goes, by Linux's perf. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "@gridpact/host";
import { signStock } from "../../src/generator/index.ts";
import { loadDeviceIds } from "../../src/host/index.ts";
import { rounded } from "../../src/measure/index.ts";
import { HostUnderLoad } from "../ingest/host-under-load.ts";
import { LARGE, POWER_W, START_UNIX_MS, STEP_MS } from "../ingest/ingest-size.ts";
import { costShares } from "./cost-classes.ts";

const EXIT_UNUSABLE = 2;

/** A prime, so that samples do not fall in step with timers. */
const SAMPLES_PER_SECOND = 1_999;

/** A warm-up, and the rounds that are sampled. */
const ROUNDS = 3;

async function profile(readings: number, directory: string) {
  const { devices, inFlight } = LARGE;
  const envelopes = LARGE.cases.find((each) => each.readings === readings)?.envelopes.native ?? 500;
  const stockPath = join(directory, "stock");
  signStock(stockPath, {
    devices: loadDeviceIds(devices),
    envelopesPerDevice: envelopes * ROUNDS,
    readings,
    startUnixMs: START_UNIX_MS,
    stepMs: STEP_MS,
    powerW: POWER_W,
  });
  const own = join(directory, "host");
  mkdirSync(own);
  const options = { engine: "native", store: { kind: "none" }, devices, readings, stockPath, directory: own } as const;
  const host = await HostUnderLoad.start({ name: "native", ...options });
  await host.measure({ envelopes, inFlight });
  const samples = join(directory, "perf.data");
  const args = ["record", "-q", "-F", `${SAMPLES_PER_SECOND}`, "-o", samples, "-p", `${host.pid()}`];
  const perf = spawn("perf", args, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(perf, "exit");
  const measured = await host.measure({ envelopes: envelopes * (ROUNDS - 1), inFlight });
  perf.kill("SIGINT");
  await ended;
  await host.close();
  const cpuUsPerEnvelope = (measured.hostCpuSeconds * 1e6) / measured.sent;
  const shares = costShares(reportOf(samples));
  const costs = Object.entries(shares).map(([costClass, share]) => ({
    costClass,
    percent: rounded(share * 100),
    usPerEnvelope: rounded(share * cpuUsPerEnvelope),
  }));
  return { readings, cpuUsPerEnvelope: rounded(cpuUsPerEnvelope), costs };
}

function reportOf(samples: string): string {
  const sorting = ["--no-children", "--sort", "comm,dso,symbol", "--field-separator", ";"];
  const report = spawnSync("perf", ["report", "--stdio", "-i", samples, ...sorting], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (report.status !== 0) throw new Error(`perf made no report: ${report.stderr}`);
  return report.stdout;
}

const { readings } = readOptions({
  command: "npm run bench:profile --",
  about: "Loads a virtual node's host under Linux's perf and tells where the CPU of an envelope goes.",
  options: { readings: { kind: "count", byDefault: 1, says: "in an envelope" } },
});
if (spawnSync("perf", ["--version"]).status !== 0) {
  process.stderr.write("bench:profile: there is no perf on PATH\n");
  process.exitCode = EXIT_UNUSABLE;
} else {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-profile-"));
  try {
    process.stdout.write(`${JSON.stringify(await profile(readings, directory), null, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
