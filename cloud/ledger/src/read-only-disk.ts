import type { AppendFile, Disk } from "@gridpact/host";

/**
 * A disk that a journal of another process can be read on: a journal opens its last file for appending, and would cut
 * what that process is about to finish there.
 */
export function readOnlyDisk(disk: Pick<Disk, "read" | "list">): Disk {
  const refuse = () => Promise.reject(new TypeError("this disk is for reading only"));
  const file: AppendFile = {
    sizeBytes: () => 0,
    append: refuse,
    // Nothing was written, so there is nothing to make durable.
    sync: async () => undefined,
    truncate: refuse,
    close: async () => undefined,
  };
  return {
    read: (path) => disk.read(path),
    list: (path) => disk.list(path),
    openAppend: async () => file,
    replace: refuse,
    remove: refuse,
  };
}
