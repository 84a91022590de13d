import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { invokedFrom } from "./config.ts";
import { HostProcess } from "./host/index.ts";
import { K6MissingError, k6Program } from "./k6-program.ts";
import { runK6 } from "./run-k6.ts";
import { isScenario, SCENARIOS, settingOf } from "./scenarios.ts";

/**
 * `npm run loadtest -w loadtest -- SCENARIO [PROFILE] [options of k6]`: plays a scenario against the virtual node of a
 * profile that `gridpact load-profile` wrote, else against one of its own that is thrown away. Exits as k6 does: 0 when
 * every threshold and check held.
 */
const USAGE = `usage: npm run loadtest -w loadtest -- SCENARIO [PROFILE] [options of k6]

Plays one of: ${SCENARIOS.join(", ")}.
Without a profile a virtual node is started for the run and thrown away. With one, of a virtual node that runs already:
  npx gridpact load-profile --vn district --out .gridpact/loadtest.json
Each scenario names its settings in loadtest/k6/SCENARIO.js; they are given as -e NAME=value.
`;

const EXIT_UNUSABLE = 2;

/** A scenario's own default, see k6/virtual-node.js. */
const DEVICES_DEFAULT = 20;

async function run(args: readonly string[]): Promise<number> {
  const [scenario = "", second] = args;
  if (!isScenario(scenario)) return refuse(USAGE);
  const isNamed = second !== undefined && !second.startsWith("-");
  const options = args.slice(isNamed ? 2 : 1);
  if (!isNamed) return runOnOwnHost(scenario, options);
  const profile = resolve(invokedFrom(), second);
  return existsSync(profile) ? runK6(k6Program(), { scenario, profile, options }) : refuse(`there is no ${profile}\n`);
}

async function runOnOwnHost(scenario: (typeof SCENARIOS)[number], options: readonly string[]): Promise<number> {
  const devices = Number(settingOf("DEVICES", options) ?? DEVICES_DEFAULT);
  if (!Number.isInteger(devices) || devices < 1) return refuse("DEVICES is a whole number of at least 1\n");
  const program = k6Program();
  const directory = mkdtempSync(join(tmpdir(), "gridpact-loadtest-"));
  const profile = join(directory, "profile.json");
  const host = await HostProcess.start(
    {
      dataDirectory: join(directory, "data"),
      store: { kind: "sqlite" },
      devices,
      targetPath: profile,
      target: "profile",
    },
    { directory },
  );
  try {
    return await runK6(program, { scenario, profile, options: ["-e", `DEVICES=${devices}`, ...options] });
  } finally {
    await host.close();
    rmSync(directory, { recursive: true });
  }
}

function refuse(reason: string): number {
  process.stderr.write(`loadtest: ${reason}`);
  return EXIT_UNUSABLE;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof K6MissingError)) throw error;
  process.exitCode = refuse(`${error.message}\n`);
}
