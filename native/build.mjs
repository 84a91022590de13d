// Builds the native addon where there is a Rust toolchain; elsewhere the TypeScript twin serves, and this says so.
// Plain JavaScript, as it runs under the host's own Node (20.19 or newer) before anything is installed.
// `--require` makes a build that did not happen an error, for machines that should have a toolchain.
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
const addonPath = join(root, "gridpact-native.node");
const stampPath = join(root, "target/gridpact-native.stamp");
const libraryPath = join(root, "target/release", LIBRARY_NAMES[process.platform] ?? "libgridpact_napi.so");

/** Everything that the addon is made of, in a fixed order. */
function sources(directory) {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(rs|toml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fingerprint() {
  const hash = createHash("sha256").update(process.platform).update(process.arch);
  const paths = [join(root, "Cargo.toml"), join(root, "Cargo.lock"), ...sources("engine"), ...sources("napi")];
  for (const path of paths) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest("hex");
}

/** Never a half-copied addon: a process that loads it at this moment gets the old or the new one. */
function install(wanted) {
  copyFileSync(libraryPath, `${addonPath}.new`);
  renameSync(`${addonPath}.new`, addonPath);
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(stampPath, wanted);
}

/** An addon of other sources would decide otherwise than its twin, so it goes. */
function serveTwin(reason) {
  rmSync(addonPath, { force: true });
  process.stderr.write(`native: ${reason}; THE TYPESCRIPT TWIN SERVES: same verdicts, about seven times slower\n`);
  if (process.argv.includes("--require")) process.exitCode = 1;
}

function build() {
  const wanted = fingerprint();
  const isFresh = existsSync(addonPath) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === wanted;
  if (isFresh) return;
  if (spawnSync("cargo", ["--version"]).status !== 0) {
    serveTwin("no cargo on PATH");
    return;
  }
  process.stdout.write("native: building the Rust engine (once, about a minute)\n");
  const built = spawnSync("cargo", ["build", "--release", "--locked", "--package", "gridpact-napi"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (built.status === 0) install(wanted);
  else serveTwin("cargo build failed, its message is above");
}

build();
