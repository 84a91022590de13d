//! The log as it is found when it is opened: every record is checked, and shown to who rebuilds its state from it.
//!
//! ```text
//! read and check:  | segment 0 | segment 1 | segment 2 |
//! visit:                       | segment 0 | segment 1 | segment 2 |
//! ```
//!
//! To read and to check takes about as long as what is made of it, so that has a thread of its own, one segment ahead.

use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::disk::Disk;
use super::io_error;
use super::mark::Mark;
use super::segment::{CheckedSegment, Segment, Synced};
use crate::error::EngineError;

type Checked = Result<CheckedSegment, EngineError>;

/// Checks all segments, shows every payload with its number to `visit`, in order, and notes what is kept of each
/// segment. Returns the number after the last record.
///
/// # Errors
/// [`EngineError::WalDamaged`] when a record that had been synced is damaged, or what `visit` returns.
pub fn replay<D: Disk>(
    disk: &D,
    segments: &mut [Segment],
    base_seq: u64,
    mark: Mark,
    visit: &mut impl FnMut(u64, &[u8]) -> Result<(), EngineError>,
) -> Result<u64, EngineError> {
    let wanted = with_what_is_synced(segments, mark);
    let last = segments.len() - 1;
    thread::scope(|scope| {
        // What is checked is handed over when it is asked for: two segments are in memory at most.
        let (checked, next) = sync_channel(0);
        let (spent, spare) = channel();
        let reader_disk = disk.clone();
        let read = move || read_ahead(&reader_disk, &wanted, &checked, &spare);
        thread::Builder::new()
            .spawn_scoped(scope, read)
            .map_err(|source| io_error("given a thread", source))?;
        let mut next_seq = base_seq;
        for (index, segment) in segments.iter_mut().enumerate() {
            if segment.first_seq != next_seq {
                return Err(segment.damaged_at(0));
            }
            let found: CheckedSegment = next.recv().unwrap_or(Err(EngineError::Closed))?;
            found.visit(next_seq, visit)?;
            next_seq += found.records();
            segment.size_bytes = found.size_bytes();
            if index == last {
                let known = mark.synced_bytes_of(segment.first_seq);
                write_again(disk, segment, &found.bytes, known)?;
            }
            // The reader may have ended already, and then nobody needs the memory.
            let _ = spent.send(found.bytes);
        }
        Ok(next_seq)
    })
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

/// Reads and checks segments until one is damaged or nobody wants more, each into the memory of an earlier one.
fn read_ahead<D: Disk>(
    disk: &D,
    wanted: &[(Segment, Synced)],
    checked: &SyncSender<Checked>,
    spare: &Receiver<Vec<u8>>,
) {
    for (segment, synced) in wanted {
        let mut bytes = spare.try_recv().unwrap_or_default();
        let read = disk
            .read_at(&segment.name, 0, usize::MAX, &mut bytes)
            .map_err(|source| io_error("read", source));
        let found = read.and_then(|_| CheckedSegment::new(segment, bytes, *synced));
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
