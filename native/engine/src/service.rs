//! The engine on its own thread, behind a bounded queue.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::engine::{Batch, Engine, EngineOptions};
use crate::error::EngineError;
use crate::limits::QUEUED_ENVELOPES_MAX;
use crate::signature::SignatureVerifier;
use crate::wal::Disk;

/// Called once, on the engine's thread, with packed bytes or a failure.
pub type Reply = Box<dyn FnOnce(Result<Vec<u8>, EngineError>) + Send>;

/// Envelopes judged before a sync. While one group is synced the next collects, so this bounds how long an envelope
/// waits (about 50 ms of signatures), not how many are taken. A larger batch is a group of its own.
const GROUP_ENVELOPES_MAX: usize = 4_096;

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
    ReadLog {
        from_seq: u64,
        records_max: usize,
        reply: Reply,
    },
    Replay {
        from_seq: u64,
        records_max: usize,
        reply: Reply,
    },
    Close {
        reply: Reply,
    },
}

/// What the threads share; all else goes through the queue.
#[derive(Default)]
struct Shared {
    queued_envelopes: AtomicUsize,
    has_failed: AtomicBool,
    quarantined: Mutex<Vec<String>>,
}

/// Handle of an engine's thread. The thread ends when it is told to, or when its handle is dropped.
pub struct Service {
    commands: Sender<Command>,
    shared: Arc<Shared>,
}

