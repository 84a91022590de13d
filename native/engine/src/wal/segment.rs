//! Files of the log, each named after the number of its first record.

use super::disk::Disk;
use super::record::{RECORD_HEADER_BYTES, group_first_seq_at, record_at};
use super::{LogSegment, io_error};
use crate::error::EngineError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub name: String,
    pub first_seq: u64,
    /// Durable bytes; of the open segment the file itself knows better.
    pub size_bytes: u64,
}

impl Segment {
    pub fn starting_at(first_seq: u64) -> Self {
        Self {
            name: name_of(first_seq),
            first_seq,
            size_bytes: 0,
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

/// Segments in order.
pub fn list<D: Disk>(disk: &D) -> Result<Vec<Segment>, EngineError> {
    let mut names = disk.list().map_err(|source| io_error("listed", source))?;
    names.sort_unstable();
    let segments = names.iter().filter_map(|name| parse_name(name)).collect();
    Ok(segments)
}

fn parse_name(name: &str) -> Option<Segment> {
    let digits = name
        .strip_suffix(".log")
        .filter(|digits| digits.len() == 20)?;
    let first_seq = digits.parse().ok()?;
    // `parse` takes a leading plus sign; a name made here has none.
    (name_of(first_seq) == name).then(|| Segment::starting_at(first_seq))
}

/// What is known of a segment's bytes before they are looked at.
#[derive(Debug, Clone, Copy)]
pub enum Synced {
    /// It is not the last one.
    All,
    /// By the mark; 0 when there is none.
    AtLeast(u64),
}

/// Shows a segment's payloads to `visit` and returns the next number and the bytes to keep. Only the end of the last
/// segment may be torn, and that only beyond `synced_bytes`.
pub fn check(
    segment: &Segment,
    bytes: &[u8],
    synced_bytes: Synced,
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
    let is_proven = match synced_bytes {
        Synced::All => !is_whole,
        Synced::AtLeast(known) => {
            (offset as u64) < known || (!is_whole && was_synced(bytes, offset, next_seq))
        }
    };
    if is_proven {
        return Err(segment.damaged_at(offset));
    }
    Ok((next_seq, offset as u64))
}

/// Shows the payloads of a closed segment and returns the number after its last one.
///
/// # Errors
/// [`EngineError::WalDamaged`] when it is not whole or not of the length that it was closed with.
pub fn read_closed<D: Disk>(
    disk: &D,
    described: &LogSegment,
    mut visit: impl FnMut(u64, &[u8]) -> Result<(), EngineError>,
) -> Result<u64, EngineError> {
    let segment = Segment::starting_at(described.first_seq);
    let bytes = disk
        .read(&segment.name)
        .map_err(|source| io_error("read", source))?
        .unwrap_or_default();
    let (end_seq, _) = check(&segment, &bytes, Synced::All, &mut visit)?;
    if end_seq == described.end_seq {
        Ok(end_seq)
    } else {
        Err(segment.damaged_at(bytes.len()))
    }
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

/// A segment's content with the place of each of its durable records, as far as it has been read.
pub struct SegmentView {
    segment: Segment,
    bytes: Vec<u8>,
    payloads: Vec<std::ops::Range<usize>>,
}

impl SegmentView {
    /// A view of nothing yet.
    pub fn new(segment: &Segment) -> Self {
        Self {
            segment: segment.clone(),
            bytes: Vec::new(),
            payloads: Vec::new(),
        }
    }

    pub fn shows(&self, segment: &Segment) -> bool {
        self.segment.first_seq == segment.first_seq
    }

    /// Reads on to the last durable record. What is known stays: the tail of a log is read again and again, and each
    /// time only what has come since.
    ///
    /// # Errors
    /// [`EngineError::WalDamaged`] when there is less than there should be.
    pub fn read_on<D: Disk>(&mut self, disk: &D, durable_end: u64) -> Result<(), EngineError> {
        let mut offset = self.indexed_bytes();
        // Beyond the last durable record there may be a part of one that was cut off again.
        self.bytes.truncate(offset);
        let more = disk
            .read_from(&self.segment.name, offset)
            .map_err(|source| io_error("read", source))?;
        self.bytes.extend_from_slice(&more.unwrap_or_default());
        for seq in self.end_seq()..durable_end {
            let Some(record) = record_at(&self.bytes, offset).filter(|record| record.seq == seq)
            else {
                break;
            };
            let start = offset + RECORD_HEADER_BYTES;
            offset = start + record.payload.len();
            self.payloads.push(start..offset);
        }
        Ok(())
    }

    pub fn payload(&self, seq: u64) -> Option<&[u8]> {
        let index = usize::try_from(seq.checked_sub(self.segment.first_seq)?).ok()?;
        self.bytes.get(self.payloads.get(index)?.clone())
    }

    /// Where the last durable record ends.
    pub fn indexed_bytes(&self) -> usize {
        self.payloads.last().map_or(0, |range| range.end)
    }

    fn end_seq(&self) -> u64 {
        self.segment.first_seq + self.payloads.len() as u64
    }
}
