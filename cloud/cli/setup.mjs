// Makes a fresh clone ready: packages, then the native module. Runs before `npm start` and `npm test`, in plain
// JavaScript because at this moment only the host's own Node (20.19 or newer) is there. Repeating it costs little.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MIN = [20, 19];

const TYPESCRIPT_NODE_MAJOR = 24;

const root = fileURLToPath(new URL("../..", import.meta.url));
const stampPath = join(root, "node_modules/.gridpact-setup");

function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  fail(`Node ${NODE_MIN.join(".")} or newer is needed, this is ${process.versions.node}`);
}

/** The installed packages are those of this lock file, for this platform. */
function fingerprint() {
  const lock = readFileSync(join(root, "package-lock.json"));
  return createHash("sha256").update(lock).update(process.platform).update(process.arch).digest("hex");
}

function installPackages() {
  const wanted = fingerprint();
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === wanted) return;
  process.stdout.write("setup: installing packages (once, about a minute)\n");
  // npm names its own entry point to the scripts it runs; outside npm the one on PATH serves.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms, which npm leaves out when
  // a registry does not carry them. This installs what is locked, fetches what is missing, and writes nothing back.
  const options = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const installed = spawnSync(command, [...first, ...options], {
    cwd: root,
    stdio: "inherit",
    shell: command === "npm" && process.platform === "win32",
  });
  if (installed.status !== 0) fail("npm install failed; its message is above");
  writeFileSync(stampPath, wanted);
}

function buildNative() {
  const built = spawnSync(process.execPath, [join(root, "native/build.mjs")], { cwd: root, stdio: "inherit" });
  if (built.status !== 0) fail("the native module did not build; its message is above");
}

/** A second of work; by the Node.js that was just installed where the host's own runs no TypeScript. */
function buildWebApp() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  const node = major >= TYPESCRIPT_NODE_MAJOR ? process.execPath : join(root, "node_modules/.bin/node");
  const built = spawnSync(node, [join(root, "cloud/dapp/build.ts")], { cwd: root, stdio: "inherit" });
  if (built.status !== 0) fail("the web app did not build; its message is above");
}

checkNodeVersion();
installPackages();
buildNative();
buildWebApp();
