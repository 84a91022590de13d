/** A mistake that somebody could make in the engine: texts of its source, and what stands there instead. */
export type PlantedFault = { name: string; edits: { file: string; from: string; to: string }[] };

const fault = (name: string, file: string, from: string, to: string): PlantedFault => ({
  name,
  edits: [{ file, from, to }],
});

const WAL = "engine/src/wal/mod.rs";
const SEGMENT = "engine/src/wal/segment.rs";
const RECOVERY = "engine/src/wal/recovery.rs";
const RECORD = "engine/src/wal/record.rs";
const ENGINE = "engine/src/engine.rs";
const CHAIN = "engine/src/chain.rs";
const RETIREMENT = "engine/src/retirement.rs";
const CHECKPOINT = "engine/src/checkpoint.rs";

/** What follows the sync of a group; the syncs of names and of files at start end otherwise. */
const SYNCED_GROUP = `        self.file
            .sync()
            .map_err(|source| io_error("synced", source))?;
        self.next_seq`;

/** Each breaks a promise that money or data rests on. `from` MUST stand once in its file, or the run ends. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  fault("acknowledged before the sync", WAL, SYNCED_GROUP, "        self.next_seq"),
  fault("failed sync swallowed", WAL, SYNCED_GROUP, "        drop(self.file.sync());\n        self.next_seq"),
  fault(
    "directory not synced after a new segment",
    WAL,
    `        self.disk
            .sync_directory()
            .map_err(|source| io_error("synced", source))?;
        if let`,
    "        if let",
  ),
  fault("group not cut off a full disk", WAL, "if failure.is_recoverable() {", "if failure.code().is_empty() {"),
  fault("sequence number used twice", WAL, "self.next_seq = group.end_seq();", "self.next_seq = group.end_seq() - 1;"),
  fault(
    "mark not looked at",
    RECOVERY,
    "Synced::AtLeast(mark.synced_bytes_of(segment.first_seq))",
    "Synced::AtLeast(0)",
  ),
  fault(
    "what a failed sync lost not written again",
    RECOVERY,
    "write_again(self.disk, segment, &checked.bytes, known)?;",
    "let _ = known;",
  ),
  fault(
    "damage in a segment that is not the last skipped",
    SEGMENT,
    "Synced::All => !is_whole,",
    "Synced::All => false,",
  ),
  fault(
    "damaged record before a later group cut",
    SEGMENT,
    "(!is_whole && was_synced(&bytes, offset, next_seq))",
    "(is_whole && was_synced(&bytes, offset, next_seq))",
  ),
  {
    name: "checksum leaves out the sequence number",
    edits: [
      {
        file: RECORD,
        from: "crc32c::crc32c(&self.bytes[start + 8..])",
        to: "crc32c::crc32c(&self.bytes[start + 16..])",
      },
      { file: RECORD, from: "crc32c::crc32c(&header[8..])", to: "crc32c::crc32c(&header[16..])" },
    ],
  },
  fault(
    "rejection acknowledged without a record",
    ENGINE,
    "if verdict == Verdict::Duplicate {",
    "if verdict != Verdict::Accepted {",
  ),
  fault("states kept that a full disk refused", ENGINE, "self.registry.roll_back();", "self.registry.commit();"),
  fault("checkpoint found and not made durable", ENGINE, "checkpoint.settle(&disk)?;", ""),
  fault("checkpoint not synced", CHECKPOINT, "        file.sync().map_err(failed)?;\n", ""),
  fault("archive not synced", RETIREMENT, "    file.sync().map_err(failed)?;\n", ""),
  fault("archive's directory not synced", RETIREMENT, "archive.sync_directory().map_err(failed)", "Ok(())"),
  fault(
    "first segment not archived",
    RETIREMENT,
    "if let Some(archive) = &self.archive {",
    "if let Some(archive) = self.archive.as_ref().filter(|_| seq > 0) {",
  ),
  fault(
    "archive of another log overwritten",
    SEGMENT,
    "!expected.starts_with(&found) && CheckedSegment",
    "expected.starts_with(&found) && CheckedSegment",
  ),
  fault(
    "open segment retired",
    RETIREMENT,
    "segment.is_closed && segment.end_seq <= before_seq",
    "segment.end_seq <= before_seq",
  ),
  fault(
    "replay begins at a checkpoint whose segments are still there",
    "engine/src/replay.rs",
    "Checkpoint::newest_until(wal.disk(), wal.first_seq())",
    "Checkpoint::newest(wal.disk())",
  ),
  fault(
    "old boot epoch accepted",
    CHAIN,
    "if envelope.boot_epoch < state.boot_epoch {",
    "if envelope.boot_epoch == 0 {",
  ),
  fault(
    "hash chain not checked",
    CHAIN,
    "if !is_after_gap && *envelope.previous_hash != state.last.hash {",
    "if is_after_gap && *envelope.previous_hash == *hash {",
  ),
  fault(
    "replay window one too short",
    "engine/src/device.rs",
    "self.recent.len() == REPLAY_WINDOW_ENVELOPES",
    "self.recent.len() == REPLAY_WINDOW_ENVELOPES - 1",
  ),
  fault("replay stays where it was", "engine/src/replay.rs", "self.next_seq = seq + 1;", "self.next_seq = seq;"),
  fault(
    "signature of a suspect taken for good",
    "engine/src/judge.rs",
    "if !is_authentic.unwrap_or_else(verify_now) {",
    "if !(is_authentic.unwrap_or_else(verify_now) || is_authentic.is_none()) {",
  ),
];
