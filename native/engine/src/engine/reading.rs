//! What views read of the log: records, leaf hashes, readings, outcomes. A record that an engine cannot have written
//! ends each of them with `WAL_DAMAGED`.

use super::Engine;
use crate::chain::Placement;
use crate::envelope::{decode_envelope, leaf_hash, split_signed};
use crate::error::EngineError;
use crate::frame::Pack;
use crate::limits::QUEUED_ENVELOPES_MAX;
use crate::outcome::{AcceptedEnvelope, OutcomeBuilder};
use crate::verdict::Verdict;
use crate::wal::{Disk, parse_entry};

impl<D: Disk> Engine<D> {
    /// Durable records from `from_seq` on, packed: `walSeq u64, receivedAt u64, verdict u8, deviceId text, bytes long`.
    ///
    /// # Errors
    /// `WAL_DAMAGED` when a record was damaged since the log was opened, `WAL_IO` when the disk fails.
    pub fn read_log(&mut self, from_seq: u64, records_max: usize) -> Result<Vec<u8>, EngineError> {
        let mut packed = Vec::new();
        self.wal
            .read(from_seq, bounded(records_max)?, |seq, payload| {
                let entry =
                    parse_entry(payload).ok_or(EngineError::WalContradicts { wal_seq: seq })?;
                packed.pack_u64(seq);
                packed.pack_u64(entry.received_at_unix_ms);
                packed.push(entry.verdict);
                packed.pack_text(entry.device_id);
                packed.pack_long_bytes(entry.bytes);
                Ok(())
            })?;
        Ok(packed)
    }

    /// Of the accepted envelopes among the durable records from `from_seq` on, hashed anew from the bytes on disk:
    /// where to go on u64, count u32, then `walSeq u64` of each, then the leaf hash of each, 32 bytes.
    ///
    /// # Errors
    /// As [`Engine::read_log`].
    pub fn leaf_hashes(
        &mut self,
        from_seq: u64,
        records_max: usize,
    ) -> Result<Vec<u8>, EngineError> {
        let mut next_seq = from_seq;
        let mut seqs = Vec::new();
        let mut hashes = Vec::new();
        self.wal
            .read(from_seq, bounded(records_max)?, |seq, payload| {
                let contradiction = EngineError::WalContradicts { wal_seq: seq };
                next_seq = seq + 1;
                let entry = parse_entry(payload).ok_or_else(|| contradiction.clone())?;
                if entry.verdict != Verdict::Accepted.code() {
                    return Ok(());
                }
                // Whatever else is wrong with these bytes, another hash tells.
                let (payload, signature) = split_signed(entry.bytes).map_err(|_| contradiction)?;
                seqs.pack_u64(seq);
                hashes.extend_from_slice(&leaf_hash(signature, payload));
                Ok(())
            })?;
        let mut packed = next_seq.to_le_bytes().to_vec();
        packed.pack_u32(seqs.len() / 8);
        packed.extend_from_slice(&seqs);
        packed.extend_from_slice(&hashes);
        Ok(packed)
    }

    /// As [`Engine::replay`], without windows and gaps: so it needs no states, begins anywhere, and may be repeated.
    ///
    /// # Errors
    /// As [`Engine::read_log`].
    pub fn readings(&mut self, from_seq: u64, records_max: usize) -> Result<Vec<u8>, EngineError> {
        let mut outcome = OutcomeBuilder::new(self.outcome_options, 0);
        let mut next_seq = from_seq;
        let mut arena = Vec::new();
        let registry = &mut self.registry;
        self.wal
            .read(from_seq, bounded(records_max)?, |seq, payload| {
                let contradiction = EngineError::WalContradicts { wal_seq: seq };
                next_seq = seq + 1;
                let entry = parse_entry(payload).ok_or_else(|| contradiction.clone())?;
                outcome.add_verdict(entry.verdict);
                if entry.verdict != Verdict::Accepted.code() {
                    return Ok(());
                }
                arena.clear();
                let envelope =
                    decode_envelope(entry.bytes, &mut arena).map_err(|_| contradiction)?;
                let accepted = AcceptedEnvelope {
                    wal_seq: seq,
                    device: registry.number_of(entry.device_id),
                    envelope: &envelope,
                    readings: &arena,
                    placement: &Placement::default(),
                };
                outcome.add_envelope(&accepted, registry);
                Ok(())
            })?;
        let mut packed = next_seq.to_le_bytes().to_vec();
        packed.extend_from_slice(&outcome.pack(registry));
        Ok(packed)
    }

    /// Where to go on (u64), then the packed outcome of the durable records from `from_seq` on.
    ///
    /// # Errors
    /// As [`Engine::read_log`].
    pub fn replay(&mut self, from_seq: u64, records_max: usize) -> Result<Vec<u8>, EngineError> {
        let mut outcome = OutcomeBuilder::new(self.outcome_options, 0);
        let (wal, registry) = (&mut self.wal, &mut self.registry);
        let next_seq =
            self.replay
                .next(wal, registry, from_seq, bounded(records_max)?, &mut outcome)?;
        let mut packed = next_seq.to_le_bytes().to_vec();
        packed.extend_from_slice(&outcome.pack(&self.registry));
        Ok(packed)
    }
}

fn bounded(records_max: usize) -> Result<usize, EngineError> {
    if records_max == 0 || records_max > QUEUED_ENVELOPES_MAX {
        return Err(EngineError::Misuse(
            "records are read from 1 to 65,536 at once",
        ));
    }
    Ok(records_max)
}
