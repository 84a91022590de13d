import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** Exit status of a program of this workspace, and what it says of the matter. */
async function run(program: string, args: readonly string[]): Promise<{ status: number | null; said: string }> {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { status, said };
}

/** Beyond what any of them could mean: each has to say so before it starts anything. */
it.concurrent.each([
  ["src/main.ts", ["full-moon"], "Plays one of: steady,"],
  ["src/main.ts", ["steady", "no-profile.json"], "no-profile.json"],
  ["src/main.ts", ["steady", "-e", "DEVICES=many"], "DEVICES"],
  ["src/main.ts", ["steady", "--env=DEVICES=0"], "DEVICES"],
  ["fleet/main.ts", ["--devices", "0"], "--devices"],
  ["fleet/main.ts", ["--engine", "steam"], "--engine"],
  ["outage/main.ts", ["--faults", "earthquake"], "--faults"],
  ["disk-full/main.ts", ["--megabytes", "1.5"], "--megabytes"],
  ["bench/ingest/ingest.bench.ts", ["--readings", "7"], "--readings"],
  ["bench/peers/peers.bench.ts", ["--influxd", "/nowhere"], "influxd"],
])("%s %j is refused", async (program, args, word) => {
  const { status, said } = await run(program, args);
  expect(status).toBe(2);
  expect(said).toContain(word);
});
