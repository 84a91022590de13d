import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { type Disk, nodeDisk } from "@gridpact/host";
import { scanLog } from "@gridpact/native";
import { CliError } from "../cli-error.ts";
import { type CopiedFile, readCopy, writeCopy } from "./copied-files.ts";
import { LOG_DIRECTORY, type NodeDirectory } from "./node-directory.ts";
import type { Report } from "./report.ts";

/** What a backup consists of; written last, so that a backup without it is none. */
const LIST_PATH = "backup.json";

/** The store is a view and may be a live database: a restored node makes it anew. */
const LEFT_OUT = "store/";

/** Files of the log itself; what else lies beside them speaks of them, and is copied before they are. */
const SEGMENT = new RegExp(`^${LOG_DIRECTORY}/\\d{20}\\.log$`);

/** `endWalSeq`: number of the record after the newest in the copy. */
export type BackupSummary = { files: number; sizeBytes: number; endWalSeq: bigint };

/** Copies begun anew, as the node retired segments meanwhile, which it does once in some minutes at most. */
const ATTEMPTS_MAX = 3;

/**
 * Copies a node's data directory, also while the node runs. The log comes last: it only grows, so it holds at least
 * what every index and cursor copied before it speaks of. Its end is cut after the last whole record. A node that
 * retires segments at the same time would leave a hole between an older cursor and the log, so the copy is begun anew.
 * @throws CliError when the target is not empty, or the log's beginning moves each time; EngineError when the log is
 *   damaged.
 */
export async function backupNode(node: NodeDirectory, targetPath: string, report: Report): Promise<BackupSummary> {
  assertEmpty(targetPath);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const beginning = await beginningOf(node.disk);
    const copied = await copyNode(node, nodeDisk(targetPath), report).catch((error: unknown) => ({ error }));
    if ((await beginningOf(node.disk)) === beginning) {
      if ("error" in copied) throw copied.error;
      return copied;
    }
    report.progress("segments were retired meanwhile: begun anew");
    for (const name of readdirSync(targetPath)) rmSync(join(targetPath, name), { recursive: true });
  }
  throw new CliError("INPUT", `segments were retired during each of ${ATTEMPTS_MAX} copies: try again in some minutes`);
}

/** Where the log begins, and what stands for the records before: another text once a retirement has begun. */
async function beginningOf(disk: Disk): Promise<string> {
  const names = await disk.list(LOG_DIRECTORY);
  const states = names.filter((name) => name.endsWith(".state"));
  return [...states, names.find((name) => name.endsWith(".log"))].join();
}

async function copyNode(node: NodeDirectory, target: Disk, report: Report): Promise<BackupSummary> {
  const paths = filesOf(node.path).filter((path) => !path.startsWith(LEFT_OUT) && !SEGMENT.test(path));
  const files: CopiedFile[] = [];
  for (const path of paths) {
    const bytes = await node.disk.read(path);
    // One that is gone by now has been replaced by another, or was temporary.
    if (bytes !== undefined) files.push(await writeCopy(target, path, bytes));
  }
  const endWalSeq = await copyLog(node, { target, files, report });
  await target.replace(LIST_PATH, Buffer.from(`${JSON.stringify(files, null, 2)}\n`));
  return { files: files.length, sizeBytes: sizeOf(files), endWalSeq };
}

/**
 * Brings a backup into a new data directory, checked byte for byte.
 * @throws CliError when the target is not empty, or the backup is not what was written.
 */
export async function restoreNode(backupPath: string, targetPath: string, report: Report): Promise<BackupSummary> {
  const backup = nodeDisk(backupPath);
  const list = await backup.read(LIST_PATH);
  if (list === undefined) throw new CliError("INPUT", `${backupPath} is no backup, or one that was not finished`);
  assertEmpty(targetPath);
  const target = nodeDisk(targetPath);
  const files = JSON.parse(Buffer.from(list).toString()) as CopiedFile[];
  for (const file of files) {
    await target.replace(file.path, await readCopy(backup, file));
    report.progress(`${file.path} restored`);
  }
  const { endWalSeq } = await scanLog({ disk: target, directory: LOG_DIRECTORY }, {});
  return { files: files.length, sizeBytes: sizeOf(files), endWalSeq };
}

async function copyLog(
  { disk }: NodeDirectory,
  { target, files, report }: { target: Disk; files: CopiedFile[]; report: Report },
): Promise<bigint> {
  const { segments, endWalSeq } = await scanLog({ disk, directory: LOG_DIRECTORY }, {});
  for (const { name, sizeBytes } of segments) {
    const path = `${LOG_DIRECTORY}/${name}`;
    // No further than what was scanned: what has come since may end within a record.
    const bytes = (await disk.read(path))?.subarray(0, sizeBytes) ?? new Uint8Array();
    if (bytes.length < sizeBytes) throw new CliError("INPUT", `${path} is shorter than it was a moment ago`);
    files.push(await writeCopy(target, path, bytes));
    report.progress(`${path} copied`);
  }
  return endWalSeq;
}

/** Paths of all files in a directory tree, sorted; a cursor's name sorts before what it speaks of. */
function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".new"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

function assertEmpty(path: string): void {
  if (existsSync(path) && readdirSync(path).length > 0) throw new CliError("INPUT", `${path} is not empty`);
}

function sizeOf(files: readonly CopiedFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