impl Service {
    /// Starts a thread that opens the log, tells `opened` how that went, and then serves.
    ///
    /// # Errors
    /// `WAL_IO` when the operating system gives no thread.
    pub fn start<D: Disk + 'static>(
        disk: D,
        options: EngineOptions,
        verifier: Box<dyn SignatureVerifier>,
        opened: Reply,
    ) -> Result<Self, EngineError> {
        let (commands, queue) = channel();
        let shared = Arc::new(Shared::default());
        let seen_by_thread = Arc::clone(&shared);
        let serve = move || match Engine::open(disk, options, verifier) {
            Ok(engine) => {
                let worker = Worker {
                    engine,
                    shared: seen_by_thread,
                    waiting: VecDeque::new(),
                };
                worker.publish_quarantine();
                opened(Ok(Vec::new()));
                worker.serve(&queue);
            }
            Err(failure) => {
                seen_by_thread.has_failed.store(true, Ordering::Release);
                opened(Err(failure));
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

    /// Judges and logs a packed batch of `envelopes` envelopes; the reply is its packed outcome.
    pub fn submit(&self, batch: Batch, envelopes: usize, reply: Reply) {
        if self.shared.queued_envelopes.load(Ordering::Acquire) >= QUEUED_ENVELOPES_MAX {
            reply(Err(EngineError::Misuse(
                "submit after canAcceptWork() said no",
            )));
            return;
        }
        self.shared
            .queued_envelopes
            .fetch_add(envelopes, Ordering::AcqRel);
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
        self.send(Command::ReadLog {
            from_seq,
            records_max,
            reply,
        });
    }

    /// As [`Engine::replay`].
    pub fn replay(&self, from_seq: u64, records_max: usize, reply: Reply) {
        self.send(Command::Replay {
            from_seq,
            records_max,
            reply,
        });
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

    /// Ends the thread after what was submitted before; replies when its files are closed.
    pub fn close(&self, reply: Reply) {
        self.send(Command::Close { reply });
    }

    fn send(&self, command: Command) {
        if let Err(refused) = self.commands.send(command) {
            refused.0.refuse(EngineError::Closed);
        }
    }
}

impl Command {
    /// Answers a command that will not be carried out. What is already closed closes well.
    fn refuse(self, failure: EngineError) {
        match self {
            Self::Submit { reply, .. }
            | Self::ReadLog { reply, .. }
            | Self::Replay { reply, .. } => {
                reply(Err(failure));
            }
            Self::Close { reply } => reply(Ok(Vec::new())),
            Self::Enrol { .. } | Self::Revoke { .. } => {}
        }
    }
}

struct Worker<D: Disk> {
    engine: Engine<D>,
    shared: Arc<Shared>,
    /// Taken from the queue, but not in its group's turn yet.
    waiting: VecDeque<Command>,
}

impl<D: Disk> Worker<D> {
    fn serve(mut self, queue: &Receiver<Command>) {
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
                } => reply(self.engine.read_log(from_seq, records_max)),
                Command::Replay {
                    from_seq,
                    records_max,
                    reply,
                } => reply(self.engine.replay(from_seq, records_max)),
                Command::Close { reply } => {
                    drop(self);
                    reply(Ok(Vec::new()));
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
        self.publish_quarantine();
        self.shared
            .queued_envelopes
            .fetch_sub(total, Ordering::AcqRel);
        match result {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    reply(Ok(outcome));
                }
            }
            Err(failure) => {
                let has_failed = !failure.is_recoverable();
                self.shared
                    .has_failed
                    .fetch_or(has_failed, Ordering::AcqRel);
                for reply in replies {
                    reply(Err(failure.clone()));
                }
            }
        }
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::fixture::DeviceFixture;
    use crate::frame::Pack;
    use crate::signature::BatchVerifier;
    use crate::wal::simulated_disk::SimulatedDisk;

    const OPTIONS: EngineOptions = EngineOptions {
        mtu_ms: 900_000,
        segment_bytes_max: 1 << 20,
    };

    type Answer = Result<Vec<u8>, EngineError>;

    /// A reply and where its answer arrives.
    fn reply() -> (Reply, Receiver<Answer>) {
        let (sender, answer) = channel();
        (
            Box::new(move |result| sender.send(result).expect("the test waits")),
            answer,
        )
    }

    fn start(disk: &SimulatedDisk) -> (Service, Receiver<Answer>) {
        let (opened, answer) = reply();
        let verifier = Box::new(BatchVerifier::default());
        (
            Service::start(disk.clone(), OPTIONS, verifier, opened).expect("a thread"),
            answer,
        )
    }

    fn batch(device: &mut DeviceFixture) -> Batch {
        let mut packed = Vec::new();
        packed.pack_text("home-1");
        packed.pack_long_bytes(&device.next(1));
        Batch {
            packed,
            received_at_unix_ms: 1 << 40,
        }
    }

    fn code(answer: &Receiver<Answer>) -> &'static str {
        answer
            .recv()
            .expect("an answer")
            .map_or_else(|failure| failure.code(), |_| "ok")
    }

    #[test]
    fn answers_in_order_and_closes_after_what_was_submitted() {
        let mut device = DeviceFixture::new("home-1");
        let (service, opened) = start(&SimulatedDisk::default());
        assert_eq!(code(&opened), "ok");
        service.enrol("home-1".into(), device.public_key, "feeder-1".into());
        let answers: Vec<_> = (0..20)
            .map(|_| {
                let (reply, answer) = reply();
                service.submit(batch(&mut device), 1, reply);
                answer
            })
            .collect();
        let (closed_reply, closed) = reply();
        service.close(closed_reply);
        let (late_reply, late) = reply();
        service.submit(batch(&mut device), 1, late_reply);
        for answer in answers {
            let outcome = answer.recv().expect("an answer").expect("an outcome");
            // The first verdict stands behind six counts.
            assert_eq!(outcome[24], 0);
        }
        assert_eq!((code(&closed), code(&late)), ("ok", "ENGINE_CLOSED"));
    }

    #[test]
    fn holds_back_at_its_bound_and_after_a_failure() {
        let disk = SimulatedDisk::default();
        let mut device = DeviceFixture::new("home-1");
        let (service, opened) = start(&disk);
        assert_eq!(code(&opened), "ok");
        service
            .shared
            .queued_envelopes
            .store(QUEUED_ENVELOPES_MAX, Ordering::Release);
        assert!(!service.can_accept_work());
        let (refused_reply, refused) = reply();
        service.submit(batch(&mut device), 1, refused_reply);
        assert_eq!(code(&refused), "MISUSE");
        service
            .shared
            .queued_envelopes
            .store(QUEUED_ENVELOPES_MAX - 1, Ordering::Release);
        assert!(service.can_accept_work());
        disk.set_fails_sync(true);
        let (failed_reply, failed) = reply();
        service.submit(batch(&mut device), 1, failed_reply);
        assert_eq!(code(&failed), "WAL_IO");
        assert!(!service.can_accept_work());
    }

    #[test]
    fn says_that_a_damaged_log_does_not_open() {
        let disk = SimulatedDisk::holding("00000000000000000001.log", b"damaged");
        disk.absorb(&SimulatedDisk::holding("00000000000000000002.log", b""));
        let (service, opened) = start(&disk);
        assert_eq!(code(&opened), "WAL_DAMAGED");
        assert!(!service.can_accept_work());
    }
}
