import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-data.ts";
import { openDataDirectory } from "./process/data-directory.ts";

const LAUNCHER = fileURLToPath(new URL("../bin/gridpact.mjs", import.meta.url));

const folder = temporaryFolder({ beforeEach, afterEach });

/** Runs the command as the shell does, in an empty folder. */
async function gridpact(...line: string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...line], { cwd: folder(), stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [exitCode] = await once(child, "close");
  return { exitCode, stdout, stderr };
}

describe("the gridpact command", () => {
  it("prints what was asked for and ends with 0", async () => {
    expect(await gridpact("--version")).toEqual({ exitCode: 0, stdout: "0.1.0\n", stderr: "" });
  });

  it("shows what its user can act on in one line, without a stack, and ends with 1", async () => {
    const { exitCode, stdout, stderr } = await gridpact("audit");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^gridpact: .*\.gridpact is no Gridpact data directory; run `npm start` first\n$/);
  });

  it("shows the help of the command with a bad flag, and ends with 1", async () => {
    const { exitCode, stdout, stderr } = await gridpact("demo", "--speed", "0");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("'--speed <factor>' argument '0' is invalid. a whole number from 1 on is needed");
    expect(stderr).toContain("Usage: gridpact demo [options]");
  });

  it("shows everything about a fault of its own, and ends with 1", async () => {
    const { at, root } = openDataDirectory(join(folder(), "data"), { isFresh: false });
    mkdirSync(at("consortium", "authorities"), { recursive: true });
    writeFileSync(at("consortium", "authorities", "VnMSP.json"), "damaged");
    const { exitCode, stderr } = await gridpact("ledger", "--data", root);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^gridpact: SyntaxError: .*\n +at /);
  });
});
