//! How far the log had been synced, beside the log.
//!
//! A damaged record is a torn tail, and cut, unless something proves that it had been synced. For all groups but the
//! last one, the group after them is the proof; for the last one it is this mark, written after each sync. It needs no
//! sync of its own: a mark that is old, torn or missing proves less and is never wrong.
//!
//! ```text
//! | segmentFirstSeq u64 | syncedBytes u64 | crc32c u32 |    little-endian
//! ```

use super::disk::Disk;

pub const MARK_NAME: &str = "synced.mark";

const MARK_BYTES: usize = 20;

/// The bytes of a segment that had been synced; all segments before it had been synced whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    pub segment_first_seq: u64,
    pub synced_bytes: u64,
}

impl Mark {
    pub fn encode(self) -> [u8; MARK_BYTES] {
        let mut bytes = [0; MARK_BYTES];
        bytes[..8].copy_from_slice(&self.segment_first_seq.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.synced_bytes.to_le_bytes());
        let checksum = crc32c::crc32c(&bytes[..16]);
        bytes[16..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; MARK_BYTES] = bytes.try_into().ok()?;
        let (first, rest) = bytes.split_first_chunk::<8>()?;
        let mark = Self {
            segment_first_seq: u64::from_le_bytes(*first),
            synced_bytes: u64::from_le_bytes(*rest.first_chunk()?),
        };
        (mark.encode() == *bytes).then_some(mark)
    }

    /// Bytes of a segment that are known to have been synced.
    pub fn synced_bytes_of(self, segment_first_seq: u64) -> u64 {
        if self.segment_first_seq == segment_first_seq {
            self.synced_bytes
        } else {
            0
        }
    }

    /// The mark on a disk; one that proves nothing when there is none that can be read.
    pub fn read<D: Disk>(disk: &D) -> Self {
        let bytes = disk.read(MARK_NAME).ok().flatten();
        bytes
            .and_then(|bytes| Self::decode(&bytes))
            .unwrap_or_default()
    }

    /// A mark that cannot be written is of no consequence but for what it would have proved.
    pub fn write<D: Disk>(self, disk: &D) {
        drop(disk.write_at(MARK_NAME, 0, &self.encode()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_bit_makes_a_mark_prove_nothing() {
        let mark = Mark {
            segment_first_seq: 7,
            synced_bytes: 1_000,
        };
        let bytes = mark.encode();
        assert_eq!(Mark::decode(&bytes), Some(mark));
        for bit in 0..8 * MARK_BYTES {
            let mut changed = bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Mark::decode(&changed), None, "bit {bit}");
        }
        assert_eq!(Mark::decode(&bytes[1..]), None);
    }
}
