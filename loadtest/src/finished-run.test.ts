import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inOwnDirectory } from "./finished-run.ts";

describe("a load test's directory", () => {
  it("is there for the run and gone after it", async () => {
    const used = await inOwnDirectory("test", async ({ directory }) => {
      writeFileSync(join(directory, "output"), "x");
      return directory;
    });
    expect(existsSync(used)).toBe(false);
  });

  it("stays when the run fails, with what it holds", async () => {
    let used = "";
    const run = inOwnDirectory("test", async ({ directory }) => {
      used = directory;
      writeFileSync(join(directory, "output"), "x");
      throw new Error("the host died");
    });
    await expect(run).rejects.toThrow("the host died");
    expect(existsSync(join(used, "output"))).toBe(true);
    rmSync(used, { recursive: true });
  });
});
