/** Hands plans to pandapower, the outside judge, in a virtual environment that is made on first use. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { JudgedCase } from "./grid-cases.ts";

const run = promisify(execFile);
const VERSION = "3.5.6";
const INSTALL_TIMEOUT_MS = 240_000;

export type Verdict = {
  readonly name: string;
  readonly plan: string;
  readonly costEur: number;
  /** Most that a branch carries beyond its limit, kW; iron losses of the transformer are drawn before it. */
  readonly flowExcessKw: number;
  readonly lineLoadingPercentMax: number;
  readonly transformerLoadingPercentMax: number;
  readonly voltagePuMin: number;
  readonly voltagePuMax: number;
  readonly voltageExcessPu: number;
};

/** `missing` is a one-line reason that a test which needs the judge must print. */
export async function findPandapower(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const environment = join(tmpdir(), `gridpact-pandapower-${VERSION}`);
  const python = join(environment, "bin", "python");
  try {
    if (!existsSync(environment)) await install(environment);
    await run(python, ["-c", "import pandapower"]);
    return { python };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { missing: `pandapower ${VERSION} is not available: ${reason}` };
  }
}

/** Beside the final place first: an environment is either whole or absent. */
async function install(environment: string): Promise<void> {
  const draft = mkdtempSync(`${environment}.`);
  try {
    await run("python3", ["-m", "venv", draft], { timeout: INSTALL_TIMEOUT_MS });
    const pip = ["-m", "pip", "install", "--quiet", `pandapower==${VERSION}`];
    await run(join(draft, "bin", "python"), pip, { timeout: INSTALL_TIMEOUT_MS });
    if (!existsSync(environment)) renameSync(draft, environment);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** @throws Error with what the judge wrote when it could not judge */
export async function judge(
  python: string,
  asked: { readonly gridDir: string; readonly cases: readonly JudgedCase[] },
): Promise<Verdict[]> {
  const judging = spawn(python, [join(import.meta.dirname, "judge.py")], { stdio: "pipe" });
  judging.stdin.end(JSON.stringify(asked));
  const [answer, complaint] = await Promise.all([text(judging.stdout), text(judging.stderr)]);
  if (answer === "") throw new Error(`the judge has no answer: ${complaint.slice(-2000)}`);
  return JSON.parse(answer) as Verdict[];
}
