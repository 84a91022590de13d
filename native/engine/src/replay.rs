//! Repeats the outcomes of logged envelopes, for views that rebuild themselves.

use crate::checkpoint::Checkpoint;
use crate::device::DeviceState;
use crate::envelope::{Hash, Reading, decode_envelope, envelope_hash, split_signed};
use crate::error::EngineError;
use crate::judge::{Decoded, repeat_acceptance, repeat_rejection};
use crate::outcome::{AcceptedEnvelope, OutcomeBuilder};
use crate::registry::Registry;
use crate::verdict::Verdict;
use crate::wal::{Disk, Entry, Wal, parse_entry};

/// What an envelope added to a window depends on the one before it, so the replay keeps its own device states at its
/// own place in the log; going back starts again at the first record, or at the checkpoint that stands for those that
/// were removed.
#[derive(Default)]
pub struct LogReplay {
    is_started: bool,
    /// By the device's number in the registry. The registry's own states are those at the end of the log.
    states: Vec<DeviceState>,
    next_seq: u64,
    arena: Vec<Reading>,
}

impl LogReplay {
    /// Outcome of the durable records `[from_seq, from_seq + records_max)`, and where to go on.
    pub fn next<D: Disk>(
        &mut self,
        wal: &mut Wal<D>,
        registry: &mut Registry,
        from_seq: u64,
        records_max: usize,
        outcome: &mut OutcomeBuilder,
    ) -> Result<u64, EngineError> {
        if from_seq < self.next_seq || !self.is_started {
            self.restart(wal, registry)?;
        }
        let result = self.advance(wal, registry, from_seq, records_max, outcome);
        if result.is_err() {
            *self = Self::default();
        }
        result.map(|()| self.next_seq.max(from_seq))
    }

    /// Forgets its place when records at and after it were removed.
    pub fn forget_before(&mut self, first_seq: u64) {
        if self.next_seq < first_seq {
            *self = Self::default();
        }
    }

    fn restart<D: Disk>(
        &mut self,
        wal: &Wal<D>,
        registry: &mut Registry,
    ) -> Result<(), EngineError> {
        *self = Self::default();
        let checkpoint = Checkpoint::newest_until(wal.disk(), wal.first_seq())?;
        self.next_seq = checkpoint.seq;
        for (id, state) in checkpoint.devices {
            let device = registry.number_of(&id);
            self.make_room_for(device);
            self.states[device] = state;
        }
        self.is_started = true;
        Ok(())
    }

    fn make_room_for(&mut self, device: usize) {
        if self.states.len() <= device {
            self.states.resize_with(device + 1, DeviceState::default);
        }
    }

    fn advance<D: Disk>(
        &mut self,
        wal: &mut Wal<D>,
        registry: &mut Registry,
        from_seq: u64,
        records_max: usize,
        outcome: &mut OutcomeBuilder,
    ) -> Result<(), EngineError> {
        let skipped = usize::try_from(from_seq.saturating_sub(self.next_seq)).unwrap_or(usize::MAX);
        let records = skipped.saturating_add(records_max);
        wal.read(self.next_seq, records, |seq, payload| {
            let shown = (seq >= from_seq).then_some(&mut *outcome);
            self.repeat(registry, seq, payload, shown)?;
            self.next_seq = seq + 1;
            Ok(())
        })?;
        Ok(())
    }

    fn repeat(
        &mut self,
        registry: &mut Registry,
        wal_seq: u64,
        payload: &[u8],
        outcome: Option<&mut OutcomeBuilder>,
    ) -> Result<(), EngineError> {
        let entry = parse_entry(payload).ok_or(EngineError::WalContradicts { wal_seq })?;
        let device = registry.number_of(entry.device_id);
        self.make_room_for(device);
        self.arena.clear();
        let state = &mut self.states[device];
        let hash = logged_hash(payload);
        let accepted = replay_entry(state, wal_seq, &entry, hash, &mut self.arena)?;
        let Some(outcome) = outcome else {
            return Ok(());
        };
        outcome.add_verdict(entry.verdict);
        if let Some((decoded, placement)) = accepted {
            let accepted = AcceptedEnvelope {
                wal_seq,
                device,
                envelope: &decoded.envelope,
                readings: &self.arena,
                placement: &placement,
            };
            outcome.add_envelope(&accepted, registry);
        }
        Ok(())
    }
}

/// Hash of the accepted envelope in a record's payload; zeros when there is none.
pub fn logged_hash(payload: &[u8]) -> Hash {
    let accepted = parse_entry(payload).filter(|entry| entry.verdict == Verdict::Accepted.code());
    let signed = accepted.and_then(|entry| split_signed(entry.bytes).ok());
    signed.map_or([0; 32], |(payload, _)| envelope_hash(payload))
}

/// Brings a device's state to where it was after a logged envelope of this hash, without verifying it again.
///
/// # Errors
/// [`EngineError::WalContradicts`] when the envelope cannot have been accepted after the records before it.
pub fn replay_entry<'a>(
    state: &mut DeviceState,
    wal_seq: u64,
    entry: &Entry<'a>,
    hash: Hash,
    arena: &mut Vec<Reading>,
) -> Result<Option<(Decoded<'a>, crate::chain::Placement)>, EngineError> {
    if entry.verdict != Verdict::Accepted.code() {
        repeat_rejection(state, entry.verdict);
        return Ok(None);
    }
    let contradiction = || EngineError::WalContradicts { wal_seq };
    let envelope = decode_envelope(entry.bytes, arena).map_err(|_| contradiction())?;
    let decoded = Decoded { envelope, hash };
    let readings = &arena[decoded.envelope.readings.clone()];
    let placement = repeat_acceptance(state, &decoded, readings).ok_or_else(contradiction)?;
    Ok(Some((decoded, placement)))
}
