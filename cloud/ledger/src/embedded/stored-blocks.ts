import { type AppendFile, type Disk, Journal } from "@gridpact/host";
import { decodeRecord } from "./block-store.ts";

/**
 * The blocks that an embedded ledger has stored in a directory, oldest first, a segment at a time. Nothing is written,
 * so the ledger may be running: blocks that it adds meanwhile are left out.
 * @throws JournalDamagedError when a stored block is damaged
 */
export async function* readStoredBlocks({
  disk,
  directory = "ledger",
}: {
  disk: Disk;
  directory?: string;
}): AsyncGenerator<Uint8Array> {
  const journal = await Journal.open({ disk: readOnly(disk), directory });
  for await (const { payload } of journal.read()) {
    const record = decodeRecord(payload);
    if (record.kind === "block") yield record.bytes;
  }
}

/** A journal opens its last file for appending, and would cut what the ledger is about to finish there. */
function readOnly(disk: Disk): Disk {
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
