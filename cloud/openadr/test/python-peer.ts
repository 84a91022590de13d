import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
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

export interface PeerShelf {
  /** Where environments are kept for the next run. */
  readonly folder: string;
  /** Makes a virtual environment that has the peer. */
  readonly install: (peer: PeerPackage, environment: string) => Promise<void>;
}

const SHELF: PeerShelf = { folder: join(tmpdir(), "openadr-peers"), install };

/** Finds or installs a peer. `missing` is a one-line reason that the test which needs it must print. */
export async function findPeer(peer: PeerPackage, shelf: PeerShelf = SHELF): Promise<Peer> {
  const environment = join(shelf.folder, `${peer.name}-${peer.version}`);
  const python = join(environment, "bin", "python");
  try {
    if (!existsSync(environment)) await place(peer, environment, shelf);
    const program = `import os, ${peer.module}; print(os.path.dirname(${peer.module}.__file__))`;
    const { stdout } = await run(python, ["-c", program]);
    return { python, folder: stdout.trim() };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0];
    return { missing: `${peer.name} ${peer.version} is not available: ${reason}` };
  }
}

/**
 * Installs beside the final place and moves there at once, so that an environment is either whole or absent: a run that
 * was killed leaves nothing that a later one would take for an installation, its own or somebody else's.
 */
async function place(peer: PeerPackage, environment: string, { folder, install }: PeerShelf): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(`${environment}.`);
  try {
    await install(peer, draft);
    // Another run may have been faster; its environment is as good.
    if (!existsSync(environment)) renameSync(draft, environment);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Only `bin/python` is used, which finds its packages wherever the environment is moved to. */
async function install({ name, version, minorVersion }: PeerPackage, environment: string): Promise<void> {
  const base = await findPython(minorVersion);
  const python = join(environment, "bin", "python");
  await run(base, ["-m", "venv", environment], { timeout: INSTALL_TIMEOUT_MS });
  await run(python, ["-m", "pip", "install", "--quiet", `${name}==${version}`], { timeout: INSTALL_TIMEOUT_MS });
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
