import { type Disk, Journal } from "@gridpact/host";
import { readOnlyDisk } from "../read-only-disk.ts";
import { FINISHED_MAX_DEFAULT, PENDING_MAX_DEFAULT } from "./outbox.ts";
import { decodeOutboxRecord, type FinishedEntry, type OutboxRecord } from "./outbox-record.ts";

/** Where a key stands; a dropped one was refused, and is free to be tried again. */
export type OutboxKeyStatus = "pending" | "finished" | "dropped";

/** All that an outbox's journal says of one business key. */
export type OutboxKey = {
  key: string;
  status: OutboxKeyStatus;
  /** Of every transaction that was ever prepared or finished for the key, as far as the journal goes back. */
  transactionIds: ReadonlySet<string>;
  /** One for each transaction that the journal calls finished: more than one says that the key took effect twice. */
  finished: readonly FinishedEntry[];
};

/** An outbox at a moment. */
export type OutboxSnapshot = {
  keys: ReadonlyMap<string, OutboxKey>;
  /** What took effect in this block or before may have been forgotten; null when nothing was. */
  forgottenToBlock: number | null;
};

export type ReadOutboxOptions = {
  disk: Disk;
  directory?: string;
  /** As the outbox has it: with so many finished keys, older ones have been forgotten. */
  finishedMax?: number;
};

/**
 * Reads an outbox from its journal. Nothing is written and nothing is repaired, so the outbox may be running: steps
 * that it takes meanwhile are left out.
 * @throws JournalDamagedError when a stored record is damaged
 */
export async function readOutbox(options: ReadOutboxOptions): Promise<OutboxSnapshot> {
  const { disk, directory = "outbox", finishedMax = FINISHED_MAX_DEFAULT } = options;
  const journal = await Journal.open({ disk: await snapshotOf(disk, directory), directory });
  const keys = new Map<string, MutableKey>();
  /** By key, as the outbox keeps them: a key that is restated keeps its place. */
  const finishedAtBlock = new Map<string, number>();
  for await (const { payload } of journal.read()) {
    const record = decodeOutboxRecord(payload);
    apply(record, keys);
    if (record.kind !== "finished") continue;
    for (const { key, blockNumber } of record.entries) finishedAtBlock.set(key, blockNumber);
  }
  return { keys, forgottenToBlock: forgottenTo([...finishedAtBlock.values()], finishedMax) };
}

/**
 * A running outbox drops its oldest segments once it has restated what they said. One that goes between the listing and
 * its reading means that a later one has it all, so the reading begins anew; each rewriting takes a whole
 * `compactBytes` of new steps, so twice in a row is rare, and so many times is a broken disk.
 */
const READINGS_MAX = 5;

/** The files as they are now. Each but the last is final, and the last one grows, so together they are a prefix. */
async function snapshotOf(disk: Disk, directory: string): Promise<Disk> {
  for (let readings = 1; ; readings++) {
    const files = new Map<string, Uint8Array>();
    const names = await disk.list(directory);
    for (const name of names) {
      const bytes = await disk.read(`${directory}/${name}`);
      if (bytes !== undefined) files.set(name, bytes);
    }
    // After the last reading what is missing is the journal's to report.
    if (files.size < names.length && readings < READINGS_MAX) continue;
    const read = async (path: string) => files.get(path.slice(directory.length + 1));
    return readOnlyDisk({ read, list: async () => names });
  }
}

type MutableKey = OutboxKey & { transactionIds: Set<string>; finished: FinishedEntry[] };

function apply(record: OutboxRecord, keys: Map<string, MutableKey>): void {
  if (record.kind === "finished") {
    for (const entry of record.entries) applyFinished(entry, keyIn(keys, entry.key));
    return;
  }
  const known = keyIn(keys, record.key);
  known.status = record.kind === "dropped" ? "dropped" : "pending";
  if (record.kind === "prepared") known.transactionIds.add(record.prepared.transactionId);
}

/** A rewritten journal restates what was finished; that is no second effect. */
function applyFinished(entry: FinishedEntry, known: MutableKey): void {
  known.status = "finished";
  known.transactionIds.add(entry.transactionId);
  const at = known.finished.findIndex(({ transactionId }) => transactionId === entry.transactionId);
  if (at === -1) known.finished.push(entry);
  else known.finished[at] = entry;
}

function keyIn(keys: Map<string, MutableKey>, key: string): MutableKey {
  const known = keys.get(key) ?? { key, status: "pending", transactionIds: new Set(), finished: [] };
  keys.set(key, known);
  return known;
}

/**
 * Entries finish in the order of their blocks but for those under way side by side: what was forgotten lies at most so
 * many places beyond the oldest that is kept.
 */
function forgottenTo(finishedAtBlocks: readonly number[], finishedMax: number): number | null {
  if (finishedAtBlocks.length < finishedMax) return null;
  return Math.max(...finishedAtBlocks.slice(0, PENDING_MAX_DEFAULT));
}
