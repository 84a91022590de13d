import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Disk, nodeDisk } from "@gridpact/host";
import { CliError } from "../cli-error.ts";

/** Where a virtual node keeps its log, in its data directory. */
export const LOG_DIRECTORY = "wal";

/** Name of a file of the log. */
export const SEGMENT_NAME = /^\d{20}\.log$/;

/** What the commands of the log work on. */
export type NodeDirectory = { path: string; disk: Disk };

/**
 * A virtual node's data directory, such as `.gridpact/vn-north`.
 * @throws CliError when there is no log in it.
 */
export function nodeDirectory(path: string): NodeDirectory {
  const root = resolve(path);
  const log = join(root, LOG_DIRECTORY);
  if (!existsSync(log) || !statSync(log).isDirectory()) {
    throw new CliError("INPUT", `${root} is no data directory of a virtual node: it has no ${LOG_DIRECTORY}/`);
  }
  return { path: root, disk: nodeDisk(root) };
}

/**
 * The log in a virtual node's data directory, or an archive, which has segments and nothing else of a node.
 * @throws CliError when there is neither.
 */
export function logDirectory(path: string): { disk: Disk; directory: string } {
  const root = resolve(path);
  const isArchive = existsSync(root) && readdirSync(root).some((name) => SEGMENT_NAME.test(name));
  if (isArchive) return { disk: nodeDisk(root), directory: "." };
  return { disk: nodeDirectory(path).disk, directory: LOG_DIRECTORY };
}
