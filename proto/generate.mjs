// Regenerates proto/src/gen from the .proto sources; `--check` fails when the checked-in code is stale.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const isCheck = process.argv.includes("--check");
const target = join(root, "src/gen");
const out = isCheck ? mkdtempSync(join(tmpdir(), "gridpact-proto-")) : target;
mkdirSync(out, { recursive: true });

const pbjs = createRequire(import.meta.url).resolve("protobufjs-cli/bin/pbjs");
const sources = ["reading", "control"].map((area) => join(root, `gridpact/${area}/v1/${area}.proto`));
const options = ["-t", "static-module", "-w", "esm", "--no-verify", "--no-delimited", "--no-typeurl", "--no-service"];
execFileSync(process.execPath, [pbjs, ...options, "-d", "-p", root, "-o", join(out, "messages.js"), ...sources], {
  stdio: "inherit",
});

if (isCheck) {
  const stale = ["messages.js", "messages.d.ts"].filter(
    (file) => readFileSync(join(out, file), "utf8") !== readFileSync(join(target, file), "utf8"),
  );
  if (stale.length > 0) {
    process.stderr.write(`proto/src/gen is stale (${stale.join(", ")}): run npm run proto:generate\n`);
    process.exit(1);
  }
}
