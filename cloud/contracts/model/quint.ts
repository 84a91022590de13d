/** Runs the Quint form of the model in Quint's own simulator, which needs neither a network nor Java. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const MODEL = join(import.meta.dirname, "settlement.qnt");
const ROOT = join(import.meta.dirname, "..", "..", "..");
const QUINT = join(ROOT, "node_modules", "@informalsystems", "quint", "dist", "src", "cli.js");

/** A development dependency: whoever installs without them has none. */
export const HAS_QUINT = existsSync(QUINT);

/** Names of `val`s in `settlement.qnt`; a name that is not there fails the run. */
export const QUINT_INVARIANTS = [
  "atMostOncePay",
  "moneyConserved",
  "noHindsight",
  "noEarlyGap",
  "everyDisputeEnds",
  "everythingIsPaidOut",
] as const;

/** What Quint says of a state; integers as numbers, all of them are below 2^31. */
export type QuintState = Readonly<Record<string, string | number | boolean>>;

/** What was done, and what it led to. */
export type QuintStep = { readonly action: string; readonly state: QuintState };

/** What a run of samples came to. */
export type QuintRun = {
  /** Whether every invariant held in every state of every sample. */
  readonly isSound: boolean;
  /** The longest traces, without their initial state. */
  readonly traces: readonly (readonly QuintStep[])[];
};

/** Random samples of the model, or of a changed text of it; the same seed gives the same ones. */
export async function runQuint(
  options: { samples: number; traces: number; seed: string },
  model = MODEL,
): Promise<QuintRun> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-quint-"));
  const { samples, traces, seed } = options;
  const limits = ["--max-samples", `${samples}`, "--max-steps", "40", "--n-traces", `${traces}`, "--seed", seed];
  const out = ["--out-itf", join(directory, "trace_{seq}.itf.json"), "--verbosity", "1"];
  const invariants = ["--invariants", ...QUINT_INVARIANTS];
  const args = [QUINT, "run", model, "--backend", "typescript", ...limits, ...out, ...invariants];
  try {
    // A violation is an exit code like any other failure: what was meant is in the text.
    const isSound = await promisify(execFile)(process.execPath, args).then(
      () => true,
      (error: { stdout?: string; message: string }) => {
        if (error.stdout?.includes("[violation]")) return false;
        throw new Error(error.stdout === undefined || error.stdout === "" ? error.message : error.stdout);
      },
    );
    return { isSound, traces: readdirSync(directory).map((name) => readTrace(join(directory, name))) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Informal Trace Format [Apalache ADR 15]: a list of states, with integers as `{"#bigint": "..."}`. */
type Itf = { states: { s: Record<string, string | boolean | { "#bigint": string }>; taken: string }[] };

function readTrace(path: string): QuintStep[] {
  const { states } = JSON.parse(readFileSync(path, "utf8")) as Itf;
  return states.slice(1).map(({ s, taken }) => ({
    action: taken,
    state: Object.fromEntries(
      Object.entries(s).map(([field, value]) => [field, typeof value === "object" ? Number(value["#bigint"]) : value]),
    ),
  }));
}
