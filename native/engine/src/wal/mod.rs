//! Write-ahead log: segments of records, group commit, and recovery that skips nothing.

mod disk;
mod record;
mod segment;
#[cfg(test)]
pub mod simulated_disk;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

pub use disk::{AppendFile, Disk, FileDisk};
pub use record::{Entry, Group, parse_entry};
use segment::{Segment, SegmentView};

use crate::error::EngineError;

/// The log on a disk.
pub struct Wal<D: Disk> {
    disk: D,
    segment_bytes_max: u64,
    segments: Vec<Segment>,
    file: D::File,
    next_seq: u64,
    /// The segment read last; reading goes on in it without a new scan.
    view: Option<SegmentView>,
}

impl<D: Disk> Wal<D> {
    /// Opens or makes the log, cuts a torn tail and shows every payload with its number to `visit`, in order.
    ///
    /// # Errors
    /// [`EngineError::WalDamaged`] when a record that had been synced is damaged, or what `visit` returns.
    pub fn open(
        disk: D,
        segment_bytes_max: u64,
        mut visit: impl FnMut(u64, &[u8]) -> Result<(), EngineError>,
    ) -> Result<Self, EngineError> {
        let segments = segment::list(&disk)?;
        let mut next_seq = segments.first().map_or(0, |segment| segment.first_seq);
        let mut kept_bytes = 0;
        for (index, segment) in segments.iter().enumerate() {
            if segment.first_seq != next_seq {
                return Err(segment.damaged_at(0));
            }
            let bytes = disk
                .read(&segment.name)
                .map_err(|source| io_error("read", source))?
                .unwrap_or_default();
            let is_last = index + 1 == segments.len();
            (next_seq, kept_bytes) = segment::check(segment, &bytes, is_last, &mut visit)?;
        }
        let name = segments
            .last()
            .map_or_else(|| segment::name_of(0), |segment| segment.name.clone());
        let mut file = disk
            .open_append(&name)
            .map_err(|source| io_error("opened", source))?;
        if file.size_bytes() > kept_bytes {
            file.truncate(kept_bytes)
                .map_err(|source| io_error("truncated", source))?;
        }
        // A process that died before its sync leaves records that can be read but are not durable yet; from here
        // on they are taken for logged, and a resend of one is acknowledged at once.
        file.sync().map_err(|source| io_error("synced", source))?;
        Ok(Self {
            disk,
            segment_bytes_max,
            segments,
            file,
            next_seq,
            view: None,
        })
    }

    /// A group that starts at the next record.
    pub fn new_group(&self) -> Group {
        Group::new(self.next_seq)
    }

    /// Writes a group and syncs it; an empty one costs nothing.
    ///
    /// # Errors
    /// [`EngineError::WalFull`] when there was no room: nothing was logged and the log goes on as before;
    /// [`EngineError::WalIo`] on any other failure, after which the log MUST NOT be used.
    pub fn commit(&mut self, group: &Group) -> Result<(), EngineError> {
        assert_eq!(
            group.first_seq(),
            self.next_seq,
            "a group follows the one before it"
        );
        if group.is_empty() {
            return Ok(());
        }
        self.roll_if_full()?;
        let good_bytes = self.file.size_bytes();
        if let Err(source) = self.file.append(group.bytes()) {
            let failure = write_error(source);
            if failure.is_recoverable() {
                // What was written of the group is cut off, so that the next group follows the last whole one.
                self.file
                    .truncate(good_bytes)
                    .map_err(|source| io_error("truncated", source))?;
            }
            return Err(failure);
        }
        self.file
            .sync()
            .map_err(|source| io_error("synced", source))?;
        self.next_seq = group.end_seq();
        Ok(())
    }

    /// Shows the durable payloads `[from_seq, from_seq + records_max)` to `visit`; returns how many there were.
    ///
    /// # Errors
    /// [`EngineError::WalDamaged`] when a record was damaged since the log was opened, or what `visit` returns.
    pub fn read(
        &mut self,
        from_seq: u64,
        records_max: usize,
        mut visit: impl FnMut(u64, &[u8]) -> Result<(), EngineError>,
    ) -> Result<u64, EngineError> {
        let first_seq = from_seq.max(self.segments.first().map_or(0, |segment| segment.first_seq));
        let end_seq = self
            .next_seq
            .min(from_seq.saturating_add(records_max as u64));
        let mut seq = first_seq;
        while seq < end_seq {
            let view = self.view_of(seq)?;
            while let Some(payload) = view.payload(seq).filter(|_| seq < end_seq) {
                visit(seq, payload)?;
                seq += 1;
            }
        }
        Ok(seq.saturating_sub(first_seq))
    }

    fn roll_if_full(&mut self) -> Result<(), EngineError> {
        if self.file.size_bytes() < self.segment_bytes_max {
            return Ok(());
        }
        let segment = Segment::starting_at(self.next_seq);
        // Only replaced once the new file is there: when the disk has no room for it, the log is as it was.
        self.file = self.disk.open_append(&segment.name).map_err(write_error)?;
        self.segments.push(segment);
        Ok(())
    }

    fn view_of(&mut self, seq: u64) -> Result<&SegmentView, EngineError> {
        let is_held = self
            .view
            .as_ref()
            .is_some_and(|view| view.payload(seq).is_some());
        if !is_held {
            let holds = |segment: &&Segment| segment.first_seq <= seq;
            let segment = self
                .segments
                .iter()
                .rev()
                .find(holds)
                .ok_or(EngineError::WalContradicts { wal_seq: seq })?;
            let bytes = self
                .disk
                .read(&segment.name)
                .map_err(|source| io_error("read", source))?
                .unwrap_or_default();
            let view = SegmentView::new(segment, bytes, self.next_seq);
            if view.payload(seq).is_none() {
                return Err(segment.damaged_at(view.indexed_bytes()));
            }
            self.view = Some(view);
        }
        self.view
            .as_ref()
            .ok_or(EngineError::WalContradicts { wal_seq: seq })
    }
}

fn write_error(source: io::Error) -> EngineError {
    // QuotaExceeded: the quota of the file's owner is used up, which ends as a full disk does.
    if matches!(
        source.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    ) {
        return EngineError::WalFull {
            source: Arc::new(source),
        };
    }
    io_error("written", source)
}

fn io_error(action: &'static str, source: io::Error) -> EngineError {
    EngineError::WalIo {
        action,
        source: Arc::new(source),
    }
}
