import { type CheckResult, checkConformance } from "@gridpact/openadr";
import type { Command } from "commander";
import { withClearErrors } from "./clear-errors.ts";
import { withJson } from "./flags.ts";
import { createReporter } from "./reporter.ts";
import type { Surroundings } from "./surroundings.ts";
import { readTlsFlags, type TlsFlags, withTlsFlags } from "./tls-flags.ts";

interface ConformanceFlags extends TlsFlags {
  readonly url: string;
  readonly json: boolean;
}

const MARKS: Readonly<Record<CheckResult["outcome"], string>> = { passed: "✓", violated: "✗", failed: "?" };

export function addConformance(openadr: Command, surroundings: Surroundings): void {
  withJson(withTlsFlags(openadr.command("conformance")))
    .description("hold any VTN against the rules of its profile, from outside; exits with 1 when one is broken")
    .requiredOption("--url <url>", "the VTN, up to and including /OpenADR2/Simple/2.0b")
    .action((flags: ConformanceFlags) => withClearErrors(() => runConformance(flags, surroundings)));
}

async function runConformance(flags: ConformanceFlags, { write, setExitCode }: Surroundings): Promise<void> {
  const { url, sign, json } = flags;
  if (!URL.canParse(url)) throw new TypeError(`--url ${url} is no URL`);
  const tls = readTlsFlags(flags);
  const results = await checkConformance({ url, isSigning: sign, ...(tls === undefined ? {} : { tls }) });
  const report = createReporter(write, json);
  for (const result of results) report({ kind: "check", ...result }, lineOf(result));
  const counts = { passed: 0, violated: 0, failed: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  const { passed, violated, failed } = counts;
  report({ kind: "summary", ...counts }, `${passed} passed, ${violated} violated, ${failed} could not be asked`);
  if (passed < results.length) setExitCode(1);
}

function lineOf({ id, rule, outcome, detail }: CheckResult): string {
  return `${MARKS[outcome]} ${id}: ${rule}${detail === "" ? "" : `\n    ${detail}`}`;
}
