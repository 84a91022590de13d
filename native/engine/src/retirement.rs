//! Retirement of closed segments that nobody needs any more, without holding up the ingest: all of the work but the
//! removal itself is done on a thread of its own, from files that do not change.
//!
//! ```text
//! each segment:  read and check -> replay its states -> copy into the archive, synced
//! then:          checkpoint of the states, synced -> (engine's thread) remove segments, then older checkpoints
//! ```
//!
//! The archive is durable before the checkpoint begins, since an engine that opens a log with a checkpoint removes what
//! it stands for. A crash anywhere leaves the segments in the log, or a checkpoint and the archive in their place.

use std::io;
use std::sync::Arc;

use crate::checkpoint::Checkpoint;
use crate::device::DeviceState;
use crate::error::EngineError;
use crate::registry::Registry;
use crate::replay::{logged_hash, replay_entry};
use crate::wal::{
    AppendFile, Disk, LogSegment, is_other_segment, name_of, parse_entry, read_closed,
};

/// Segments of one retirement: 512 MiB of the usual size, a second or two, which is as long as an engine that is closed
/// waits for it. What is left goes with the next one.
pub const RETIRED_SEGMENTS_MAX: usize = 8;

/// Segments to be removed, and what is needed to make their checkpoint.
pub struct Retirement<D: Disk> {
    disk: D,
    archive: Option<D>,
    closed: Vec<LogSegment>,
}

impl<D: Disk> Retirement<D> {
    /// The oldest closed segments, as far as they end at or before `before_seq`; `None` when there is none.
    pub fn plan(
        disk: &D,
        archive: Option<&D>,
        segments: &[LogSegment],
        before_seq: u64,
    ) -> Option<Self> {
        let goes = |segment: &&LogSegment| segment.is_closed && segment.end_seq <= before_seq;
        let closed = segments
            .iter()
            .take_while(goes)
            .take(RETIRED_SEGMENTS_MAX)
            .copied()
            .collect::<Vec<_>>();
        (!closed.is_empty()).then(|| Self {
            disk: disk.clone(),
            archive: archive.cloned(),
            closed,
        })
    }

    /// Makes archive and checkpoint durable and returns the number of the record that the log then starts with.
    ///
    /// # Errors
    /// `WAL_DAMAGED` when a closed segment is damaged, `WAL_FULL` or `WAL_IO` when the disk fails, `ARCHIVE_IO` when
    /// the archive does or has a segment of another log under the same name; nothing was removed then.
    pub fn prepare(&self) -> Result<u64, EngineError> {
        let first_seq = self.closed.first().map_or(0, |segment| segment.first_seq);
        let base = Checkpoint::newest_until(&self.disk, first_seq)?;
        let mut registry = Registry::restored(base.devices);
        let mut arena = Vec::new();
        let mut seq = base.seq;
        for segment in &self.closed {
            let whole = read_closed(&self.disk, segment)?;
            for (wal_seq, payload) in (segment.first_seq..).zip(whole.payloads()) {
                let entry = parse_entry(payload).ok_or(EngineError::WalContradicts { wal_seq })?;
                let number = registry.number_of(entry.device_id);
                let state = registry.state_mut(number);
                arena.clear();
                replay_entry(state, wal_seq, &entry, logged_hash(payload), &mut arena)?;
            }
            if let Some(archive) = &self.archive {
                copy_into(archive, segment.first_seq, &whole.bytes)?;
            }
            seq = segment.end_seq;
        }
        let devices = registry
            .into_states()
            .filter(|(_, state)| *state != DeviceState::default());
        let checkpoint = Checkpoint {
            seq,
            devices: devices.collect(),
        };
        checkpoint.write(&self.disk)?;
        Ok(seq)
    }
}

/// Copies a segment into the archive, durably. What an earlier attempt left there is written anew: it may be torn, or
/// its sync may have failed.
fn copy_into<D: Disk>(archive: &D, first_seq: u64, bytes: &[u8]) -> Result<(), EngineError> {
    let name = name_of(first_seq);
    let found = archive
        .read(&name)
        .map_err(|source| archive_error("read", source))?;
    if is_other_segment(first_seq, found.unwrap_or_default(), bytes) {
        let source = io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{name} is of another log"),
        );
        return Err(archive_error("written", source));
    }
    let failed = |source| archive_error("written", source);
    archive.remove(&name).map_err(failed)?;
    let mut file = archive.open_append(&name).map_err(failed)?;
    file.append(bytes).map_err(failed)?;
    file.sync().map_err(failed)?;
    archive.sync_directory().map_err(failed)
}

fn archive_error(action: &'static str, source: io::Error) -> EngineError {
    EngineError::ArchiveIo {
        action,
        source: Arc::new(source),
    }
}

#[cfg(test)]
#[path = "retirement_tests.rs"]
mod tests;
