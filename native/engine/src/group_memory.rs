//! Memory that groups of envelopes use one after another.

use crate::envelope::Reading;

/// Bytes of memory that one group leaves to the next, for readings and for records each: more than a full batch of the
/// host takes, so that a group allocates nothing in steady state.
pub const KEPT_MEMORY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Memory that groups use one after another.
#[derive(Default)]
pub struct GroupMemory {
    /// Decoded readings.
    pub arena: Vec<Reading>,
    /// Records of the log.
    pub records: Vec<u8>,
}

impl GroupMemory {
    /// Bytes that are kept, used or not.
    pub fn size_bytes(&self) -> usize {
        self.arena.capacity() * size_of::<Reading>() + self.records.capacity()
    }

    /// Takes it back, unless an uncommon group has made it large.
    pub fn keep(&mut self, arena: Vec<Reading>, records: Vec<u8>) {
        if arena.capacity() * size_of::<Reading>() <= KEPT_MEMORY_BYTES_MAX {
            self.arena = arena;
        }
        if records.capacity() <= KEPT_MEMORY_BYTES_MAX {
            self.records = records;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_kept_up_to_its_bound() {
        let kept = |readings: usize, bytes: usize| {
            let mut memory = GroupMemory::default();
            memory.keep(Vec::with_capacity(readings), Vec::with_capacity(bytes));
            memory.size_bytes()
        };
        let readings_max = KEPT_MEMORY_BYTES_MAX / size_of::<Reading>();
        assert_eq!(
            kept(readings_max, KEPT_MEMORY_BYTES_MAX),
            2 * KEPT_MEMORY_BYTES_MAX
        );
        assert_eq!(kept(readings_max + 1, 100), 100);
        assert_eq!(kept(0, KEPT_MEMORY_BYTES_MAX + 1), 0);
    }
}
