import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runAbusers } from "./run-abusers.ts";

it("an honest device connects among abusers, in a small number", async () => {
  const directory = await mkdtemp(join(tmpdir(), "gridpact-abusers-"));
  const report = await runAbusers({ abusers: 40, seconds: 2, directory });
  expect(report.connects).toBeGreaterThan(0);
  expect(report).toMatchObject({ abusers: 40, connectFailures: 0 });
  expect(report.attempts).toBeGreaterThanOrEqual(40);
  expect(report.openMax).toBeGreaterThan(10);
  await rm(directory, { recursive: true });
});
