/**
 * `npm run test:verdicts`: has all verifiers judge public vectors and random signatures at the edges of ZIP-215, and
 * exits with 1 when any two disagree.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOptions } from "@gridpact/host";
import { type Agreement, compareCases, compareOnTorsion } from "./agreement.ts";
import { publicVectors } from "./public-vectors.ts";
import { type NamedVerifier, nativeVerifiers, TWIN, verifierOfLibrary } from "./verifiers.ts";

const PROGRESS_EVERY = 50_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

function main(): number {
  const { n, seed, vectors, portable, json } = readOptions({
    command: "npm run test:verdicts --",
    about:
      "Has all verifiers judge public vectors and random signatures at the edges of ZIP-215. Exits with 1 when any " +
      "two disagree.",
    options: {
      n: { kind: "count", byDefault: 10_000, says: "random signatures" },
      seed: { kind: "text", byDefault: "1", says: "draws them" },
      vectors: { kind: "text", says: "folder that holds cctv-ed25519.json and speccheck-cases.json" },
      portable: { kind: "flag", says: "also builds a library without vector instructions and compares it" },
      json: { kind: "text", says: "file for the report" },
    },
  });
  const verifiers = [TWIN, ...nativeVerifiers(say), ...(portable ? [portableVerifier()] : [])];
  say(`verifiers: ${verifiers.map(({ name }) => name).join(", ")}`);
  const results: Record<string, Agreement> = {};
  for (const { name, cases } of publicVectors(vectors, say)) {
    results[name] = { count: cases.length, accepted: 0, disagreements: [], verdictsHash: "" };
    compareCases(verifiers, cases, 0, results[name]);
  }
  results["torsion"] = compareOnTorsion(verifiers, { count: n, seed }, (done) => {
    if (done % PROGRESS_EVERY === 0) say(`${done} compared`);
  });
  if (json) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  return report(results);
}

function report(results: Record<string, Agreement>): number {
  let disagreements = 0;
  for (const [name, result] of Object.entries(results)) {
    disagreements += result.disagreements.length;
    say(`${name}: ${result.count} cases, ${result.accepted} accepted, ${result.disagreements.length} disagreements`);
    for (const disagreement of result.disagreements) say(JSON.stringify(disagreement));
  }
  return disagreements === 0 ? 0 : 1;
}

/** What a CPU without AVX2, or another architecture, computes with; never installed. */
function portableVerifier(): NamedVerifier {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const flags = 'build.rustflags=["--cfg","curve25519_dalek_backend=\\"serial\\""]';
  const build = ["build", "--release", "--locked", "--package", "gridpact-napi", "--target-dir", "target/portable"];
  const ended = spawnSync("cargo", [...build, "--config", flags], { cwd: root, stdio: "inherit" });
  if (ended.status !== 0) throw new Error("the portable library does not build; cargo's message is above");
  // Node loads a native module only under this extension.
  const addon = join(mkdtempSync(join(tmpdir(), "gridpact-portable-")), "portable.node");
  copyFileSync(join(root, "target/portable/release/libgridpact_napi.so"), addon);
  return verifierOfLibrary("portable", addon);
}

process.exitCode = main();
