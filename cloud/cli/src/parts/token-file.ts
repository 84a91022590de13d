import { existsSync, readFileSync } from "node:fs";
import type { DataDirectory } from "../process/data-directory.ts";
import { replaceFile } from "../process/replace-file.ts";

/** Enrolment tokens by device id, for the FEID host of the same machine; readable by the owner only. */
export type TokenFile = Record<string, string>;

/** Issues tokens for devices that have none yet; a token that was used stays in the file and is never used again. */
export async function writeTokens<G extends { deviceId: string }>(
  data: DataDirectory,
  vnId: string,
  grants: readonly G[],
  issue: (grant: G) => Promise<string>,
): Promise<void> {
  const tokens = readTokens(data, vnId);
  for (const grant of grants) tokens[grant.deviceId] ??= await issue(grant);
  replaceFile(pathOf(data, vnId), JSON.stringify(tokens, null, 2));
}

/** Empty where the virtual node has not started yet. */
export function readTokens(data: DataDirectory, vnId: string): TokenFile {
  const path = pathOf(data, vnId);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as TokenFile) : {};
}

function pathOf(data: DataDirectory, vnId: string): string {
  return data.at(`vn-${vnId}`, "enrolment-tokens.json");
}
