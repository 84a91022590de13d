import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { K6MissingError, k6Program } from "./k6-program.ts";

const directory = mkdtempSync(join(tmpdir(), "gridpact-k6-"));
afterAll(() => rmSync(directory, { recursive: true }));

it("says how the load generator is built when it is not there, or cannot be run", () => {
  const program = join(directory, "gridpact-k6");
  expect(() => k6Program(directory)).toThrow(K6MissingError);
  expect(() => k6Program(directory)).toThrow("loadtest/build.sh");
  writeFileSync(program, "", { mode: 0o600 });
  expect(() => k6Program(directory)).toThrow(K6MissingError);
});

it("finds the load generator beside it", () => {
  const program = join(directory, "gridpact-k6");
  rmSync(program, { force: true });
  writeFileSync(program, "", { mode: 0o700 });
  expect(k6Program(directory)).toBe(program);
});
