import type { Disk } from "@gridpact/host";
import { scanLog } from "@gridpact/native";
import { CliError } from "../cli-error.ts";
import { LOG_DIRECTORY, type NodeDirectory, SEGMENT_NAME } from "./node-directory.ts";

/** Directory of each view's checkpoints in the node's data directory. */
const VIEW_DIRECTORIES = { store: "store", windows: "window", evidence: "evidence" } as const;

/** One of `VIEW_NAMES`. */
export type ViewName = keyof typeof VIEW_DIRECTORIES;

/** As the command takes them; anchors are none of them, as what is committed cannot be made anew. */
export const VIEW_NAMES = Object.keys(VIEW_DIRECTORIES) as ViewName[];

/**
 * Removes the views' checkpoints, so that the node, which MUST NOT run, makes them anew from the log at its next start;
 * what InfluxDB has is written again and changes nothing. Segments that were retired are brought back from an archive
 * first. Resolves with the records that will be read.
 * @throws CliError when the log does not begin at its first record: what is gone could not be made anew.
 */
export async function rebuildViews(
  { disk }: NodeDirectory,
  views: readonly ViewName[],
  archive?: Disk,
): Promise<bigint> {
  if (archive !== undefined) await bringBack(archive, disk);
  const { firstWalSeq, endWalSeq } = await scanLog({ disk, directory: LOG_DIRECTORY }, {});
  if (firstWalSeq !== 0n) {
    throw new CliError("INPUT", `the log begins at record ${firstWalSeq}: name the --archive that has what is before`);
  }
  // Last, as the engine would remove whatever a checkpoint of its own stands for.
  for (const name of await disk.list(LOG_DIRECTORY)) {
    if (name.endsWith(".state")) await disk.remove(`${LOG_DIRECTORY}/${name}`);
  }
  for (const view of views) {
    const directory = VIEW_DIRECTORIES[view];
    // Cursors first: a checkpoint without one is not believed, while a cursor without its checkpoint would be.
    const names = (await disk.list(directory)).sort((left, right) => rank(left) - rank(right));
    for (const name of names) await disk.remove(`${directory}/${name}`);
  }
  return endWalSeq;
}

/** Newest first, so that an attempt that ends early leaves a log that begins later and has no hole. */
async function bringBack(archive: Disk, disk: Disk): Promise<void> {
  const [first = ""] = await logsOf(disk, LOG_DIRECTORY);
  const retired = (await logsOf(archive, ".")).filter((name) => name < first);
  for (const name of retired.reverse()) {
    await disk.replace(`${LOG_DIRECTORY}/${name}`, (await archive.read(name)) ?? new Uint8Array());
  }
}

async function logsOf(disk: Disk, directory: string): Promise<string[]> {
  return (await disk.list(directory)).filter((name) => SEGMENT_NAME.test(name));
}

function rank(name: string): number {
  return name.includes("cursor") || name.includes("checkpoint") ? 0 : 1;
}
