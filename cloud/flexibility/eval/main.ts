// Scores this package on a folder of public data, beside reference results where the folder holds them.
import { writeFileSync } from "node:fs";
import { evaluateBalance } from "./balance.ts";
import { evaluateBaselines } from "./baseline.ts";
import { evaluateClusters } from "./clusters.ts";
import { evaluateDispatch } from "./dispatch.ts";
import { evalUsage, parseEvalArguments } from "./eval-arguments.ts";
import { type EvalReport, reportTable } from "./eval-report.ts";
import { evaluateForecasts } from "./forecast.ts";
import { evaluateMatching } from "./matching.ts";
import { evaluateTraining } from "./training.ts";

/** A subject reads the folder and returns its report. */
type Subject = (dataDir: string, seriesCount?: number) => EvalReport | Promise<EvalReport>;

/** One entry, one file. */
const SUBJECTS: Record<string, Subject> = {
  balance: evaluateBalance,
  baseline: evaluateBaselines,
  clusters: evaluateClusters,
  dispatch: evaluateDispatch,
  forecast: evaluateForecasts,
  matching: evaluateMatching,
  training: evaluateTraining,
};

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(`${evalUsage(Object.keys(SUBJECTS))}\n`);
    return;
  }
  const asked = parseEvalArguments(args, Object.keys(SUBJECTS));
  if (typeof asked === "string") {
    process.stderr.write(`${asked}\n`);
    process.exitCode = 2;
    return;
  }
  const report = await SUBJECTS[asked.subject]?.(asked.dataDir, asked.seriesCount);
  if (report === undefined) return;
  process.stdout.write(reportTable(report));
  if (asked.jsonPath !== null) writeFileSync(asked.jsonPath, `${JSON.stringify(report, null, 1)}\n`);
}

await main();
