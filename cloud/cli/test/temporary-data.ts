import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DataDirectory, openDataDirectory } from "../src/process/data-directory.ts";

/** The test runner's hooks, given by the test file. */
type Hooks = { beforeEach: (act: () => void) => void; afterEach: (act: () => void) => void };

/** A folder for each test of a file, removed after it. */
export function temporaryFolder({ beforeEach, afterEach }: Hooks): () => string {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gridpact-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => folder;
}

/** A data directory for each test of a file, removed after it. */
export function temporaryData(hooks: Hooks): () => DataDirectory {
  const folder = temporaryFolder(hooks);
  let data: DataDirectory;
  hooks.beforeEach(() => {
    data = openDataDirectory(join(folder(), "data"), { isFresh: false });
  });
  return () => data;
}

/** Who may read, write and enter a file or folder. */
export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
