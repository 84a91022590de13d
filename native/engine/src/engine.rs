//! The engine itself: one thread's work, without the thread.

use crate::authenticate::{Authenticator, SignatureCounts};
use crate::checkpoint::Checkpoint;
use crate::envelope::Reading;
use crate::error::EngineError;
use crate::frame::unpack_batch;
use crate::group_memory::GroupMemory;
use crate::judge::{Candidate, Decoded, Received, judge};
use crate::outcome::{AcceptedEnvelope, OutcomeBuilder};
use crate::registry::Registry;
use crate::replay::{LogReplay, logged_hash, replay_entry};
use crate::retirement::Retirement;
use crate::signature::SignatureVerifier;
use crate::verdict::Verdict;
use crate::wal::{Disk, Entry, Group, LogSegment, Wal, parse_entry};

mod reading;

pub use reading::{LINES_BYTES_MIN, LINES_HEADER_BYTES};

/// What the host decides.
#[derive(Debug, Clone, Copy)]
pub struct EngineOptions {
    /// Length of a market time unit; windows are aligned to its multiples since the epoch.
    pub mtu_ms: u64,
    /// A segment of the log is closed beyond this size.
    pub segment_bytes_max: u64,
}

/// What an engine has done, and what it holds at its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineCounts {
    /// What was verified in which way since the engine was opened.
    pub signatures: SignatureCounts,
    /// Files of the log.
    pub log_segments: usize,
    /// Durable bytes of the log.
    pub log_bytes: u64,
    /// Device states kept as memory for later groups; at most 4,096.
    pub spare_states: usize,
    /// Memory kept for the next group; at most 16 MiB.
    pub group_memory_bytes: usize,
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
    mtu_ms: u64,
    wal: Wal<D>,
    archive: Option<D>,
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
        let checkpoint = Checkpoint::newest(&disk)?;
        checkpoint.settle(&disk)?;
        let (base_seq, bytes_max) = (checkpoint.seq, options.segment_bytes_max);
        let mut registry = Registry::restored(checkpoint.devices);
        let mut arena = Vec::new();
        let wal = Wal::open(
            disk,
            bytes_max,
            base_seq,
            logged_hash,
            |seq, payload, hash| {
                let entry =
                    parse_entry(payload).ok_or(EngineError::WalContradicts { wal_seq: seq })?;
                let number = registry.number_of(entry.device_id);
                arena.clear();
                replay_entry(registry.state_mut(number), seq, &entry, *hash, &mut arena).map(|_| ())
            },
        )?;
        Ok(Self {
            mtu_ms: options.mtu_ms,
            wal,
            archive: None,
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

    /// What was done since the engine was opened, and what it holds now.
    #[must_use]
    pub fn counts(&self) -> EngineCounts {
        let segments = self.wal.segments();
        EngineCounts {
            signatures: self.authenticator.counts,
            log_segments: segments.len(),
            log_bytes: segments.iter().map(|segment| segment.size_bytes).sum(),
            spare_states: self.registry.spare_states(),
            group_memory_bytes: self.memory.size_bytes(),
        }
    }

    /// Whether every later commit fails.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Segments that are retired are copied there first. Without an archive they are gone for good.
    pub fn archive_to(&mut self, archive: D) {
        self.archive = Some(archive);
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
        let archive = self.archive.as_ref();
        Retirement::plan(self.wal.disk(), archive, &self.wal.segments(), before_seq)
    }

    /// Ends a retirement that was planned here and then prepared, well or not: removes the segments before its
    /// checkpoint, and returns the number of the record that the log starts with.
    ///
    /// # Errors
    /// What the preparation ended with, `WAL_IO` when the disk refuses. After `WAL_IO` this and every later commit
    /// fails: a directory that could not be synced may lose the name of the next segment.
    pub fn retire(&mut self, prepared: Result<u64, EngineError>) -> Result<u64, EngineError> {
        let removed = prepared.and_then(|checkpoint_seq| {
            self.wal.remove_before(checkpoint_seq)?;
            self.replay.forget_before(checkpoint_seq);
            Checkpoint::remove_others(self.wal.disk(), checkpoint_seq)
        });
        if let Err(failure @ EngineError::WalIo { .. }) = &removed {
            self.failure = Some(failure.clone());
        }
        removed.map(|()| self.wal.first_seq())
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

    fn judge_all(
        &mut self,
        candidates: &[Candidate<'_>],
        arena: &[Reading],
        received_at_unix_ms: u64,
        group: &mut Group,
    ) -> OutcomeBuilder {
        let mut outcome = OutcomeBuilder::new(self.mtu_ms, candidates.len());
        for candidate in candidates {
            let readings = candidate.readings(arena);
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
                let accepted = AcceptedEnvelope {
                    wal_seq,
                    device: acceptance.device,
                    envelope: &decoded.envelope,
                    readings,
                    placement: &acceptance.placement,
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
