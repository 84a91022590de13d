import { spawnSync } from "node:child_process";

/** Everything that CI asks for beside the tests, cheapest first; stops at the first that fails. */
type Step = { name: string; command: string; args: string[]; needs?: string };

const CARGO = ["--manifest-path", "native/Cargo.toml"];

const STEPS: Step[] = [
  { name: "format and lint", command: "biome", args: ["check", "--error-on-warnings", "."] },
  { name: "types", command: "tsc", args: ["--noEmit"] },
  { name: "generated messages", command: "node", args: ["proto/generate.mjs", "--check"] },
  { name: "generated dashboards", command: "node", args: ["dashboards/src/generate.ts", "--check"] },
  { name: "protobuf style", command: "buf", args: ["lint", "proto"] },
  { name: "protobuf format", command: "buf", args: ["format", "--diff", "--exit-code", "proto"] },
  { name: "dead code", command: "knip", args: [] },
  { name: "Rust format", command: "cargo", args: ["fmt", "--check", "--all", ...CARGO], needs: "cargo" },
  {
    name: "Rust lint",
    command: "cargo",
    args: ["clippy", "--release", "--locked", "--all-targets", "--workspace", ...CARGO, "--", "-D", "warnings"],
    needs: "cargo",
  },
  { name: "Rust for arm64", command: "node", args: ["native/check-arm64.mjs"], needs: "cargo" },
  { name: "tests", command: "node", args: ["test/run.ts"] },
];

function isMissing(program: string): boolean {
  return spawnSync(program, ["--version"]).status !== 0;
}

for (const step of STEPS) {
  if (step.needs !== undefined && isMissing(step.needs)) {
    process.stdout.write(`\n== ${step.name}: not run, there is no ${step.needs} on PATH\n`);
    continue;
  }
  process.stdout.write(`\n== ${step.name}\n`);
  const ended = spawnSync(step.command, step.args, { stdio: "inherit" });
  if (ended.status !== 0) {
    process.stdout.write(`\n== ${step.name} failed\n`);
    process.exit(1);
  }
}
