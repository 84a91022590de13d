import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { invokedFrom } from "./config.ts";
import { K6MissingError, k6Program } from "./k6-program.ts";

/**
 * `npm run loadtest -w loadtest -- [PROFILE] [options of k6]`: plays k6/steady.js against the virtual node of a profile
 * that `gridpact load-profile` wrote. Exits as k6 does: 0 when every threshold and check held.
 */
const PROFILE_DEFAULT = ".gridpact/loadtest.json";

const SCRIPT = fileURLToPath(new URL("../k6/steady.js", import.meta.url));

const EXIT_UNUSABLE = 2;

function run(args: readonly string[]): number {
  const [first, ...rest] = args;
  const isNamed = first !== undefined && !first.startsWith("-");
  const profile = resolve(invokedFrom(), isNamed ? first : PROFILE_DEFAULT);
  if (!existsSync(profile)) {
    return refuse(`there is no ${profile}; make it with: npx gridpact load-profile --vn district --out ${profile}`);
  }
  // k6 reports its use to its makers unless it is told not to.
  const options = ["run", "--no-usage-report", "-e", `VN=${profile}`, ...(isNamed ? rest : args), SCRIPT];
  try {
    return spawnSync(k6Program(), options, { stdio: "inherit" }).status ?? EXIT_UNUSABLE;
  } catch (error) {
    if (error instanceof K6MissingError) return refuse(error.message);
    throw error;
  }
}

function refuse(reason: string): number {
  process.stderr.write(`loadtest: ${reason}\n`);
  return EXIT_UNUSABLE;
}

process.exitCode = run(process.argv.slice(2));
