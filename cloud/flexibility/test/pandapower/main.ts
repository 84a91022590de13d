/** Has pandapower judge the plans of a data folder's dispatch cases; see `--help`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { plansOf, readGridCases } from "./grid-cases.ts";
import { findPandapower, judge } from "./judge.ts";

const GRID_DEFAULT = "1-LV-semiurb4--2-sw";

const USAGE = `usage: node cloud/flexibility/test/pandapower/main.ts DIR [--grid CODE]

Plans the dispatch cases of a data folder on a SimBench grid and has pandapower judge them in an AC flow: a line of JSON
for each plan, with what it costs and how far it is beyond limits of lines, transformer and voltage. pandapower is
installed into a virtual environment in the temporary directory at the first use; without it the judging is skipped.

  DIR          the data folder; the grid's tables are in DIR/grid/CODE
  --grid CODE  which grid (${GRID_DEFAULT})
  --help       this text
`;

const EXIT_USAGE = 2;

const { dataDir, gridDir } = readArguments();
const found = await findPandapower();
if ("missing" in found) process.stdout.write(`skipped: ${found.missing}\n`);
else {
  for (const each of readGridCases(dataDir, gridDir)) {
    const verdicts = await judge(found.python, { gridDir, cases: await plansOf(each) });
    for (const verdict of verdicts) process.stdout.write(`${JSON.stringify(verdict)}\n`);
  }
}

/** Ends the process with the usage where it is asked for, or where there is nothing to judge. */
function readArguments(): { dataDir: string; gridDir: string } {
  const { values, positionals } = parsed();
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit();
  }
  const [dataDir, surplus] = positionals;
  if (dataDir === undefined || surplus !== undefined) return refuse("one data folder is needed");
  const gridDir = join(dataDir, "grid", values.grid);
  return existsSync(gridDir) ? { dataDir, gridDir } : refuse(`${gridDir} does not exist`);
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { grid: { type: "string", default: GRID_DEFAULT }, help: { type: "boolean", default: false } },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(fault: string): never {
  process.stderr.write(`${fault}\n\n${USAGE}`);
  process.exit(EXIT_USAGE);
}
