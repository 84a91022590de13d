//! What views read of the log: records, leaf hashes, readings, lines, outcomes. A record that an engine cannot have
//! written ends each of them with `WAL_DAMAGED`.

use super::Engine;
use crate::envelope::{Envelope, Reading, decode_envelope, leaf_hash, split_signed};
use crate::error::EngineError;
use crate::frame::Pack;
use crate::limits::QUEUED_ENVELOPES_MAX;
use crate::line_protocol::push_line;
use crate::outcome::{OutcomeBuilder, pack_reading};
use crate::verdict::Verdict;
use crate::wal::{Disk, Entry, parse_entry};

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

    /// Where to go on (u64), then of each accepted envelope among the durable records from `from_seq` on:
    /// `deviceId text, bootEpoch u32, firstSeq u64, count u32`, and its readings as in an outcome. It needs no states,
    /// begins anywhere, and may be repeated.
    ///
    /// # Errors
    /// As [`Engine::read_log`].
    pub fn readings(&mut self, from_seq: u64, records_max: usize) -> Result<Vec<u8>, EngineError> {
        let mut packed = vec![0; 8];
        let mut arena = Vec::new();
        let mut next_seq = from_seq;
        self.wal
            .read(from_seq, bounded(records_max)?, |seq, payload| {
                next_seq = seq + 1;
                let Some((entry, envelope)) = accepted(seq, payload, &mut arena)? else {
                    return Ok(());
                };
                packed.pack_text(entry.device_id);
                packed.extend_from_slice(&envelope.boot_epoch.to_le_bytes());
                packed.pack_u64(envelope.first_seq);
                packed.pack_u32(arena.len());
                for reading in &arena {
                    pack_reading(&mut packed, reading);
                }
                Ok(())
            })?;
        packed[..8].copy_from_slice(&next_seq.to_le_bytes());
        Ok(packed)
    }

    /// Where to go on (u64), how many readings and bytes (u32 each), then the readings of whole envelopes from
    /// `from_seq` on as lines for `InfluxDB`: as many as have room in `bytes_max`, of at most 16,384 records.
    /// Repeatable as [`Engine::readings`] is.
    ///
    /// # Errors
    /// As [`Engine::read_log`]; `MISUSE` for less room than one envelope's lines may need.
    pub fn lines(&mut self, from_seq: u64, bytes_max: usize) -> Result<Vec<u8>, EngineError> {
        if bytes_max < LINES_BYTES_MIN {
            return Err(EngineError::Misuse(
                "lines have room for those of any envelope",
            ));
        }
        let mut packed = Vec::with_capacity(LINES_HEADER_BYTES + bytes_max + LINES_BYTES_MIN);
        packed.resize(LINES_HEADER_BYTES, 0);
        let mut arena = Vec::new();
        let (mut next_seq, mut reading_count) = (from_seq, 0);
        let registry = &mut self.registry;
        self.wal
            .read_while(from_seq, LINES_RECORDS_MAX, |seq, payload| {
                if let Some((entry, _)) = accepted(seq, payload, &mut arena)? {
                    let length = packed.len();
                    let device = registry.number_of(entry.device_id);
                    let line_start = &registry.device(device).line_start;
                    for reading in &arena {
                        push_line(&mut packed, line_start, reading);
                    }
                    if packed.len() - LINES_HEADER_BYTES > bytes_max {
                        packed.truncate(length);
                        return Ok(false);
                    }
                    reading_count += arena.len();
                }
                next_seq = seq + 1;
                Ok(true)
            })?;
        let mut header = next_seq.to_le_bytes().to_vec();
        header.pack_u32(reading_count);
        header.pack_u32(packed.len() - LINES_HEADER_BYTES);
        packed[..LINES_HEADER_BYTES].copy_from_slice(&header);
        Ok(packed)
    }

    /// Where to go on (u64), then the packed outcome of the durable records from `from_seq` on.
    ///
    /// # Errors
    /// As [`Engine::read_log`].
    pub fn replay(&mut self, from_seq: u64, records_max: usize) -> Result<Vec<u8>, EngineError> {
        let mut outcome = OutcomeBuilder::new(self.mtu_ms, 0);
        let (wal, registry) = (&mut self.wal, &mut self.registry);
        let next_seq =
            self.replay
                .next(wal, registry, from_seq, bounded(records_max)?, &mut outcome)?;
        let mut packed = next_seq.to_le_bytes().to_vec();
        packed.extend_from_slice(&outcome.pack(&self.registry));
        Ok(packed)
    }
}

/// Records that are made lines of at once: as many one-reading envelopes take 5 ms, in which nothing is made durable.
const LINES_RECORDS_MAX: usize = 16_384;

/// What the lines of one envelope have room in: 1,440 readings at 437 bytes, with the longest device and feeder names.
pub const LINES_BYTES_MIN: usize = 640 * 1024;

/// What stands before the lines.
pub const LINES_HEADER_BYTES: usize = 16;

/// The accepted envelope in a record's payload, its readings in the arena; `None` for a rejected one.
fn accepted<'a>(
    wal_seq: u64,
    payload: &'a [u8],
    arena: &mut Vec<Reading>,
) -> Result<Option<(Entry<'a>, Envelope<'a>)>, EngineError> {
    let contradiction = || EngineError::WalContradicts { wal_seq };
    let entry = parse_entry(payload).ok_or_else(contradiction)?;
    if entry.verdict != Verdict::Accepted.code() {
        return Ok(None);
    }
    arena.clear();
    let envelope = decode_envelope(entry.bytes, arena).map_err(|_| contradiction())?;
    Ok(Some((entry, envelope)))
}

fn bounded(records_max: usize) -> Result<usize, EngineError> {
    if records_max == 0 || records_max > QUEUED_ENVELOPES_MAX {
        return Err(EngineError::Misuse(
            "records are read from 1 to 65,536 at once",
        ));
    }
    Ok(records_max)
}
