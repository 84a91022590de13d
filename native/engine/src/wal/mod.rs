//! Write-ahead log: segments of records, group commit, and recovery that skips nothing.

mod disk;
mod mark;
mod record;
mod recovery;
mod segment;
#[cfg(test)]
#[path = "../../../trials/src/simulated_disk.rs"]
#[allow(dead_code, reason = "the crash trials use the rest")]
pub mod simulated_disk;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

pub use disk::{AppendFile, Disk, FileDisk};
use mark::Mark;
pub use record::{Entry, Group, parse_entry};
use segment::{Segment, SegmentView};
pub use segment::{is_other_segment, name_of, read_closed};

use crate::error::EngineError;

/// Segments kept in memory: one for who follows the end of the log, one for who catches up with it.
const VIEWS_MAX: usize = 2;

/// The log on a disk.
pub struct Wal<D: Disk> {
    disk: D,
    segment_bytes_max: u64,
    segments: Vec<Segment>,
    file: D::File,
    next_seq: u64,
    /// The segments read last, the latest at the end; reading goes on in them without a new scan.
    views: Vec<SegmentView>,
}

/// One file of the log, as far as it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSegment {
    /// Number of its first record, which names it.
    pub first_seq: u64,
    /// Number after its last record.
    pub end_seq: u64,
    /// Bytes that are durable; a copy of these is whole.
    pub size_bytes: u64,
    /// Nothing is written to it any more.
    pub is_closed: bool,
}

impl<D: Disk> Wal<D> {
    /// Opens or makes the log from record `base_seq` on, cuts a torn tail and shows every payload with its number to
    /// `visit`, in order, and what `prepare` made of it, on another thread. What is left of the log before `base_seq`
    /// is removed.
    ///
    /// # Errors
    /// [`EngineError::WalDamaged`] when a record that had been synced is damaged, or what `visit` returns.
    pub fn open<T: Send>(
        disk: D,
        segment_bytes_max: u64,
        base_seq: u64,
        prepare: fn(&[u8]) -> T,
        mut visit: impl FnMut(u64, &[u8], &T) -> Result<(), EngineError>,
    ) -> Result<Self, EngineError> {
        let mark = Mark::read(&disk);
        let mut segments = segments_from(&disk, base_seq, mark)?;
        let next_seq = recovery::replay(&disk, &mut segments, base_seq, mark, prepare, &mut visit)?;
        let last = segments.len() - 1;
        let file = open_durably(&disk, &segments[last])?;
        let wal = Self {
            disk,
            segment_bytes_max,
            segments,
            file,
            next_seq,
            views: Vec::new(),
        };
        wal.write_mark();
        Ok(wal)
    }

    /// The files of the log, oldest first; the last one is open.
    pub fn segments(&self) -> Vec<LogSegment> {
        let ends = self.segments.iter().skip(1).map(|next| next.first_seq);
        let ends = ends.chain([self.next_seq]);
        let described = self.segments.iter().zip(ends).enumerate();
        described
            .map(|(index, (segment, end_seq))| {
                let is_closed = index + 1 < self.segments.len();
                let size_bytes = if is_closed {
                    segment.size_bytes
                } else {
                    self.file.size_bytes()
                };
                LogSegment {
                    first_seq: segment.first_seq,
                    end_seq,
                    size_bytes,
                    is_closed,
                }
            })
            .collect()
    }

    /// Number of the first record that is there.
    pub fn first_seq(&self) -> u64 {
        self.segments.first().map_or(0, |segment| segment.first_seq)
    }

    /// The disk that the log is on.
    pub fn disk(&self) -> &D {
        &self.disk
    }

    /// Removes the closed segments before the one that starts at `first_seq`, for which there MUST be a checkpoint.
    ///
    /// # Errors
    /// [`EngineError::WalIo`] when the disk refuses; what was removed stays so.
    pub fn remove_before(&mut self, first_seq: u64) -> Result<(), EngineError> {
        while self.segments.len() > 1 && self.segments[0].first_seq < first_seq {
            self.disk
                .remove(&self.segments[0].name)
                .map_err(|source| io_error("rid of a segment", source))?;
            self.segments.remove(0);
        }
        self.views.clear();
        self.disk
            .sync_directory()
            .map_err(|source| io_error("synced", source))
    }

    /// A group that starts at the next record, in the memory of an earlier one.
    pub fn new_group(&self, memory: Vec<u8>) -> Group {
        Group::new(self.next_seq, memory)
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
            let failure = write_error("written", source);
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
        self.write_mark();
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
        let always = |seq, payload: &[u8]| visit(seq, payload).map(|()| true);
        self.read_while(from_seq, records_max, always)
    }

