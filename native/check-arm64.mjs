// Checks that the engine and its addon compile for arm64, on a machine of any architecture: the target's standard
// library and a C compiler are needed for it, a linker is not.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TARGET = "aarch64-unknown-linux-gnu";
const COMPILER = "aarch64-linux-gnu-gcc";

const root = fileURLToPath(new URL(".", import.meta.url));

// Without rustup, or without a way to its server, the target may be there all the same: the next command shows it.
spawnSync("rustup", ["target", "add", TARGET], { stdio: "ignore" });
const printed = spawnSync("rustc", ["--print", "target-libdir", "--target", TARGET], { encoding: "utf8" });
const isThere = printed.status === 0 && existsSync(printed.stdout.trim());
// TLS has assembly and C in it, which are compiled also for a check.
const hasCompiler = process.arch === "arm64" || spawnSync(COMPILER, ["--version"]).status === 0;
if (isThere && !hasCompiler) {
  process.stdout.write(`not checked: there is no ${COMPILER} on PATH\n`);
} else if (isThere) {
  const cargo = ["check", "--release", "--locked", "--workspace", "--target", TARGET];
  process.exitCode = spawnSync("cargo", cargo, { cwd: root, stdio: "inherit" }).status ?? 1;
} else {
  process.stdout.write(`not checked: there is no standard library of ${TARGET} (rustup target add ${TARGET})\n`);
}
