//! Removal of closed segments that no view needs any more, without holding up the ingest: the checkpoint that stands
//! for them is made on a thread of its own, from files that do not change.

use crate::checkpoint::Checkpoint;
use crate::device::DeviceState;
use crate::error::EngineError;
use crate::registry::Registry;
use crate::replay::replay_entry;
use crate::wal::{Disk, LogSegment, parse_entry, read_closed};

/// Segments to be removed, and what is needed to make their checkpoint.
pub struct Retirement<D: Disk> {
    disk: D,
    closed: Vec<LogSegment>,
}

impl<D: Disk> Retirement<D> {
    /// The closed segments that end at or before `before_seq`; `None` when there is none.
    pub fn plan(disk: &D, segments: &[LogSegment], before_seq: u64) -> Option<Self> {
        let goes = |segment: &&LogSegment| segment.is_closed && segment.end_seq <= before_seq;
        let closed: Vec<_> = segments.iter().take_while(goes).copied().collect();
        (!closed.is_empty()).then(|| Self {
            disk: disk.clone(),
            closed,
        })
    }

    /// Makes the checkpoint durable and returns the number of the record that the log then starts with.
    ///
    /// # Errors
    /// `WAL_DAMAGED` when a closed segment is damaged, `WAL_IO` when the disk fails; nothing was removed then.
    pub fn write_checkpoint(&self) -> Result<u64, EngineError> {
        let base = Checkpoint::newest(&self.disk)?;
        let mut registry = Registry::default();
        for (id, state) in base.devices {
            let number = registry.number_of(&id);
            *registry.state_mut(number) = state;
        }
        let mut arena = Vec::new();
        let mut seq = base.seq;
        for segment in &self.closed {
            seq = read_closed(&self.disk, segment, |wal_seq, payload| {
                let entry = parse_entry(payload).ok_or(EngineError::WalContradicts { wal_seq })?;
                let number = registry.number_of(entry.device_id);
                arena.clear();
                replay_entry(registry.state_mut(number), wal_seq, &entry, &mut arena).map(|_| ())
            })?;
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