    /// As [`Wal::read`], up to the record for which `visit` says no; returns how many there were before it.
    ///
    /// # Errors
    /// As [`Wal::read`].
    pub fn read_while(
        &mut self,
        from_seq: u64,
        records_max: usize,
        mut visit: impl FnMut(u64, &[u8]) -> Result<bool, EngineError>,
    ) -> Result<u64, EngineError> {
        let first_seq = from_seq.max(self.first_seq());
        let end_seq = self
            .next_seq
            .min(from_seq.saturating_add(records_max as u64));
        let mut seq = first_seq;
        while seq < end_seq {
            let view = self.view_of(seq)?;
            while let Some(payload) = view.payload(seq).filter(|_| seq < end_seq) {
                if !visit(seq, payload)? {
                    return Ok(seq - first_seq);
                }
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
        let opened = self.disk.open_append(&segment.name);
        let file = opened.map_err(|source| write_error("written", source))?;
        // A new name is durable only once its directory is.
        self.disk
            .sync_directory()
            .map_err(|source| io_error("synced", source))?;
        if let Some(closed) = self.segments.last_mut() {
            closed.size_bytes = self.file.size_bytes();
        }
        self.file = file;
        self.segments.push(segment);
        Ok(())
    }

    fn write_mark(&self) {
        let segment_first_seq = self.segments.last().map_or(0, |segment| segment.first_seq);
        let mark = Mark {
            segment_first_seq,
            synced_bytes: self.file.size_bytes(),
        };
        mark.write(&self.disk);
    }

    fn view_of(&mut self, seq: u64) -> Result<&SegmentView, EngineError> {
        let contradiction = EngineError::WalContradicts { wal_seq: seq };
        let holds = |segment: &&Segment| segment.first_seq <= seq;
        let Some(segment) = self.segments.iter().rev().find(holds) else {
            return Err(contradiction);
        };
        let mut view = match self.views.iter().position(|view| view.shows(segment)) {
            Some(place) => self.views.remove(place),
            None => SegmentView::new(segment),
        };
        view.read_on(&self.disk, seq, self.next_seq)?;
        if self.views.len() == VIEWS_MAX {
            self.views.remove(0);
        }
        self.views.push(view);
        self.views.last().ok_or(contradiction)
    }
}

/// Segments from `base_seq` on, of which there is one at least; what was to be removed before them goes.
fn segments_from<D: Disk>(
    disk: &D,
    base_seq: u64,
    mark: Mark,
) -> Result<Vec<Segment>, EngineError> {
    let mut segments = segment::list(disk)?;
    let superseded = segments.partition_point(|segment| segment.first_seq < base_seq);
    let kept = segments.split_off(superseded);
    let has_base = kept
        .first()
        .is_some_and(|first| first.first_seq == base_seq);
    let is_new = kept.is_empty() && base_seq == 0;
    // A segment that had been synced is gone, be it the first one or the last.
    let is_cut_short = mark.synced_bytes > 0
        && kept
            .last()
            .is_none_or(|last| last.first_seq < mark.segment_first_seq);
    if !(has_base || is_new) || is_cut_short {
        let missing = if has_base {
            mark.segment_first_seq
        } else {
            base_seq
        };
        return Err(Segment::starting_at(missing).damaged_at(0));
    }
    for segment in segments {
        disk.remove(&segment.name)
            .map_err(|source| io_error("rid of a segment", source))?;
    }
    Ok(if is_new {
        vec![Segment::starting_at(0)]
    } else {
        kept
    })
}

/// Opens the last segment, cut to what recovery kept. A process that died before its sync leaves records that can be
/// read, and a file that can be found, but that are not durable yet; from here on they are taken for logged, and a
/// resend of one is acknowledged at once.
fn open_durably<D: Disk>(disk: &D, segment: &Segment) -> Result<D::File, EngineError> {
    let mut file = disk
        .open_append(&segment.name)
        .map_err(|source| io_error("opened", source))?;
    if file.size_bytes() > segment.size_bytes {
        file.truncate(segment.size_bytes)
            .map_err(|source| io_error("truncated", source))?;
    }
    file.sync().map_err(|source| io_error("synced", source))?;
    disk.sync_directory()
        .map_err(|source| io_error("synced", source))?;
    Ok(file)
}

/// What was written is not there; the log goes on if it was only the room that is missing.
pub fn write_error(action: &'static str, source: io::Error) -> EngineError {
    // QuotaExceeded: the quota of the file's owner is used up, which ends as a full disk does.
    if matches!(
        source.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    ) {
        return EngineError::WalFull {
            source: Arc::new(source),
        };
    }
    io_error(action, source)
}

/// The disk failed at something after which the log is not to be used, or could not be read.
pub fn io_error(action: &'static str, source: io::Error) -> EngineError {
    EngineError::WalIo {
        action,
        source: Arc::new(source),
    }
}
