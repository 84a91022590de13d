import { renameSync, writeFileSync } from "node:fs";

const OWNER_ONLY = 0o600;

/** Replaces a small file in one step: a reader, or a process that was killed meanwhile, never leaves half of one. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: OWNER_ONLY });
  renameSync(`${path}.new`, path);
}
