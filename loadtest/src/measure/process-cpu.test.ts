import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseStat, residentBytes, treeCpuSeconds } from "./process-cpu.ts";

const hasProc = existsSync("/proc/self/stat");
if (!hasProc) process.stdout.write("CPU of process trees not tested: there is no /proc here.\n");

it("reads parent and times behind a name with blanks and brackets", () => {
  const stat = "42 (a (b) c) S 7 42 42 0 -1 4194304 1 2 3 4 100 20 3 4 20 0 1 0 12345";
  expect(parseStat(42, stat)).toEqual({ pid: 42, parent: 7, ticks: 127 });
});

describe.runIf(hasProc)("CPU of a process tree", () => {
  it("counts what a descendant burns, also when that has ended", async () => {
    const burn = "const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);";
    const parent = `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(burn)}]);
      process.stdout.write("burnt"); setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    expect(treeCpuSeconds(child.pid ?? 0)).toBeGreaterThan(0.25);
    child.kill();
    await once(child, "exit");
  });

  it("fails for a process that is not there", () => {
    expect(() => treeCpuSeconds(2 ** 22 + 1)).toThrow("there is no process");
  });

  it("knows the memory of this process", () => {
    const { now, max } = residentBytes(process.pid);
    expect(now).toBeGreaterThan(10 * 1_024 * 1_024);
    expect(max).toBeGreaterThanOrEqual(now);
  });
});
