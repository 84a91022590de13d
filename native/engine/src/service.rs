//! The engine on its own thread, behind a bounded queue.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::engine::{Batch, Engine, EngineCounts, EngineOptions};
use crate::error::EngineError;
use crate::limits::QUEUED_ENVELOPES_MAX;
use crate::signature::SignatureVerifier;
use crate::wal::Disk;

mod worker;

use worker::Worker;

type Answer = Result<Vec<u8>, EngineError>;

/// Takes one answer, packed bytes or a failure, on the engine's thread. One that is dropped has been answered too,
/// with `ENGINE_CLOSED`: no caller waits for ever, whatever becomes of the thread.
pub struct Reply(Option<Box<dyn FnOnce(Answer) + Send>>);

impl Reply {
    /// A reply that passes the answer to a callback.
    pub fn new(callback: impl FnOnce(Answer) + Send + 'static) -> Self {
        Self(Some(Box::new(callback)))
    }

    fn send(mut self, answer: Answer) {
        if let Some(callback) = self.0.take() {
            callback(answer);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if let Some(callback) = self.0.take() {
            callback(Err(EngineError::Closed));
        }
    }
}

/// What is read of the log.
enum Reading {
    Records,
    LeafHashes,
    Readings,
    Lines,
    Outcome,
}

enum Command {
    Submit {
        batch: Batch,
        envelopes: usize,
        reply: Reply,
    },
    Enrol {
        device_id: String,
        key: [u8; 32],
        feeder: String,
    },
    Revoke {
        device_id: String,
    },
    Read {
        what: Reading,
        from_seq: u64,
        /// Records; of lines, bytes.
        at_most: usize,
        reply: Reply,
    },
    Segments {
        reply: Reply,
    },
    Retire {
        before_seq: u64,
        /// The way back for the thread that prepares it.
        commands: Sender<Command>,
        reply: Reply,
    },
    Retired {
        prepared: Result<u64, EngineError>,
        reply: Reply,
    },
    Close {
        reply: Reply,
    },
}

/// What the threads share; all else goes through the queue. The queue itself has no bound: envelopes are counted, as
/// batches are of any size, and what else goes through it is a handful of views.
#[derive(Default)]
struct Shared {
    queued_envelopes: AtomicUsize,
    has_failed: AtomicBool,
    committed_groups: AtomicU64,
    counts: Mutex<EngineCounts>,
    quarantined: Mutex<Vec<String>>,
    /// Memory of batches that were answered, for those that come.
    spare: Mutex<Vec<Vec<u8>>>,
}

/// Batches whose memory is kept, and bytes of each: the host fills one while another is made durable.
const SPARE_BATCHES_MAX: usize = 4;
const SPARE_BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Shared {
    /// A copy of packed envelopes, in the memory of an earlier batch.
    fn copied(&self, packed: &[u8]) -> Vec<u8> {
        let spare = self
            .spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut copy = spare.unwrap_or_default();
        copy.clear();
        copy.extend_from_slice(packed);
        copy
    }

    fn keep(&self, batches: Vec<Batch>) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        for Batch { packed, .. } in batches {
            if spare.len() < SPARE_BATCHES_MAX && packed.capacity() <= SPARE_BATCH_BYTES_MAX {
                spare.push(packed);
            }
        }
    }
}

/// What the engine has done and has before it, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Submitted and not answered; at most 65,536 and one batch.
    pub queued_envelopes: u64,
    /// Groups that were made durable, one sync each.
    pub committed_groups: u64,
    /// What it did, and what it holds.
    pub engine: EngineCounts,
}

/// Handle of an engine's thread. The thread ends when it is told to, or when its handle is dropped.
pub struct Service {
    commands: Sender<Command>,
    shared: Arc<Shared>,
}

