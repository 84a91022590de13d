import { readFileSync } from "node:fs";
import { certificateFingerprint, enrolFingerprint } from "@gridpact/openadr";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { withClearErrors } from "./clear-errors.ts";
import { withAdmin, withJson } from "./flags.ts";
import { createReporter } from "./reporter.ts";
import { adminUrlOf } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";

/** `openadr fingerprint`: what the other party has to be told by telephone. */
export function addFingerprint(openadr: Command, { write }: Surroundings): void {
  withJson(openadr.command("fingerprint"))
    .description("print a certificate's fingerprint: the last ten bytes of the SHA-256 of its DER form")
    .argument("<certificate>", "a PEM file")
    .action((path: string, { json }: { json: boolean }) =>
      withClearErrors(() => {
        const fingerprint = fingerprintOf(path);
        createReporter(write, json)({ kind: "fingerprint", fingerprint }, fingerprint);
      }),
    );
}

interface EnrolFlags {
  readonly fingerprint: string;
  readonly ven?: string;
  readonly admin?: string;
  readonly data: string;
  readonly json: boolean;
}

/** `openadr enrol`: believes a certificate from then on, also over restarts of the VTN. */
export function addEnrol(openadr: Command, { write }: Surroundings): void {
  withJson(withAdmin(openadr.command("enrol")))
    .description("let the VEN with this certificate register; tell the fingerprint by other means than OpenADR")
    .requiredOption("--fingerprint <fingerprint>", "as `gridpact openadr fingerprint` prints it")
    .option("--ven <id>", "the venID it is to get; the VTN chooses one by default")
    .action((flags: EnrolFlags) =>
      withClearErrors(async () => {
        const enrolled = await enrolFingerprint(adminUrlOf(flags), flags.fingerprint, flags.ven);
        const whom = enrolled.venId === undefined ? "" : ` as ${enrolled.venId}`;
        createReporter(write, flags.json)({ kind: "enrolled", ...enrolled }, `${enrolled.fingerprint} enrolled${whom}`);
      }),
    );
}

function fingerprintOf(path: string): string {
  const pem = readFileSync(path, "utf8");
  try {
    return certificateFingerprint(pem);
  } catch (error) {
    throw new CliError("INPUT", `${path} holds no certificate in PEM form`, error);
  }
}
