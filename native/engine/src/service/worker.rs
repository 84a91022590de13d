//! The engine's own thread: commands in, answers out, batches that wait together made one group.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, PoisonError};

use super::{Command, Reply, Shared};
use crate::engine::{Batch, Engine};
use crate::wal::Disk;

/// Envelopes judged before a sync. While one group is synced the next collects, so this bounds how long an envelope
/// waits (about 50 ms of signatures), not how many are taken. A larger batch is a group of its own.
const GROUP_ENVELOPES_MAX: usize = 4_096;

/// Takes commands from the queue, in order, until it is told to end or nobody can send any more.
pub struct Worker<D: Disk> {
    engine: Engine<D>,
    shared: Arc<Shared>,
    /// Taken from the queue, but not in its group's turn yet.
    waiting: VecDeque<Command>,
}

impl<D: Disk> Worker<D> {
    /// A worker with nothing to do; the engine's quarantine can be seen from here on.
    pub fn new(engine: Engine<D>, shared: Arc<Shared>) -> Self {
        let worker = Self {
            engine,
            shared,
            waiting: VecDeque::new(),
        };
        worker.publish_quarantine();
        worker
    }

    /// Serves until the end.
    pub fn serve(mut self, queue: &Receiver<Command>) {
        while let Some(command) = self.waiting.pop_front().or_else(|| queue.recv().ok()) {
            match command {
                Command::Submit {
                    batch,
                    envelopes,
                    reply,
                } => self.commit_group(queue, batch, envelopes, reply),
                Command::Enrol {
                    device_id,
                    key,
                    feeder,
                } => self.engine.enrol(&device_id, key, &feeder),
                Command::Revoke { device_id } => self.engine.revoke(&device_id),
                Command::ReadLog {
                    from_seq,
                    records_max,
                    reply,
                } => reply.send(self.engine.read_log(from_seq, records_max)),
                Command::LeafHashes {
                    from_seq,
                    records_max,
                    reply,
                } => reply.send(self.engine.leaf_hashes(from_seq, records_max)),
                Command::Readings {
                    from_seq,
                    records_max,
                    reply,
                } => reply.send(self.engine.readings(from_seq, records_max)),
                Command::Replay {
                    from_seq,
                    records_max,
                    reply,
                } => reply.send(self.engine.replay(from_seq, records_max)),
                Command::Close { reply } => {
                    drop(self);
                    reply.send(Ok(Vec::new()));
                    return;
                }
            }
        }
    }

    /// Commits a batch together with those that were submitted while the last group was synced.
    fn commit_group(
        &mut self,
        queue: &Receiver<Command>,
        batch: Batch,
        envelopes: usize,
        reply: Reply,
    ) {
        let (mut batches, mut replies, mut total) = (vec![batch], vec![reply], envelopes);
        while let Some(command) = self.waiting.pop_front().or_else(|| queue.try_recv().ok()) {
            match command {
                Command::Submit {
                    batch,
                    envelopes,
                    reply,
                } if total + envelopes <= GROUP_ENVELOPES_MAX => {
                    batches.push(batch);
                    replies.push(reply);
                    total += envelopes;
                }
                other => {
                    self.waiting.push_front(other);
                    break;
                }
            }
        }
        let result = self.engine.commit(&batches);
        self.shared.keep(batches);
        self.publish_quarantine();
        self.publish_counts(result.is_ok());
        self.shared
            .queued_envelopes
            .fetch_sub(total, Ordering::AcqRel);
        match result {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    reply.send(Ok(outcome));
                }
            }
            Err(failure) => {
                let has_failed = !failure.is_recoverable();
                self.shared
                    .has_failed
                    .fetch_or(has_failed, Ordering::AcqRel);
                for reply in replies {
                    reply.send(Err(failure.clone()));
                }
            }
        }
    }

    fn publish_counts(&self, is_committed: bool) {
        self.shared
            .committed_groups
            .fetch_add(u64::from(is_committed), Ordering::AcqRel);
        let mut signatures = self
            .shared
            .signatures
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *signatures = self.engine.signature_counts();
    }

    fn publish_quarantine(&self) {
        let quarantined = self.engine.quarantined();
        *self
            .shared
            .quarantined
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = quarantined;
    }
}
