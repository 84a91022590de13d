import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Outside peers from PyPI, each in a virtual environment in the temporary directory, made on first use and kept for the
 * next run.
 */

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 180_000;

export interface PeerPackage {
  readonly name: string;
  readonly version: string;
  /** The oldest Python 3 it runs on. */
  readonly minorVersion: number;
  /** What is imported, where it differs from the package's name. */
  readonly module: string;
}

export const OPENLEADR: PeerPackage = { name: "openleadr", version: "0.5.36", minorVersion: 7, module: "openleadr" };
export const OPENADR3_CLIENT: PeerPackage = {
  name: "openadr3-client",
  version: "2.4.2",
  minorVersion: 12,
  module: "openadr3_client",
};

export const PYTHON_OA3_CLIENT: PeerPackage = {
  name: "python-oa3-client",
  version: "0.5.0",
  minorVersion: 10,
  module: "openadr3_client",
};
export const PYOADR_VEN: PeerPackage = { name: "pyoadr-ven", version: "0.6.0", minorVersion: 7, module: "pyoadr_ven" };

export type Peer = { readonly python: string; readonly folder: string } | { readonly missing: string };

/** Finds or installs a peer. `missing` is a one-line reason that the test which needs it must print. */
export async function findPeer(peer: PeerPackage): Promise<Peer> {
  const environment = join(tmpdir(), `openadr-peer-${peer.name}-${peer.version}`);
  const python = join(environment, "bin", "python");
  try {
    if (!existsSync(join(environment, "ready"))) await install(peer, environment, python);
    const program = `import os, ${peer.module}; print(os.path.dirname(${peer.module}.__file__))`;
    const { stdout } = await run(python, ["-c", program]);
    return { python, folder: stdout.trim() };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0];
    return { missing: `${peer.name} ${peer.version} is not available: ${reason}` };
  }
}

async function install(
  { name, version, minorVersion }: PeerPackage,
  environment: string,
  python: string,
): Promise<void> {
  const base = await findPython(minorVersion);
  const claim = `${environment}.installing`;
  // Test files run at the same time; the one that makes this folder installs, the others say why they are skipped.
  mkdirSync(claim);
  try {
    await run(base, ["-m", "venv", environment], { timeout: INSTALL_TIMEOUT_MS });
    await run(python, ["-m", "pip", "install", "--quiet", `${name}==${version}`], { timeout: INSTALL_TIMEOUT_MS });
    writeFileSync(join(environment, "ready"), version);
  } finally {
    rmSync(claim, { recursive: true });
  }
}

/** The first interpreter that is new enough, by its usual names and where pyenv keeps them. */
async function findPython(minorVersion: number): Promise<string> {
  const pyenv = join(homedir(), ".pyenv", "versions");
  const kept = existsSync(pyenv) ? readdirSync(pyenv).map((version) => join(pyenv, version, "bin", "python")) : [];
  const check = `import sys; sys.exit(sys.version_info < (3, ${minorVersion}))`;
  for (const candidate of ["python3", "python3.14", "python3.13", "python3.12", ...kept]) {
    const isFit = await run(candidate, ["-c", check]).then(
      () => true,
      () => false,
    );
    if (isFit) return candidate;
  }
  throw new Error(`no Python 3.${minorVersion} or newer`);
}
