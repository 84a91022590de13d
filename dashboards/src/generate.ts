import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { virtualNodeDashboard } from "./virtual-node.ts";

/** Writes the provisioned dashboards; with `--check` says whether the files on disk are those of the code. */
const target = fileURLToPath(new URL("../provisioning/dashboards/virtual-node.json", import.meta.url));
const text = `${JSON.stringify(virtualNodeDashboard(), null, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write("dashboards/provisioning is stale: run npm run dashboards:generate\n");
  process.exitCode = 1;
}
