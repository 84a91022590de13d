import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WORKSPACE = fileURLToPath(new URL("../..", import.meta.url));

/** The generator cannot be built; the message says why. */
export class GeneratorMissingError extends Error {
  readonly code = "GENERATOR_MISSING";

  constructor(reason: string) {
    super(`the load generator cannot be built: ${reason}`);
    this.name = "GeneratorMissingError";
  }
}

let program: string | undefined;

/**
 * Path of the load generator, built from loadtest/generator when that is newer. It needs Go and no package at all, so
 * it builds in seconds and offline.
 * @throws GeneratorMissingError
 */
export function generatorProgram(): string {
  program ??= build(join(WORKSPACE, "gridpact-generator"));
  return program;
}

/** Whether there is a Go to build the generator with. */
export function isGoThere(): boolean {
  return spawnSync("go", ["version"]).status === 0;
}

function build(path: string): string {
  if (!isGoThere()) throw new GeneratorMissingError("there is no go on PATH; Go 1.25 or newer is needed");
  const options = ["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, "."];
  const built = spawnSync("go", options, { cwd: join(WORKSPACE, "generator"), encoding: "utf8" });
  if (built.status !== 0) throw new GeneratorMissingError(built.stderr || String(built.error));
  return path;
}
