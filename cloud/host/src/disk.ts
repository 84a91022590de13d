import { constants, mkdirSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file that only grows, but for the cut of a torn tail. */
export interface AppendFile {
  sizeBytes(): number;
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything appended before the call is on stable storage. A failure is fatal for the file. */
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** A directory tree as a parameter. Paths are relative, with '/'. */
export interface Disk {
  /** Opens for appending; makes the file, durably in its directory, if it is missing. */
  openAppend(path: string): Promise<AppendFile>;
  /** Whole content, or undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Replaces the content atomically and durably: after a crash it is the old or the new, never a mixture. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Names of the files directly in a directory, sorted; empty when there is no such directory. */
  list(directory: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  /**
   * Where a path lies on the machine's file system, for a library that opens its files by itself; its folder is made.
   * Not there where files are not on one.
   */
  pathOf?(path: string): string;
}

/** The directory `root` of the machine's file system. New files are readable by their owner only. */
export function nodeDisk(root: string): Disk {
  const at = (path: string) => join(root, path);
  return {
    openAppend: (path) => openAppend(at(path)),
    read: (path) => readOrUndefined(at(path)),
    replace: (path, bytes) => replace(at(path), bytes),
    async list(directory) {
      const entries = await ignoreMissing(readdir(at(directory), { withFileTypes: true }));
      return (entries ?? [])
        .filter((entry) => entry.isFile() && !entry.name.endsWith(TEMPORARY_SUFFIX))
        .map((entry) => entry.name)
        .sort();
    },
    async remove(path) {
      await rm(at(path), { force: true });
      await syncDirectory(dirname(at(path)));
    },
    pathOf(path) {
      mkdirSync(dirname(at(path)), { recursive: true });
      return at(path);
    },
  };
}

const OWNER_ONLY = 0o600;
const TEMPORARY_SUFFIX = ".new";

async function openAppend(path: string): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, OWNER_ONLY);
  await syncDirectory(dirname(path));
  let sizeBytes = (await handle.stat()).size;
  return {
    sizeBytes: () => sizeBytes,
    async append(bytes) {
      await writeAll(handle, bytes);
      sizeBytes += bytes.length;
    },
    sync: () => handle.datasync(),
    async truncate(size) {
      await handle.truncate(size);
      await handle.datasync();
      sizeBytes = size;
    },
    close: () => handle.close(),
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    offset += (await handle.write(bytes, offset)).bytesWritten;
  }
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = path + TEMPORARY_SUFFIX;
  const handle = await open(temporary, "w", OWNER_ONLY);
  try {
    await writeAll(handle, bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** A new name is durable only once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readOrUndefined(path: string): Promise<Uint8Array | undefined> {
  return ignoreMissing(readFile(path));
}

async function ignoreMissing<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
