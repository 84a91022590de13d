//! The log as it is found when it is opened: every record is checked, and shown to who rebuilds its state from it.
//!
//! ```text
//! read, check, prepare:  | segment 0 | segment 1 | segment 2 |
//! visit:                             | segment 0 | segment 1 | segment 2 |
//! ```
//!
//! What needs only the record itself is done on a thread of its own, one segment ahead: reading, the checksum, and what
//! the caller can prepare, such as a hash. That is about half of all. To hand a small segment over takes longer than to
//! read it, so small ones are read where they are visited.

use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::disk::Disk;
use super::io_error;
use super::mark::Mark;
use super::segment::{CheckedSegment, Segment, Synced};
use crate::error::EngineError;

/// From this size on a segment is worth a thread, which starts within a tenth of the time that its bytes take.
pub const AHEAD_BYTES_MIN: usize = 1024 * 1024;

/// A checked segment, and what each of its records was prepared to.
struct Found<T> {
    checked: CheckedSegment,
    prepared: Vec<T>,
}

/// Checks all segments, shows every payload with its number to `visit`, in order, together with what `prepare` made of
/// it on another thread, and notes what is kept of each segment. Returns the number after the last record.
///
/// # Errors
/// [`EngineError::WalDamaged`] when a record that had been synced is damaged, or what `visit` returns.
pub fn replay<D: Disk, T: Send>(
    disk: &D,
    segments: &mut [Segment],
    base_seq: u64,
    mark: Mark,
    prepare: fn(&[u8]) -> T,
    visit: &mut impl FnMut(u64, &[u8], &T) -> Result<(), EngineError>,
) -> Result<u64, EngineError> {
    let wanted = with_what_is_synced(segments, mark);
    let mut taker = Taker {
        disk,
        next_seq: base_seq,
        visit,
    };
    let mut rest = segments.iter_mut().zip(&wanted);
    let mut memory = Vec::new();
    for (segment, (_, synced)) in rest.by_ref() {
        let found = Found::read(disk, segment, *synced, prepare, memory)?;
        memory = taker.take(segment, *synced, found)?;
        if memory.len() >= AHEAD_BYTES_MIN {
            break;
        }
    }
    let ahead = &wanted[wanted.len() - rest.len()..];
    if ahead.is_empty() {
        return Ok(taker.next_seq);
    }
    thread::scope(|scope| {
        // What is checked is handed over when it is asked for: two segments are in memory at most.
        let (checked, next) = sync_channel(0);
        let (spent, spare) = channel();
        let reader_disk = disk.clone();
        let read = move || read_ahead(&reader_disk, ahead, prepare, &checked, &spare);
        thread::Builder::new()
            .spawn_scoped(scope, read)
            .map_err(|source| io_error("given a thread", source))?;
        for (segment, (_, synced)) in rest {
            let found: Found<T> = next.recv().unwrap_or(Err(EngineError::Closed))?;
            // The reader may have ended already, and then nobody needs the memory.
            let _ = spent.send(taker.take(segment, *synced, found)?);
        }
        Ok(taker.next_seq)
    })
}

impl<T> Found<T> {
    /// Reads a segment into the memory of an earlier one.
    fn read<D: Disk>(
        disk: &D,
        segment: &Segment,
        synced: Synced,
        prepare: fn(&[u8]) -> T,
        mut memory: Vec<u8>,
    ) -> Result<Self, EngineError> {
        disk.read_at(&segment.name, 0, usize::MAX, &mut memory)
            .map_err(|source| io_error("read", source))?;
        let checked = CheckedSegment::new(segment, memory, synced)?;
        let prepared = checked.payloads().map(prepare).collect();
        Ok(Self { checked, prepared })
    }
}

/// Takes segments in order.
struct Taker<'a, D: Disk, V> {
    disk: &'a D,
    next_seq: u64,
    visit: &'a mut V,
}

impl<D: Disk, V> Taker<'_, D, V> {
    /// Shows a segment's records to the visitor, and returns its memory.
    fn take<T>(
        &mut self,
        segment: &mut Segment,
        synced: Synced,
        Found { checked, prepared }: Found<T>,
    ) -> Result<Vec<u8>, EngineError>
    where
        V: FnMut(u64, &[u8], &T) -> Result<(), EngineError>,
    {
        if segment.first_seq != self.next_seq {
            return Err(segment.damaged_at(0));
        }
        for (payload, prepared) in checked.payloads().zip(&prepared) {
            (self.visit)(self.next_seq, payload, prepared)?;
            self.next_seq += 1;
        }
        segment.size_bytes = checked.size_bytes();
        if let Synced::AtLeast(known) = synced {
            write_again(self.disk, segment, &checked.bytes, known)?;
        }
        Ok(checked.bytes)
    }
}

fn with_what_is_synced(segments: &[Segment], mark: Mark) -> Vec<(Segment, Synced)> {
    let mut wanted: Vec<_> = segments
        .iter()
        .map(|segment| (segment.clone(), Synced::All))
        .collect();
    if let Some((segment, synced)) = wanted.last_mut() {
        *synced = Synced::AtLeast(mark.synced_bytes_of(segment.first_seq));
    }
    wanted
}

/// Reads, checks and prepares segments until one is damaged or nobody wants more.
fn read_ahead<D: Disk, T>(
    disk: &D,
    wanted: &[(Segment, Synced)],
    prepare: fn(&[u8]) -> T,
    checked: &SyncSender<Result<Found<T>, EngineError>>,
    spare: &Receiver<Vec<u8>>,
) {
    for (segment, synced) in wanted {
        let memory = spare.try_recv().unwrap_or_default();
        let found = Found::read(disk, segment, *synced, prepare, memory);
        let is_last = found.is_err();
        if checked.send(found).is_err() || is_last {
            return;
        }
    }
}

/// Writes what is not known to have been synced again, in its place. If an earlier process ended because a sync failed,
/// the operating system may hold these bytes for written although no disk has them, and then only new ones are synced.
fn write_again<D: Disk>(
    disk: &D,
    segment: &Segment,
    bytes: &[u8],
    known: u64,
) -> Result<(), EngineError> {
    let kept = usize::try_from(segment.size_bytes).unwrap_or(usize::MAX);
    let known_bytes = usize::try_from(known).unwrap_or(usize::MAX);
    match bytes
        .get(known_bytes..kept)
        .filter(|unknown| !unknown.is_empty())
    {
        None => Ok(()),
        Some(unknown) => disk
            .write_at(&segment.name, known, unknown)
            .map_err(|source| io_error("written again", source)),
    }
}
