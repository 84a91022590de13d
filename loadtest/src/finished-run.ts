/** What every load test that is a program of its own does around its run: a directory, words on the way, a report. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Of a program whose arguments make no sense, or that cannot run here. */
const EXIT_UNUSABLE = 2;

/** What every run is given. */
export type RunSurroundings = {
  /** Of this run alone; it goes with the end of a run that did not fail, and stays with the host's output otherwise. */
  directory: string;
  progress: (line: string) => void;
};

/** Runs in a directory of its own. */
export async function inOwnDirectory<T>(name: string, run: (around: RunSurroundings) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), `gridpact-${name}-`));
  const result = await run({ directory, progress: (line) => process.stderr.write(`${line}\n`) });
  rmSync(directory, { recursive: true });
  return result;
}

/** Prints the report, writes it where `--json` says, and sets the exit code: 1 when a bar was not kept. */
export function finishRun(report: object, { json, isKept }: { json: string | undefined; isKept: boolean }): void {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(text);
  if (json !== undefined) writeFileSync(json, text);
  process.exitCode = isKept ? 0 : 1;
}

/** Says why nothing can be tested here. */
export function cannotRun(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = EXIT_UNUSABLE;
}
