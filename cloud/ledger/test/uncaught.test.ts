import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const LEDGER = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Runs a script that has the ledger loaded, in a process of its own. */
function run(script: string) {
  const code = `import ${JSON.stringify(LEDGER)};\n${script}`;
  return spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", code], { encoding: "utf8" });
}

describe("a process that loads the ledger", () => {
  it.each([
    ["an exception that nobody caught", "setImmediate(() => { throw new Error('boom'); });"],
    ["a rejection that nobody handled", "void Promise.reject(new Error('boom'));"],
  ])("ends at %s, as Node.js does by itself", (_, script) => {
    const ended = run(`${script}\nsetInterval(() => undefined, 1_000_000);`);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain("boom");
  });

  it("ends well when nothing goes wrong", () => {
    expect(run("").status).toBe(0);
  });
});
