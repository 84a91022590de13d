//! Files of the log, each named after the number of its first record.

use super::disk::Disk;
use super::io_error;
use super::record::{RECORD_HEADER_BYTES, group_first_seq_at, record_at};
use crate::error::EngineError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub name: String,
    pub first_seq: u64,
}

impl Segment {
    pub fn starting_at(first_seq: u64) -> Self {
        Self {
            name: name_of(first_seq),
            first_seq,
        }
    }

    pub fn damaged_at(&self, offset_bytes: usize) -> EngineError {
        EngineError::WalDamaged {
            segment: self.name.clone(),
            offset_bytes,
        }
    }
}

/// 20 digits hold every number, so that names sort as numbers do.
pub fn name_of(first_seq: u64) -> String {
    format!("{first_seq:020}.log")
}

/// Segments in order; a new log has one that is not there yet.
pub fn list<D: Disk>(disk: &D) -> Result<Vec<Segment>, EngineError> {
    let mut names = disk.list().map_err(|source| io_error("listed", source))?;
    names.sort_unstable();
    let mut segments: Vec<_> = names.into_iter().filter_map(parse_name).collect();
    if segments.is_empty() {
        segments.push(Segment::starting_at(0));
    }
    Ok(segments)
}

fn parse_name(name: String) -> Option<Segment> {
    let digits = name
        .strip_suffix(".log")
        .filter(|digits| digits.len() == 20)?;
    let first_seq = digits.parse().ok()?;
    // `parse` takes a leading plus sign; a name made here has none.
    (name_of(first_seq) == name).then_some(Segment { name, first_seq })
}

/// Shows a segment's payloads to `visit` and returns the next number and the bytes to keep. Only the end of the last
/// segment may be torn.
pub fn check(
    segment: &Segment,
    bytes: &[u8],
    is_last: bool,
    visit: &mut impl FnMut(u64, &[u8]) -> Result<(), EngineError>,
) -> Result<(u64, u64), EngineError> {
    let mut next_seq = segment.first_seq;
    let mut offset = 0;
    while let Some(record) = record_at(bytes, offset) {
        if record.seq != next_seq {
            return Err(segment.damaged_at(offset));
        }
        visit(record.seq, record.payload)?;
        next_seq += 1;
        offset += RECORD_HEADER_BYTES + record.payload.len();
    }
    let is_whole = offset == bytes.len();
    if !is_whole && (!is_last || was_synced(bytes, offset, next_seq)) {
        return Err(segment.damaged_at(offset));
    }
    Ok((next_seq, offset as u64))
}

/// Whether a whole record of a later group stands anywhere after the damaged place. The numbers are looked at before
/// the checksum, as a torn tail is mostly noise and a checksum at each of its bytes would take quadratic time.
fn was_synced(bytes: &[u8], damaged_at: usize, damaged_seq: u64) -> bool {
    let later_groups = damaged_seq + 1..=damaged_seq + bytes.len() as u64;
    (damaged_at + 1..bytes.len())
        .filter(|&offset| {
            group_first_seq_at(bytes, offset).is_some_and(|seq| later_groups.contains(&seq))
        })
        .any(|offset| record_at(bytes, offset).is_some())
}

/// A segment's content with the place of each of its durable records.
pub struct SegmentView {
    first_seq: u64,
    bytes: Vec<u8>,
    payloads: Vec<std::ops::Range<usize>>,
}

impl SegmentView {
    pub fn new(segment: &Segment, bytes: Vec<u8>, durable_end: u64) -> Self {
        let mut payloads: Vec<std::ops::Range<usize>> = Vec::new();
        let mut offset = 0;
        for seq in segment.first_seq..durable_end {
            let Some(record) = record_at(&bytes, offset).filter(|record| record.seq == seq) else {
                break;
            };
            let start = offset + RECORD_HEADER_BYTES;
            offset = start + record.payload.len();
            payloads.push(start..offset);
        }
        Self {
            first_seq: segment.first_seq,
            bytes,
            payloads,
        }
    }

    pub fn payload(&self, seq: u64) -> Option<&[u8]> {
        let index = usize::try_from(seq.checked_sub(self.first_seq)?).ok()?;
        self.bytes.get(self.payloads.get(index)?.clone())
    }

    /// Where the last durable record ends.
    pub fn indexed_bytes(&self) -> usize {
        self.payloads.last().map_or(0, |range| range.end)
    }
}
