import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isDeviceId } from "@gridpact/proto";
import { CliError } from "../cli-error.ts";

/** Marks a directory as ours, so that `--fresh` can never delete anything else. */
const MARKER = "gridpact-data";

/** Bumped when a newer program could not go on from an older one's state. */
const LAYOUT_VERSION = "2";

const OWNER_ONLY_DIRECTORY = 0o700;
const OWNER_ONLY = 0o600;

/** One directory that holds all state of a run: keys, ledger, logs, readings, receipts. */
export type DataDirectory = {
  root: string;
  /** Absolute path of something inside. */
  at(...parts: string[]): string;
};

/**
 * Opens or makes a data directory.
 * @throws CliError when it is a directory of something else, or of another layout version.
 */
export function openDataDirectory(path: string, options: { isFresh: boolean }): DataDirectory {
  const root = resolve(path);
  const marker = join(root, MARKER);
  if (existsSync(root) && !existsSync(marker)) {
    throw new CliError("DATA_DIRECTORY_FOREIGN", `${root} exists and is no Gridpact data directory; name another one`);
  }
  if (options.isFresh) rmSync(root, { recursive: true, force: true });
  if (existsSync(marker) && readFileSync(marker, "utf8").trim() !== LAYOUT_VERSION) {
    throw new CliError("DATA_DIRECTORY_VERSION", `${root} was made by another version; start anew with --fresh`);
  }
  mkdirSync(root, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  writeFileSync(marker, `${LAYOUT_VERSION}\n`, { mode: OWNER_ONLY });
  return { root, at: (...parts) => join(root, ...parts) };
}

/**
 * The data directory of an earlier run.
 * @throws CliError when there is none.
 */
export function existingDataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  if (!existsSync(join(root, MARKER))) {
    throw new CliError("DATA_DIRECTORY_MISSING", `${root} is no Gridpact data directory; run \`npm start\` first`);
  }
  return { root, at: (...parts) => join(root, ...parts) };
}

/** The data directory that the first of some paths lies in, if there is a path and it lies in one. */
export function dataDirectoryOf([path]: readonly string[]): string | undefined {
  if (path === undefined) return undefined;
  let directory = resolve(path);
  while (!existsSync(join(directory, MARKER))) {
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
  return directory;
}

/** Where a device's FEID keeps what is its own. @throws CliError INPUT when it is no device id */
export function deviceFolder(deviceId: string, data: DataDirectory): string {
  if (!isDeviceId(deviceId)) throw new CliError("INPUT", `${deviceId} is no device id: 1 to 64 of a-z 0-9 -`);
  return data.at("feids", deviceId);
}
