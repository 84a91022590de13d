// Builds the native addon where there is a Rust toolchain; elsewhere the TypeScript twin serves, and this says so.
// Plain JavaScript, as it runs under the host's own Node (20.19 or newer) before anything is installed.
// `--require` makes a build that did not happen an error, for machines that should have a toolchain.
//
// On x86-64 there are two libraries: one for every CPU, and one compiled for AVX-512 IFMA, which the first one lets in
// where the CPU has what `lane-library.json` names. Both are built on every x86-64 host, as an image may move.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LIBRARY_NAMES = { darwin: "libgridpact_napi.dylib", win32: "gridpact_napi.dll" };

const root = fileURLToPath(new URL(".", import.meta.url));
const libraryName = LIBRARY_NAMES[process.platform] ?? "libgridpact_napi.so";
const { instructionSets } = JSON.parse(readFileSync(join(root, "lane-library.json"), "utf8"));
// Not by the environment, so that it stays the caller's; a caller's own RUSTFLAGS win over this, and then only the
// general library is built.
const laneFlags = `build.rustflags=["-C","target-feature=${instructionSets.map((name) => `+${name}`).join(",")}"]`;

const GENERAL = { addon: "gridpact-native.node", target: "target", options: [] };
const LANES = {
  addon: "gridpact-native-lanes.node",
  target: "target/lanes",
  options: ["--features", "ifma", "--config", laneFlags],
};
const LIBRARIES = process.arch === "x64" ? [GENERAL, LANES] : [GENERAL];

const stampPath = join(root, "target/gridpact-native.stamp");

/** Everything that the addon is made of, in a fixed order. */
function sources(directory) {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(rs|toml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fingerprint() {
  const hash = createHash("sha256").update(process.platform).update(process.arch);
  const manifests = ["Cargo.toml", "Cargo.lock", "lane-library.json"].map((name) => join(root, name));
  for (const path of [...manifests, ...["doorway", "engine", "napi"].flatMap(sources)]) {
    hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Never a half-copied addon: a process that loads it at this moment gets the old or the new one. */
function install({ addon, target }) {
  const path = join(root, addon);
  copyFileSync(join(root, target, "release", libraryName), `${path}.new`);
  renameSync(`${path}.new`, path);
}

function compile({ target, options }) {
  const cargo = ["build", "--release", "--locked", "--package", "gridpact-napi", "--target-dir", target, ...options];
  const ended = spawnSync("cargo", cargo, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  return ended.status === 0;
}

/** An addon of other sources would decide otherwise than its twin, so it goes. */
function goWithout(libraries, reason) {
  for (const { addon } of libraries) rmSync(join(root, addon), { force: true });
  process.stderr.write(`native: ${reason}\n`);
  if (process.argv.includes("--require")) process.exitCode = 1;
}

const TWIN_SERVES = "THE TYPESCRIPT TWIN SERVES: same verdicts, about seven times slower";

function isFresh(wanted) {
  return existsSync(join(root, GENERAL.addon)) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === wanted;
}

function build() {
  const wanted = fingerprint();
  if (isFresh(wanted)) return;
  if (spawnSync("cargo", ["--version"]).status !== 0) {
    goWithout(LIBRARIES, `no cargo on PATH; ${TWIN_SERVES}`);
    return;
  }
  process.stdout.write("native: building the Rust engine (once, about two minutes)\n");
  if (!compile(GENERAL)) {
    goWithout(LIBRARIES, `cargo build failed, its message is above; ${TWIN_SERVES}`);
    return;
  }
  install(GENERAL);
  if (LIBRARIES.includes(LANES)) {
    if (compile(LANES)) install(LANES);
    else goWithout([LANES], "no library for AVX-512 IFMA, cargo's message is above; the general one serves");
  }
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(stampPath, wanted);
}

build();
