//! The engine's own thread: commands in, answers out, batches that wait together made one group.
//!
//! Commands are served in the order of their arrival, so a device that was enrolled before a batch is known to it, and
//! a read sees whatever was answered before. A read waits for one group at most, and a group for one read; retirements,
//! which take seconds, are prepared on a thread of their own.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};

use super::{Answer, Command, Reading, Reply, Shared};
use crate::engine::{Batch, Engine};
use crate::error::EngineError;
use crate::frame::Pack;
use crate::wal::Disk;

/// Envelopes judged before a sync. While one group is synced the next collects, so this bounds how long an envelope
/// waits (about 50 ms of signatures), not how many are taken. A larger batch is a group of its own.
pub const GROUP_ENVELOPES_MAX: usize = 4_096;

/// Takes commands from the queue, in order, until it is told to end or nobody can send any more.
pub struct Worker<D: Disk> {
    engine: Engine<D>,
    shared: Arc<Shared>,
    /// Taken from the queue, but not in its group's turn yet.
    waiting: VecDeque<Command>,
    /// The thread that prepares a retirement.
    retiring: Option<JoinHandle<()>>,
}

impl<D: Disk + 'static> Worker<D> {
    /// A worker with nothing to do; the engine's quarantine can be seen from here on.
    pub fn new(engine: Engine<D>, shared: Arc<Shared>) -> Self {
        let worker = Self {
            engine,
            shared,
            waiting: VecDeque::new(),
            retiring: None,
        };
        worker.publish_quarantine();
        worker.publish_counts();
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
                Command::Read {
                    what,
                    from_seq,
                    at_most,
                    reply,
                } => reply.send(self.read(&what, from_seq, at_most)),
                Command::Segments { reply } => reply.send(Ok(self.packed_segments())),
                Command::Retire {
                    before_seq,
                    commands,
                    reply,
                } => self.begin_retirement(before_seq, commands, reply),
                Command::Retired { prepared, reply } => self.end_retirement(prepared, reply),
                Command::Close { reply } => {
                    // Whoever opens the log next must not find a checkpoint in the making.
                    self.retiring.take().map(JoinHandle::join);
                    drop(self);
                    reply.send(Ok(Vec::new()));
                    return;
                }
            }
        }
    }

    fn read(&mut self, what: &Reading, from_seq: u64, at_most: usize) -> Answer {
        match what {
            Reading::Records => self.engine.read_log(from_seq, at_most),
            Reading::LeafHashes => self.engine.leaf_hashes(from_seq, at_most),
            Reading::Readings => self.engine.readings(from_seq, at_most),
            Reading::Lines => self.engine.lines(from_seq, at_most),
            Reading::Outcome => self.engine.replay(from_seq, at_most),
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
        let mut group = WaitingGroup {
            batches: vec![batch],
            replies: vec![reply],
            envelopes,
        };
        while let Some(command) = self.waiting.pop_front().or_else(|| queue.try_recv().ok()) {
            if let Some(other) = group.take(command) {
                self.waiting.push_front(other);
                break;
            }
        }
        let result = self.engine.commit(&group.batches);
        // Before the replies: whoever is answered finds its batch in the counts.
        self.shared.keep(group.batches);
        self.publish_quarantine();
        self.publish_counts();
        self.shared
            .committed_groups
            .fetch_add(u64::from(result.is_ok()), Ordering::AcqRel);
        self.shared
            .queued_envelopes
            .fetch_sub(group.envelopes, Ordering::AcqRel);
        answer_all(group.replies, result);
    }

    fn packed_segments(&self) -> Vec<u8> {
        let mut packed = Vec::new();
        for segment in self.engine.segments() {
            packed.pack_u64(segment.first_seq);
            packed.pack_u64(segment.end_seq);
            packed.pack_u64(segment.size_bytes);
            packed.push(u8::from(segment.is_closed));
        }
        packed
    }

    /// Has a retirement prepared on a thread of its own, which sends what became of it through the queue.
    fn begin_retirement(&mut self, before_seq: u64, commands: Sender<Command>, reply: Reply) {
        if self.retiring.is_some() {
            return reply.send(Err(EngineError::Misuse("a retirement is under way")));
        }
        let Some(retirement) = self.engine.plan_retirement(before_seq) else {
            let first_seq = self
                .engine
                .segments()
                .first()
                .map_or(0, |first| first.first_seq);
            return reply.send(Ok(first_seq.to_le_bytes().to_vec()));
        };
        let prepare = move || {
            let prepared = retirement.prepare();
            // When nobody listens any more the engine was closed, and the command answers its reply when it is dropped.
            drop(commands.send(Command::Retired { prepared, reply }));
        };
        let named = thread::Builder::new().name("gridpact-retirement".into());
        // Without a thread the reply is dropped with the closure, which answers it too.
        self.retiring = named.spawn(prepare).ok();
    }

    fn end_retirement(&mut self, prepared: Result<u64, EngineError>, reply: Reply) {
        self.retiring = None;
        let retired = self.engine.retire(prepared);
        self.publish_counts();
        reply.send(retired.map(|first_seq| first_seq.to_le_bytes().to_vec()));
    }

    fn publish_counts(&self) {
        let mut counts = self
            .shared
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *counts = self.engine.counts();
        let has_failed = self.engine.has_failed();
        self.shared.has_failed.store(has_failed, Ordering::Release);
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

/// Batches that wait to be committed together.
struct WaitingGroup {
    batches: Vec<Batch>,
    replies: Vec<Reply>,
    envelopes: usize,
}

impl WaitingGroup {
    /// Takes a batch that fits; gives any other command back.
    fn take(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::Submit {
                batch,
                envelopes,
                reply,
            } if self.envelopes + envelopes <= GROUP_ENVELOPES_MAX => {
                self.batches.push(batch);
                self.replies.push(reply);
                self.envelopes += envelopes;
                None
            }
            other => Some(other),
        }
    }
}

/// Each batch has an outcome of its own; a failure is everybody's.
fn answer_all(replies: Vec<Reply>, result: Result<Vec<Vec<u8>>, EngineError>) {
    match result {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                reply.send(Ok(outcome));
            }
        }
        Err(failure) => {
            for reply in replies {
                reply.send(Err(failure.clone()));
            }
        }
    }
}
