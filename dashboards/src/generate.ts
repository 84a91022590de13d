import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DASHBOARDS } from "./dashboards.ts";

/** Writes the provisioned dashboards; with `--check` says whether the files on disk are those of the code. */
const isCheck = process.argv.includes("--check");

for (const [name, build] of Object.entries(DASHBOARDS)) {
  const target = fileURLToPath(new URL(`../provisioning/dashboards/${name}.json`, import.meta.url));
  const text = `${JSON.stringify(build(), null, 2)}\n`;
  if (!isCheck) {
    writeFileSync(target, text);
  } else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    process.stderr.write(`${target} is stale: run npm run dashboards:generate\n`);
    process.exitCode = 1;
  }
}
