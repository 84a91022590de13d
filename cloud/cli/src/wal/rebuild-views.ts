import { scanLog } from "@gridpact/native";
import { CliError } from "../cli-error.ts";
import { LOG_DIRECTORY, type NodeDirectory } from "./node-directory.ts";

/** Directory of each view's checkpoints in the node's data directory. */
const VIEW_DIRECTORIES = { store: "store", windows: "window", evidence: "evidence" } as const;

export type ViewName = keyof typeof VIEW_DIRECTORIES;

export const VIEW_NAMES = Object.keys(VIEW_DIRECTORIES) as ViewName[];

/**
 * Removes the views' checkpoints, so that the node makes them anew from the log at its next start; what InfluxDB has is
 * written again and changes nothing. Resolves with the records that will be read.
 * @throws CliError when the log does not begin at its first record: what is gone could not be made anew.
 */
export async function rebuildViews({ disk }: NodeDirectory, views: readonly ViewName[]): Promise<bigint> {
  const { firstWalSeq, endWalSeq } = await scanLog({ disk, directory: LOG_DIRECTORY }, {});
  if (firstWalSeq !== 0n) {
    throw new CliError("INPUT", `the log begins at record ${firstWalSeq}: put the archived segments back first`);
  }
  for (const view of views) {
    const directory = VIEW_DIRECTORIES[view];
    // Cursors first: a checkpoint without one is not believed, while a cursor without its checkpoint would be.
    const names = (await disk.list(directory)).sort((left, right) => rank(left) - rank(right));
    for (const name of names) await disk.remove(`${directory}/${name}`);
  }
  return endWalSeq;
}

function rank(name: string): number {
  return name.includes("cursor") || name.includes("checkpoint") ? 0 : 1;
}
