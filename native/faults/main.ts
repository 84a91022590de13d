/** `npm run test:planted-faults`: see `--help`. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOptions } from "@gridpact/host";
import { PLANTED_FAULTS, type PlantedFault } from "./faults.ts";

const NATIVE = fileURLToPath(new URL("..", import.meta.url));

/** A fault that makes the tests hang is caught by this. Compiling the copy takes a minute on two busy cores. */
const TEST_MS_MAX = 900_000;

type Row = { fault: string; result: "caught" | "MISSED" | "does not compile"; by: string };

const say = (line: string) => process.stdout.write(`${line}\n`);

function main(): number {
  const { only, json } = readOptions({
    command: "npm run test:planted-faults --",
    about:
      "Plants each fault in a copy of the engine and runs the Rust tests on it. A fault that they do not notice is a " +
      "hole in the tests: exits with 1. Takes some minutes a fault.",
    options: {
      only: { kind: "text", byDefault: "", says: "faults whose names contain this" },
      json: { kind: "text", says: "file for the rows" },
    },
  });
  const copy = mkdtempSync(join(tmpdir(), "gridpact-faults-"));
  try {
    copyEngine(copy);
    const sound = runTests(copy);
    if (sound.status !== 0) throw new Error(`without a fault the tests fail already:\n${sound.output}`);
    const chosen = PLANTED_FAULTS.filter(({ name }) => name.includes(only));
    const rows = chosen.map((fault) => {
      const row = tryFault(copy, fault);
      say(`${row.result.padEnd(8)} ${row.fault}${row.by && `: ${row.by}`}`);
      return row;
    });
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
    const caught = rows.filter(({ result }) => result === "caught").length;
    say(`${caught} of ${rows.length} planted faults caught`);
    return caught === rows.length ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Faults are planted in these; the addon has no logic, and the doorway keeps nothing. */
const CRATES = ["engine", "trials"];

/** The crates, and the vectors that their tests read. */
function copyEngine(copy: string): void {
  for (const name of ["Cargo.toml", "Cargo.lock", "clippy.toml", ...CRATES]) {
    cpSync(join(NATIVE, name), join(copy, "native", name), { recursive: true });
  }
  mkdirSync(join(copy, "proto"));
  cpSync(join(NATIVE, "../proto/vectors"), join(copy, "proto/vectors"), { recursive: true });
  const manifest = join(copy, "native/Cargo.toml");
  writeFileSync(
    manifest,
    readFileSync(manifest, "utf8").replace(/members = \[.*\]/, `members = ${JSON.stringify(CRATES)}`),
  );
}

function tryFault(copy: string, { name, edits }: PlantedFault): Row {
  for (const { file, from, to } of edits) edit(join(copy, "native", file), from, to);
  const { status, output } = runTests(copy);
  for (const { file } of edits) cpSync(join(NATIVE, file), join(copy, "native", file));
  const failed = [...output.matchAll(/^test (\S+) \.\.\. FAILED/gm)].map((match) => match[1]);
  if (status !== 0 && failed.length === 0 && /^error(\[|: could not compile)/m.test(output)) {
    return {
      fault: name,
      result: "does not compile",
      by: output.split("\n").find((line) => /^error/.test(line)) ?? "",
    };
  }
  return { fault: name, result: status === 0 ? "MISSED" : "caught", by: failed.join(", ") };
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${path}: not there, or more than once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

function runTests(copy: string): { status: number | null; output: string } {
  const packages = ["--package", "gridpact-engine", "--package", "gridpact-trials"];
  // What is compiled once for each fault need not be optimised as a whole, which takes three times as long.
  const profile = ["--config", 'profile.release.lto="off"', "--config", "profile.release.codegen-units=16"];
  // The packages that do not change are compiled with the first fault only.
  const where = ["--target-dir", join(NATIVE, "target"), ...packages];
  const cargo = ["test", ...profile, "--release", "--no-fail-fast", "--lib", ...where];
  const ended = spawnSync("cargo", cargo, {
    cwd: join(copy, "native"),
    encoding: "utf8",
    timeout: TEST_MS_MAX,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status: ended.status, output: `${ended.stdout}${ended.stderr}` };
}

process.exitCode = main();
