//! The engine itself: one thread's work, without the thread.

use crate::authenticate::{Authenticator, SignatureCounts};
use crate::chain::Placement;
use crate::checkpoint::Checkpoint;
use crate::envelope::{Reading, decode_envelope, leaf_hash, split_signed};
use crate::error::EngineError;
use crate::frame::{Pack, unpack_batch};
use crate::judge::{Candidate, Decoded, Received, judge};
use crate::limits::QUEUED_ENVELOPES_MAX;
use crate::outcome::{AcceptedEnvelope, KeptRows, OutcomeBuilder, OutcomeOptions};
use crate::registry::Registry;
use crate::replay::{LogReplay, replay_entry};
use crate::retirement::Retirement;
use crate::signature::SignatureVerifier;
use crate::verdict::Verdict;
use crate::wal::{Disk, Entry, Group, LogSegment, Wal, parse_entry};

/// What the host decides.
#[derive(Debug, Clone, Copy)]
pub struct EngineOptions {
    /// Length of a market time unit; windows are aligned to its multiples since the epoch.
    pub mtu_ms: u64,
    /// A segment of the log is closed beyond this size.
    pub segment_bytes_max: u64,
    /// What a store takes of each accepted reading.
    pub rows: KeptRows,
}

/// Bytes of memory that one group leaves to the next, for readings and for records each: more than a full batch of the
/// host takes, so that a group allocates nothing in steady state.
const KEPT_MEMORY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Memory that groups use one after another.
#[derive(Default)]
struct GroupMemory {
    arena: Vec<Reading>,
    records: Vec<u8>,
}

impl GroupMemory {
    /// Takes it back, unless an uncommon group has made it large.
    fn keep(&mut self, arena: Vec<Reading>, records: Vec<u8>) {
        if arena.capacity() * size_of::<Reading>() <= KEPT_MEMORY_BYTES_MAX {
            self.arena = arena;
        }
        if records.capacity() <= KEPT_MEMORY_BYTES_MAX {
            self.records = records;
        }
    }
}

/// A packed batch with the time of its receipt.
#[derive(Debug, Clone)]
pub struct Batch {
    /// As [`unpack_batch`] reads it.
    pub packed: Vec<u8>,
    /// By the host's clock.
    pub received_at_unix_ms: u64,
}

/// Verifies, logs and aggregates; see the module's TypeScript interface for the contract.
pub struct Engine<D: Disk> {
    outcome_options: OutcomeOptions,
    wal: Wal<D>,
    registry: Registry,
    authenticator: Authenticator,
    replay: LogReplay,
    memory: GroupMemory,
    failure: Option<EngineError>,
}

impl<D: Disk> Engine<D> {
    /// Opens the log and rebuilds every device's state from it.
    ///
    /// # Errors
    /// `WAL_DAMAGED` when a synced record cannot be read, `WAL_IO` when the disk fails.
    pub fn open(
        disk: D,
        options: EngineOptions,
        verifier: Box<dyn SignatureVerifier>,
    ) -> Result<Self, EngineError> {
        let mut registry = Registry::default();
        let mut arena = Vec::new();
        let checkpoint = Checkpoint::newest(&disk)?;
        checkpoint.settle(&disk)?;
        for (id, state) in checkpoint.devices {
            let number = registry.number_of(&id);
            *registry.state_mut(number) = state;
        }
        let (base_seq, bytes_max) = (checkpoint.seq, options.segment_bytes_max);
        let wal = Wal::open(disk, bytes_max, base_seq, |seq, payload| {
            let entry = parse_entry(payload).ok_or(EngineError::WalContradicts { wal_seq: seq })?;
            let number = registry.number_of(entry.device_id);
            arena.clear();
            replay_entry(registry.state_mut(number), seq, &entry, &mut arena).map(|_| ())
        })?;
        let EngineOptions { mtu_ms, rows, .. } = options;
        Ok(Self {
            outcome_options: OutcomeOptions { mtu_ms, rows },
            wal,
            registry,
            authenticator: Authenticator::new(verifier),
            replay: LogReplay::default(),
            memory: GroupMemory::default(),
            failure: None,
        })
    }

    /// Adds a device or replaces its key.
    pub fn enrol(&mut self, device_id: &str, key: [u8; 32], feeder: &str) {
        self.registry.enrol(device_id, key, feeder);
    }

    /// The device's envelopes are rejected from now on.
    pub fn revoke(&mut self, device_id: &str) {
        self.registry.revoke(device_id);
    }

    /// Devices under quarantine, sorted.
    #[must_use]
    pub fn quarantined(&self) -> Vec<String> {
        self.registry.quarantined()
    }

    /// What was verified in which way since the engine was opened.
    #[must_use]
    pub fn signature_counts(&self) -> SignatureCounts {
        self.authenticator.counts
    }

    /// The files of the log, as far as they are durable: copies of these many bytes of each, together with the newest
    /// `.state` file, are a backup.
    #[must_use]
    pub fn segments(&self) -> Vec<LogSegment> {
        self.wal.segments()
    }

