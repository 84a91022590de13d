import { parseArgs } from "node:util";

/** What the command line of the evaluation asks for. */
export type EvalArguments = {
  readonly subject: string;
  /** A folder laid out like the public data sets: `homes/`, `grid/`, `dispatch/`, ..., `references.json`. */
  readonly dataDir: string;
  /** Where the report goes as JSON; nowhere when left out. */
  readonly jsonPath: string | null;
};

/** Reads the arguments; a string is what is wrong with them. */
export function parseEvalArguments(args: readonly string[], subjects: readonly string[]): EvalArguments | string {
  const usage = `usage: npm run eval -- ${subjects.join("|")} --data DIR [--json OUT]`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { data: { type: "string" }, json: { type: "string" } },
      allowPositionals: true,
    });
    const [subject = "", ...rest] = positionals;
    if (!subjects.includes(subject) || rest.length > 0 || values.data === undefined) return usage;
    return { subject, dataDir: values.data, jsonPath: values.json ?? null };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${usage}`;
  }
}
