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

    pub fn damaged_at(&self, offset_bytes: u64) -> EngineError {
        EngineError::WalDamaged {
            segment: self.name.clone(),
            offset_bytes: usize::try_from(offset_bytes).unwrap_or(usize::MAX),
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

/// A segment's bytes and the places of its records, all of them whole and undamaged.
pub struct CheckedSegment {
    pub bytes: Vec<u8>,
    /// Where each record ends; what stands behind the last one is a torn tail.
    ends: Vec<usize>,
}

impl CheckedSegment {
    /// Checks each record. Only the end of the last segment may be torn, and that only beyond `synced_bytes`.
    ///
    /// # Errors
    /// [`EngineError::WalDamaged`] when a record that had been synced is damaged.
    pub fn new(
        segment: &Segment,
        bytes: Vec<u8>,
        synced_bytes: Synced,
    ) -> Result<Self, EngineError> {
        let mut ends = Vec::with_capacity(bytes.len() / RECORD_BYTES_USUAL);
        let mut next_seq = segment.first_seq;
        let mut offset = 0;
        while let Some(record) = record_at(&bytes, offset) {
            if record.seq != next_seq {
                return Err(segment.damaged_at(offset as u64));
            }
            next_seq += 1;
            offset += RECORD_HEADER_BYTES + record.payload.len();
            ends.push(offset);
        }
        let is_whole = offset == bytes.len();
        let is_proven = match synced_bytes {
            Synced::All => !is_whole,
            Synced::AtLeast(known) => {
                (offset as u64) < known || (!is_whole && was_synced(&bytes, offset, next_seq))
            }
        };
        if is_proven {
            return Err(segment.damaged_at(offset as u64));
        }
        Ok(Self { bytes, ends })
    }

    /// How many records there are.
    pub fn records(&self) -> u64 {
        self.ends.len() as u64
    }

    /// Bytes of all records.
    pub fn size_bytes(&self) -> u64 {
        self.ends.last().map_or(0, |&end| end as u64)
    }

    /// The payloads of its records, in order.
    pub fn payloads(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let places = starts.zip(&self.ends);
        places.map(|(start, &end)| &self.bytes[start + RECORD_HEADER_BYTES..end])
    }
}

/// A record of one reading; with more in each, less memory is used for places than was taken.
const RECORD_BYTES_USUAL: usize = 256;

/// A closed segment, checked.
///
/// # Errors
/// [`EngineError::WalDamaged`] when it is not whole or not of the length that it was closed with.
pub fn read_closed<D: Disk>(
    disk: &D,
    described: &LogSegment,
) -> Result<CheckedSegment, EngineError> {
    let segment = Segment::starting_at(described.first_seq);
    let bytes = disk
        .read(&segment.name)
        .map_err(|source| io_error("read", source))?
        .unwrap_or_default();
    let checked = CheckedSegment::new(&segment, bytes, Synced::All)?;
    if segment.first_seq + checked.records() == described.end_seq {
        Ok(checked)
    } else {
        Err(segment.damaged_at(checked.size_bytes()))
    }
}

/// Whether bytes are a segment that somebody else wrote: whole by its own checksums, and no beginning of `expected`.
pub fn is_other_segment(first_seq: u64, found: Vec<u8>, expected: &[u8]) -> bool {
    let segment = Segment::starting_at(first_seq);
    !expected.starts_with(&found) && CheckedSegment::new(&segment, found, Synced::All).is_ok()
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

/// Bytes read at once: an eighth of a second of ingest at its fastest, and far more than a record of ours can have, so
/// that each read brings a whole one.
pub const CHUNK_BYTES: usize = 2 * 1024 * 1024;

/// Where the records of a segment stand, as far as it has been read, and the bytes of some of them.
pub struct SegmentView {
    segment: Segment,
    /// Where each known record begins, and at the end where the last one ends.
    places: Vec<u64>,
    chunk: Vec<u8>,
    chunk_at: u64,
    /// Where the last whole and undamaged record of the chunk ends.
    chunk_end: u64,
}

impl SegmentView {
    /// A view of nothing yet.
    pub fn new(segment: &Segment) -> Self {
        Self {
            segment: segment.clone(),
            places: vec![0],
            chunk: Vec::new(),
            chunk_at: 0,
            chunk_end: 0,
        }
    }

    pub fn shows(&self, segment: &Segment) -> bool {
        self.segment.first_seq == segment.first_seq
    }

    /// Reads the chunk that a record begins in, or the next one as long as it is beyond what is known. The memory of
    /// the chunk before is used again: who follows the end of a log reads only what has come since.
    ///
    /// # Errors
    /// [`EngineError::WalDamaged`] when there is less than there should be.
    pub fn read_on<D: Disk>(
        &mut self,
        disk: &D,
        seq: u64,
        durable_end: u64,
    ) -> Result<(), EngineError> {
        while self.payload(seq).is_none() {
            let known = self.places.len() - 1;
            let place = self.place_of(seq).map_or(known, |place| place.min(known));
            self.read_chunk(disk, place, durable_end)?;
            if self.chunk_end == self.chunk_at {
                return Err(self.segment.damaged_at(self.chunk_at));
            }
        }
        Ok(())
    }

    pub fn payload(&self, seq: u64) -> Option<&[u8]> {
        let place = self.place_of(seq)?;
        let (&start, &end) = (self.places.get(place)?, self.places.get(place + 1)?);
        if start < self.chunk_at || end > self.chunk_end {
            return None;
        }
        let in_chunk = |offset: u64| usize::try_from(offset - self.chunk_at).ok();
        self.chunk
            .get(in_chunk(start)? + RECORD_HEADER_BYTES..in_chunk(end)?)
    }

    /// Where the record stands among those of the segment.
    fn place_of(&self, seq: u64) -> Option<usize> {
        usize::try_from(seq.checked_sub(self.segment.first_seq)?).ok()
    }

    /// Reads on from a known place, and notes the records that it finds; each is checked each time it is read.
    fn read_chunk<D: Disk>(
        &mut self,
        disk: &D,
        first_place: usize,
        durable_end: u64,
    ) -> Result<(), EngineError> {
        self.chunk_at = self.places[first_place];
        self.chunk_end = self.chunk_at;
        disk.read_at(
            &self.segment.name,
            self.chunk_at,
            CHUNK_BYTES,
            &mut self.chunk,
        )
        .map_err(|source| io_error("read", source))?;
        let first_seq = self.segment.first_seq + first_place as u64;
        let mut offset = 0;
        for (place, seq) in (first_place + 1..).zip(first_seq..durable_end) {
            // Beyond the last durable record there may be a part of one that was cut off again.
            let Some(record) = record_at(&self.chunk, offset).filter(|record| record.seq == seq)
            else {
                break;
            };
            offset += RECORD_HEADER_BYTES + record.payload.len();
            self.chunk_end = self.chunk_at + offset as u64;
            if place == self.places.len() {
                self.places.push(self.chunk_end);
            } else if self.places[place] != self.chunk_end {
                return Err(self.segment.damaged_at(self.places[place - 1]));
            }
        }
        Ok(())
    }
}
