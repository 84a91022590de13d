import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { HostLine } from "./vn-host.ts";

const ENTRY = fileURLToPath(new URL("vn-host.ts", import.meta.url));

it("says where it listens, answers, and ends with its standard input", async () => {
  const directory = await mkdtemp(join(tmpdir(), "gridpact-vn-host-"));
  const settings = ["--data", directory, "--path", "js", "--set", "GRIDPACT_VN_STORE=none"];
  const host = spawn(process.execPath, [ENTRY, ...settings]);
  const ended = once(host, "exit");
  const [line] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
  const { path, engine, pid, ports } = JSON.parse(line) as HostLine;
  expect({ path, engine, pid }).toEqual({ path: "js", engine: "twin", pid: host.pid });
  expect((await fetch(`http://127.0.0.1:${ports.health}/ready`)).status).toBe(200);
  host.stdin.end();
  expect(await ended).toEqual([0, null]);
  await rm(directory, { recursive: true });
});

it("refuses a path that it does not know", () => {
  const { status, stderr } = spawnSync(process.execPath, [ENTRY, "--data", "d", "--path", "fast"], {
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^usage/);
});
