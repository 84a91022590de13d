import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HostProcess } from "./host/index.ts";
import { K6MissingError, k6Program } from "./k6-program.ts";
import { runK6 } from "./run-k6.ts";

function programOrNone(): string | undefined {
  try {
    return k6Program();
  } catch (error) {
    if (error instanceof K6MissingError) return undefined;
    throw error;
  }
}

const program = programOrNone();
if (program === undefined) process.stdout.write("k6 scenarios not run: loadtest/build.sh was not.\n");

type Check = { name: string; passes: number; fails: number };

type Group = { groups: Record<string, Group>; checks: Record<string, Check> };

/** Those of a teardown are in a group of their own. */
function checksOf({ groups, checks }: Group): Check[] {
  return [...Object.values(checks), ...Object.values(groups).flatMap(checksOf)];
}

const DEVICES = 3;

describe.runIf(program !== undefined)("a scenario, against a virtual node of its own", () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "gridpact-k6-run-"));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    { scenario: "steady", settings: ["ENVELOPES=10", "FORGED=2"] },
    { scenario: "burst", settings: ["BURSTS=1", "ENVELOPES=20"] },
    { scenario: "mixed-sizes", settings: ["ENVELOPES=10"] },
  ] as const)("$scenario ends with an account that adds up", async ({ scenario, settings }) => {
    const own = mkdtempSync(join(directory, scenario));
    const profile = join(own, "profile.json");
    const summary = join(own, "summary.json");
    const host = await HostProcess.start(
      {
        dataDirectory: join(own, "data"),
        engine: "twin",
        store: { kind: "sqlite" },
        devices: DEVICES,
        targetPath: profile,
        target: "profile",
      },
      { directory: own },
    );
    // Thresholds are about time, and this machine may be busy.
    const quiet = ["--quiet", "--no-thresholds", "--summary-export", summary, "-e", `DEVICES=${DEVICES}`];
    const options = [...quiet, ...settings.flatMap((setting) => ["-e", setting])];
    const status = await runK6(program ?? "", { scenario, profile, options });
    await host.close();
    const checks = checksOf((JSON.parse(readFileSync(summary, "utf8")) as { root_group: Group }).root_group);
    expect(checks.map(({ name }) => name)).toContain("acknowledged = accepted + rejected");
    expect(checks.filter(({ passes, fails }) => passes !== 1 || fails !== 0)).toEqual([]);
    expect(status).toBe(0);
  });
});
