import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock, wallClock } from "@gridpact/host";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FabricPaths } from "./paths.ts";
import { awaitReady, pidOf, startNode, stopNode, within } from "./processes.ts";

let paths: FabricPaths;
beforeEach(() => {
  paths = new FabricPaths(mkdtempSync(join(tmpdir(), "gridpact-nodes-")));
});
afterEach(() => rmSync(paths.root, { recursive: true }));

/** Says that it runs, and goes on until it is told to end. */
const SCRIPT = "process.stdout.write(process.env.GREETING); setInterval(() => undefined, 1e6)";
const node = {
  name: "node",
  path: process.execPath,
  args: ["--eval", SCRIPT],
  environment: { GREETING: "hello" },
};

test("a node is started once, writes its log, and ends when it is stopped", async () => {
  expect(pidOf("node", paths)).toBeUndefined();
  startNode(node, paths);
  const pid = pidOf("node", paths);
  expect(pid).toBeGreaterThan(0);
  startNode(node, paths);
  expect(pidOf("node", paths)).toBe(pid);
  const hasSpoken = async () => readFileSync(paths.log("node"), "utf8") === "hello";
  expect(await within(30_000, wallClock(), hasSpoken)).toBe(true);
  await stopNode("node", paths, wallClock());
  expect(pidOf("node", paths)).toBeUndefined();
  await stopNode("node", paths, wallClock());
});

test("a process that got the id of a node that ended is not taken for it", () => {
  startNode(node, paths);
  const pid = pidOf("node", paths);
  writeFileSync(paths.processFile("node"), JSON.stringify({ pid: process.pid, path: "/usr/bin/orderer" }));
  expect(pidOf("node", paths)).toBeUndefined();
  process.kill(pid ?? 0, "SIGKILL");
});

test("a node that does not get ready is named with its log", async () => {
  const clock = new VirtualClock(0);
  const waiting = awaitReady("node", async () => false, { paths, clock });
  const outcome = expect(waiting).rejects.toThrow(/node did not get ready; its log is .*node\.log/);
  await clock.advanceTo(130_000);
  await outcome;
});
