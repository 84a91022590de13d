// Plans the dispatch cases of a data folder on the SimBench grid and has pandapower judge them, a line for each plan.
import { join } from "node:path";
import { plansOf, readGridCases } from "./grid-cases.ts";
import { findPandapower, judge } from "./judge.ts";

const [dataDir, gridCode = "1-LV-semiurb4--2-sw"] = process.argv.slice(2);
if (dataDir === undefined) throw new Error("usage: node main.ts DATA_DIR [GRID_CODE]");
const found = await findPandapower();
if ("missing" in found) process.stdout.write(`skipped: ${found.missing}\n`);
else {
  const gridDir = join(dataDir, "grid", gridCode);
  for (const each of readGridCases(dataDir, gridDir)) {
    const verdicts = await judge(found.python, { gridDir, cases: await plansOf(each) });
    for (const verdict of verdicts) process.stdout.write(`${JSON.stringify(verdict)}\n`);
  }
}
