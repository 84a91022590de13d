import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs every test of the project, TypeScript then Rust, and closes with one line that counts both. */
type Count = { passed: number; failed: number };

function main(): void {
  const counts = [runVitest(process.argv.slice(2)), runCargo()];
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

function runVitest(options: string[]): Count {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-test-"));
  const report = join(directory, "report.json");
  const ended = spawnSync(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile=${report}`, ...options],
    {
      stdio: "inherit",
    },
  );
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numFailedTestSuites: number;
  };
  rmSync(directory, { recursive: true });
  // A file that cannot even be loaded fails no test of its own, and an unhandled error fails no file.
  const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
  return { passed: numPassedTests, failed: failed === 0 && ended.status !== 0 ? 1 : failed };
}

function runCargo(): Count {
  if (spawnSync("cargo", ["--version"]).status !== 0) {
    process.stdout.write("\nRust tests not run: there is no cargo on PATH; the TypeScript twin was tested instead.\n");
    return { passed: 0, failed: 0 };
  }
  // The same profile as the build of the module, so that nothing is compiled twice.
  const ended = spawnSync("cargo", ["test", "--release", "--locked", "--manifest-path", "native/Cargo.toml"], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stdout.write(ended.stdout);
  const results = [...ended.stdout.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)];
  const sum = (group: number) => results.reduce((total, result) => total + Number(result[group]), 0);
  const failed = sum(2);
  return { passed: sum(1), failed: failed === 0 && ended.status !== 0 ? 1 : failed };
}

main();
