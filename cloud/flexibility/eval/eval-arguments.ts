import { parseArgs } from "node:util";

/** What the command line of the evaluation asks for. */
export type EvalArguments = {
  readonly subject: string;
  /** A folder laid out like the public data sets: `homes/`, `grid/`, `dispatch/`, ..., `references.json`. */
  readonly dataDir: string;
  /** Where the report goes as JSON; nowhere when left out. */
  readonly jsonPath: string | null;
  /** How many series `training` learns; its own number when left out. */
  readonly seriesCount: number | undefined;
};

/** More than any node has; a typing mistake should not run for days. */
const SERIES_MAX = 1_000_000;

/** @param subjects - As `main.ts` has them, so the text cannot name others */
export function evalUsage(subjects: readonly string[]): string {
  return `usage: npm run eval -- SUBJECT --data DIR [options]

Scores this package on a folder of public data, beside reference results where the folder holds them.

  SUBJECT          ${subjects.join(", ")}
  --data DIR       holds homes/, grid/, dispatch/ and such, and references.json
  --series COUNT   how many series training learns
  --json FILE      writes the report as JSON
  --help           this text`;
}

/** Reads the arguments; a string is what is wrong with them. */
export function parseEvalArguments(args: readonly string[], subjects: readonly string[]): EvalArguments | string {
  const usage = evalUsage(subjects);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { data: { type: "string" }, json: { type: "string" }, series: { type: "string" } },
      allowPositionals: true,
    });
    const [subject = "", ...rest] = positionals;
    if (!subjects.includes(subject) || rest.length > 0 || values.data === undefined) return usage;
    const seriesCount = values.series === undefined ? undefined : Number(values.series);
    if (seriesCount !== undefined && !isSeriesCount(subject, seriesCount)) {
      return `--series is for training, and from 1 to ${SERIES_MAX}\n${usage}`;
    }
    return { subject, dataDir: values.data, jsonPath: values.json ?? null, seriesCount };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${usage}`;
  }
}

function isSeriesCount(subject: string, count: number): boolean {
  return subject === "training" && Number.isSafeInteger(count) && count >= 1 && count <= SERIES_MAX;
}
