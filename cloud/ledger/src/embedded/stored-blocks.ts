import { type Disk, Journal } from "@gridpact/host";
import { readOnlyDisk } from "../read-only-disk.ts";
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
  const journal = await Journal.open({ disk: readOnlyDisk(disk), directory, checkedBefore: CHECKED_WHEN_READ });
  for await (const { payload } of journal.read()) {
    const record = decodeRecord(payload);
    if (record.kind === "block") yield record.bytes;
  }
}

/** All records: reading checks them, so that a year of blocks is gone through once and not twice. */
const CHECKED_WHEN_READ = 2n ** 63n;
