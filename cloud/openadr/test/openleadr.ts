import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * The outside peer: openleadr from PyPI, in a virtual environment in the temporary directory, made on first use and
 * kept for the next run. It also carries the schema files of the profile, which have no licence that would let them be
 * part of this repository.
 */

const run = promisify(execFile);
const VERSION = "0.5.36";
const INSTALL_TIMEOUT_MS = 180_000;
const environment = join(tmpdir(), `openadr-peer-openleadr-${VERSION}`);
const python = join(environment, "bin", "python");
const ready = join(environment, "ready");
const claim = `${environment}.installing`;

export type Peer = { readonly python: string; readonly schemaFolder: string } | { readonly missing: string };

/** Finds or installs the peer. `missing` is a one-line reason that the test which needs it must print. */
export async function findOpenleadr(): Promise<Peer> {
  try {
    if (!existsSync(ready)) await install();
    const { stdout } = await run(python, ["-c", "import os, openleadr; print(os.path.dirname(openleadr.__file__))"]);
    return { python, schemaFolder: join(stdout.trim(), "schema") };
  } catch (error) {
    return { missing: `openleadr ${VERSION} is not available: ${firstLine(error)}` };
  }
}

async function install(): Promise<void> {
  // Test files run at the same time; the one that makes this folder installs, the others say why they are skipped.
  mkdirSync(claim);
  try {
    await run("python3", ["-m", "venv", environment], { timeout: INSTALL_TIMEOUT_MS });
    const pip = ["-m", "pip", "install", "--quiet", `openleadr==${VERSION}`];
    await run(python, pip, { timeout: INSTALL_TIMEOUT_MS });
    writeFileSync(ready, VERSION);
  } finally {
    rmSync(claim, { recursive: true });
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
