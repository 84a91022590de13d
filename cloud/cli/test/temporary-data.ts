import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type DataDirectory, openDataDirectory } from "../src/process/data-directory.ts";

/** A folder for each test of a file, removed after it. */
export function temporaryFolder(): () => string {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gridpact-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => folder;
}

/** A data directory for each test of a file, removed after it. */
export function temporaryData(): () => DataDirectory {
  const folder = temporaryFolder();
  let data: DataDirectory;
  beforeEach(() => {
    data = openDataDirectory(join(folder(), "data"), { isFresh: false });
  });
  return () => data;
}

/** Who may read, write and enter a file or folder. */
export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