    /// What it takes to remove the closed segments before a record; `None` when there is none to remove.
    #[must_use]
    pub fn plan_retirement(&self, before_seq: u64) -> Option<Retirement<D>> {
        Retirement::plan(self.wal.disk(), &self.wal.segments(), before_seq)
    }

    /// Removes the segments before a checkpoint that is durable.
    ///
    /// # Errors
    /// `WAL_IO` when the disk refuses.
    pub fn retire(&mut self, checkpoint_seq: u64) -> Result<(), EngineError> {
        self.wal.remove_before(checkpoint_seq)?;
        self.replay.forget_before(checkpoint_seq);
        Checkpoint::remove_others(self.wal.disk(), checkpoint_seq)
    }

    /// Judges batches in order, logs them as one group and returns their packed outcomes once they are durable.
    ///
    /// # Errors
    /// `WAL_FULL`: nothing happened, the batches may be tried again. `WAL_IO`: this and every later call fails.
    pub fn commit(&mut self, batches: &[Batch]) -> Result<Vec<Vec<u8>>, EngineError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let unpacked: Option<Vec<_>> = batches
            .iter()
            .map(|batch| unpack_batch(&batch.packed))
            .collect();
        let unpacked =
            unpacked.ok_or(EngineError::Misuse("a batch is not packed as it should be"))?;
        let GroupMemory { mut arena, records } = std::mem::take(&mut self.memory);
        arena.clear();
        let mut candidates = decode_all(unpacked.iter().flatten(), &self.registry, &mut arena);
        self.authenticator
            .verify_group(&mut candidates, &self.registry);
        let mut group = self.wal.new_group(records);
        let mut outcomes = Vec::with_capacity(batches.len());
        let mut rest = candidates.as_slice();
        for (batch, envelopes) in batches.iter().zip(&unpacked) {
            let (own, others) = rest.split_at(envelopes.len());
            rest = others;
            outcomes.push(self.judge_all(own, &arena, batch.received_at_unix_ms, &mut group));
        }
        let durable = self.make_durable(&group);
        self.memory.keep(arena, group.into_memory());
        durable?;
        let packed = outcomes
            .into_iter()
            .map(|outcome| outcome.pack(&self.registry));
        Ok(packed.collect())
    }

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

    fn judge_all(
        &mut self,
        candidates: &[Candidate<'_>],
        arena: &[Reading],
        received_at_unix_ms: u64,
        group: &mut Group,
    ) -> OutcomeBuilder {
        let mut outcome = OutcomeBuilder::new(self.outcome_options, candidates.len());
        for candidate in candidates {
            let range = candidate
                .decoded
                .as_ref()
                .map_or(0..0, |decoded| decoded.envelope.readings.clone());
            let readings = &arena[range];
            let judged = judge(
                candidate,
                readings,
                received_at_unix_ms,
                &mut self.registry,
                &mut self.authenticator,
            );
            let verdict = judged.as_ref().err().copied().unwrap_or(Verdict::Accepted);
            outcome.add_verdict(verdict.code());
            if verdict == Verdict::Duplicate {
                continue; // It is in the log already.
            }
            let Received { device_id, bytes } = candidate.received;
            let wal_seq = group.push(&Entry {
                verdict: verdict.code(),
                received_at_unix_ms,
                device_id,
                bytes,
            });
            if let (Ok(acceptance), Ok(decoded)) = (&judged, &candidate.decoded) {
                let (device, placement) = (acceptance.device, &acceptance.placement);
                let envelope = &decoded.envelope;
                let accepted = AcceptedEnvelope {
                    wal_seq,
                    device,
                    envelope,
                    readings,
                    placement,
                };
                outcome.add_envelope(&accepted, &self.registry);
            }
        }
        outcome
    }

    fn make_durable(&mut self, group: &Group) -> Result<(), EngineError> {
        match self.wal.commit(group) {
            Ok(()) => self.registry.commit(),
            Err(failure) => {
                self.registry.roll_back();
                if !failure.is_recoverable() {
                    self.failure = Some(failure.clone());
                }
                return Err(failure);
            }
        }
        Ok(())
    }
}

fn decode_all<'a>(
    received: impl Iterator<Item = &'a Received<'a>>,
    registry: &Registry,
    arena: &mut Vec<Reading>,
) -> Vec<Candidate<'a>> {
    let decode = |received: &Received<'a>| Candidate {
        received: *received,
        decoded: Decoded::new(received.bytes, arena),
        device: registry.find_enrolled(received.device_id),
        is_authentic: None,
    };
    received.map(decode).collect()
}

fn bounded(records_max: usize) -> Result<usize, EngineError> {
    if records_max == 0 || records_max > QUEUED_ENVELOPES_MAX {
        return Err(EngineError::Misuse(
            "records are read from 1 to 65,536 at once",
        ));
    }
    Ok(records_max)
}