impl Service {
    /// Starts a thread that opens the log, tells `opened` how that went, and then serves. Segments that are retired go
    /// into the archive, or for good where there is none.
    ///
    /// # Errors
    /// `WAL_IO` when the operating system gives no thread.
    pub fn start<D: Disk + 'static>(
        disk: D,
        archive: Option<D>,
        options: EngineOptions,
        verifier: Box<dyn SignatureVerifier>,
        opened: Reply,
    ) -> Result<Self, EngineError> {
        let (commands, queue) = channel();
        let shared = Arc::new(Shared::default());
        let seen_by_thread = Arc::clone(&shared);
        let serve = move || match Engine::open(disk, options, verifier) {
            Ok(mut engine) => {
                if let Some(archive) = archive {
                    engine.archive_to(archive);
                }
                let worker = Worker::new(engine, seen_by_thread);
                opened.send(Ok(Vec::new()));
                worker.serve(&queue);
            }
            Err(failure) => {
                seen_by_thread.has_failed.store(true, Ordering::Release);
                opened.send(Err(failure));
            }
        };
        let spawned = thread::Builder::new()
            .name("gridpact-engine".into())
            .spawn(serve);
        spawned.map_err(|source| EngineError::WalIo {
            action: "given a thread",
            source: Arc::new(source),
        })?;
        Ok(Self { commands, shared })
    }

    /// Whether a batch may be submitted.
    #[must_use]
    pub fn can_accept_work(&self) -> bool {
        !self.shared.has_failed.load(Ordering::Acquire)
            && self.shared.queued_envelopes.load(Ordering::Acquire) < QUEUED_ENVELOPES_MAX
    }

    /// Judges and logs a packed batch of `envelopes` envelopes, which it copies; the reply is its packed outcome.
    pub fn submit(&self, packed: &[u8], received_at_unix_ms: u64, envelopes: usize, reply: Reply) {
        if self.shared.queued_envelopes.load(Ordering::Acquire) >= QUEUED_ENVELOPES_MAX {
            reply.send(Err(EngineError::Misuse(
                "submit after canAcceptWork() said no",
            )));
            return;
        }
        self.shared
            .queued_envelopes
            .fetch_add(envelopes, Ordering::AcqRel);
        let batch = Batch {
            packed: self.shared.copied(packed),
            received_at_unix_ms,
        };
        self.send(Command::Submit {
            batch,
            envelopes,
            reply,
        });
    }

    /// Adds a device or replaces its key, before whatever is submitted next.
    pub fn enrol(&self, device_id: String, key: [u8; 32], feeder: String) {
        self.send(Command::Enrol {
            device_id,
            key,
            feeder,
        });
    }

    /// Rejects the device's envelopes, from what is submitted next.
    pub fn revoke(&self, device_id: String) {
        self.send(Command::Revoke { device_id });
    }

    /// As [`Engine::read_log`].
    pub fn read_log(&self, from_seq: u64, records_max: usize, reply: Reply) {
        self.read(Reading::Records, from_seq, records_max, reply);
    }

    /// As [`Engine::leaf_hashes`].
    pub fn leaf_hashes(&self, from_seq: u64, records_max: usize, reply: Reply) {
        self.read(Reading::LeafHashes, from_seq, records_max, reply);
    }

    /// As [`Engine::readings`].
    pub fn readings(&self, from_seq: u64, records_max: usize, reply: Reply) {
        self.read(Reading::Readings, from_seq, records_max, reply);
    }

    /// As [`Engine::lines`].
    pub fn lines(&self, from_seq: u64, bytes_max: usize, reply: Reply) {
        self.read(Reading::Lines, from_seq, bytes_max, reply);
    }

    /// As [`Engine::replay`].
    pub fn replay(&self, from_seq: u64, records_max: usize, reply: Reply) {
        self.read(Reading::Outcome, from_seq, records_max, reply);
    }

    /// Counts as of the last batch that was answered; the queue as it is now.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let counts = self.shared.counts.lock();
        Counters {
            queued_envelopes: self.shared.queued_envelopes.load(Ordering::Acquire) as u64,
            committed_groups: self.shared.committed_groups.load(Ordering::Acquire),
            engine: *counts.unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Devices under quarantine after the last batch that was answered, sorted.
    #[must_use]
    pub fn quarantined(&self) -> Vec<String> {
        self.shared
            .quarantined
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The files of the log, oldest first, packed: `firstSeq u64, endSeq u64, sizeBytes u64, isClosed u8` of each.
    pub fn segments(&self, reply: Reply) {
        self.send(Command::Segments { reply });
    }

    /// Retires closed segments that end at or before a record, on a thread of its own; replies with the number of the
    /// record that the log starts with then, u64.
    ///
    /// # Errors
    /// As [`Engine::retire`]; `MISUSE` while another one is under way.
    pub fn retire(&self, before_seq: u64, reply: Reply) {
        let commands = self.commands.clone();
        self.send(Command::Retire {
            before_seq,
            commands,
            reply,
        });
    }

    /// Ends the thread after what was submitted before; replies when its files are closed.
    pub fn close(&self, reply: Reply) {
        self.send(Command::Close { reply });
    }

    fn read(&self, what: Reading, from_seq: u64, at_most: usize, reply: Reply) {
        self.send(Command::Read {
            what,
            from_seq,
            at_most,
            reply,
        });
    }

    fn send(&self, command: Command) {
        // A thread that has ended takes nothing; dropping the command answers it.
        drop(self.commands.send(command));
    }
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
