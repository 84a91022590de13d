import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Scenario } from "./scenarios.ts";

/** What stands behind `options` wins, as with k6 itself. */
export type K6Run = {
  scenario: Scenario;
  /** Absolute path. */
  profile: string;
  /** Of k6's own, such as `-e DEVICES=20`. */
  options: readonly string[];
};

/** When k6 is ended by a signal. */
const EXIT_KILLED = 1;

/** Plays a scenario with its output on this terminal, and resolves with k6's exit status: 0 when all held. */
export async function runK6(program: string, { scenario, profile, options }: K6Run): Promise<number> {
  const script = fileURLToPath(new URL(`../k6/${scenario}.js`, import.meta.url));
  // k6 reports its use to its makers unless it is told not to.
  const args = ["run", "--no-usage-report", "-e", `VN=${profile}`, ...options, script];
  const child = spawn(program, args, { stdio: "inherit" });
  const [status] = (await once(child, "exit")) as [number | null];
  return status ?? EXIT_KILLED;
}
