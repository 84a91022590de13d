import { type CheckResult, checkConformance, checkConformance3 } from "@gridpact/openadr";
import { type Command, Option } from "commander";
import { withClearErrors } from "./clear-errors.ts";
import { readSecret } from "./clients-file.ts";
import { withData, withJson } from "./flags.ts";
import { createReporter } from "./reporter.ts";
import type { Surroundings } from "./surroundings.ts";
import { readTlsFlags, type TlsFlags, withTlsFlags } from "./tls-flags.ts";

interface ConformanceFlags extends TlsFlags {
  readonly url: string;
  readonly profile: "2.0b" | "3.1";
  readonly blClientId: string;
  readonly blSecretFile?: string;
  readonly venClientId: string;
  readonly venSecretFile?: string;
  readonly data: string;
  readonly json: boolean;
}

const MARKS: Readonly<Record<CheckResult["outcome"], string>> = { passed: "✓", violated: "✗", failed: "?" };

/**
 * `openadr conformance`: a line for each rule, and the counts. A VTN that does not answer is an exit code of 1 too.
 */
export function addConformance(openadr: Command, surroundings: Surroundings): void {
  withJson(withData(withTlsFlags(openadr.command("conformance"))))
    .description("hold any VTN against the rules of its profile, from outside; exits with 1 when one is broken")
    .requiredOption(
      "--url <url>",
      "the VTN, up to and including /OpenADR2/Simple/2.0b (3.1: what stands before /events)",
    )
    .addOption(new Option("--profile <profile>", "which OpenADR it speaks").choices(["2.0b", "3.1"]).default("2.0b"))
    .option("--bl-client-id <id>", "3.1: a client that is business logic", "bl")
    .option("--bl-secret-file <file>", "3.1: its secret; by default what a VTN of the same data directory made")
    .option("--ven-client-id <id>", "3.1: a client that is a VEN", "ven")
    .option("--ven-secret-file <file>", "3.1: its secret; by default what a VTN of the same data directory made")
    .action((flags: ConformanceFlags) => withClearErrors(() => runConformance(flags, surroundings)));
}

async function runConformance(flags: ConformanceFlags, { write, setExitCode }: Surroundings): Promise<void> {
  if (!URL.canParse(flags.url)) throw new TypeError(`--url ${flags.url} is no URL`);
  const results = await (flags.profile === "3.1" ? check3(flags) : check20b(flags));
  const report = createReporter(write, flags.json);
  for (const result of results) report({ kind: "check", ...result }, lineOf(result));
  const counts = { passed: 0, violated: 0, failed: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  const { passed, violated, failed } = counts;
  report({ kind: "summary", ...counts }, `${passed} passed, ${violated} violated, ${failed} could not be asked`);
  if (passed < results.length) setExitCode(1);
}

function check20b(flags: ConformanceFlags): Promise<readonly CheckResult[]> {
  const tls = readTlsFlags(flags);
  return checkConformance({ url: flags.url, isSigning: flags.sign, ...(tls === undefined ? {} : { tls }) });
}

function check3({ url, tlsCa, data, ...clients }: ConformanceFlags): Promise<readonly CheckResult[]> {
  const { blClientId, blSecretFile, venClientId, venSecretFile } = clients;
  const bl = { clientId: blClientId, clientSecret: readSecret(blClientId, blSecretFile, data) };
  const ven = { clientId: venClientId, clientSecret: readSecret(venClientId, venSecretFile, data) };
  return checkConformance3({ url, bl, ven, ...(tlsCa === undefined ? {} : { caPath: tlsCa }) });
}

function lineOf({ id, rule, outcome, detail }: CheckResult): string {
  return `${MARKS[outcome]} ${id}: ${rule}${detail === "" ? "" : `\n    ${detail}`}`;
}
