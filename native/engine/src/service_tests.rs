//! The thread and its queue; what the engine does is tested without them.

use std::sync::mpsc::{Receiver, channel};

use super::worker::GROUP_ENVELOPES_MAX;
use super::*;
use crate::fixture::DeviceFixture;
use crate::frame::Pack;
use crate::signature::BatchVerifier;
use crate::wal::simulated_disk::SimulatedDisk;

const OPTIONS: EngineOptions = EngineOptions {
    mtu_ms: 900_000,
    segment_bytes_max: 1 << 20,
};

/// A reply and where its answer arrives.
fn reply() -> (Reply, Receiver<Answer>) {
    let (sender, answer) = channel();
    (Reply::new(move |result| drop(sender.send(result))), answer)
}

fn start(disk: &SimulatedDisk) -> (Service, Receiver<Answer>) {
    let (opened, answer) = reply();
    let verifier = Box::new(BatchVerifier::default());
    (
        Service::start(disk.clone(), None, OPTIONS, verifier, opened).expect("a thread"),
        answer,
    )
}

const RECEIVED_AT_UNIX_MS: u64 = 1 << 40;

fn batch(device: &mut DeviceFixture) -> Vec<u8> {
    let mut packed = Vec::new();
    packed.pack_text("home-1");
    packed.pack_long_bytes(&device.next(1));
    packed
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
            service.submit(&batch(&mut device), RECEIVED_AT_UNIX_MS, 1, reply);
            answer
        })
        .collect();
    let (closed_reply, closed) = reply();
    service.close(closed_reply);
    let (late_reply, late) = reply();
    service.submit(&batch(&mut device), RECEIVED_AT_UNIX_MS, 1, late_reply);
    for answer in answers {
        let outcome = answer.recv().expect("an answer").expect("an outcome");
        // The first verdict stands behind seven counts.
        assert_eq!(outcome[28], 0);
    }
    assert_eq!((code(&closed), code(&late)), ("ok", "ENGINE_CLOSED"));
    let counters = service.counters();
    assert_eq!(
        counters.engine.signatures.together + counters.engine.signatures.alone,
        20
    );
    assert!(
        (1..=20).contains(&counters.committed_groups),
        "{counters:?}"
    );
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
    service.submit(&batch(&mut device), RECEIVED_AT_UNIX_MS, 1, refused_reply);
    assert_eq!(code(&refused), "MISUSE");
    service
        .shared
        .queued_envelopes
        .store(QUEUED_ENVELOPES_MAX - 1, Ordering::Release);
    assert!(service.can_accept_work());
    disk.set_fails_sync(true);
    let (failed_reply, failed) = reply();
    service.submit(&batch(&mut device), RECEIVED_AT_UNIX_MS, 1, failed_reply);
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

#[test]
fn keeps_the_memory_of_a_few_batches_and_of_no_large_one() {
    let batch = |bytes: usize| Batch {
        packed: Vec::with_capacity(bytes),
        received_at_unix_ms: 0,
    };
    let kept = |batches: Vec<Batch>| {
        let shared = Shared::default();
        shared.keep(batches);
        shared.spare.lock().expect("nobody panicked").len()
    };
    let many = |count: usize| (0..count).map(|_| batch(100)).collect();
    assert_eq!(kept(many(SPARE_BATCHES_MAX)), SPARE_BATCHES_MAX);
    assert_eq!(kept(many(SPARE_BATCHES_MAX + 1)), SPARE_BATCHES_MAX);
    assert_eq!(kept(vec![batch(SPARE_BATCH_BYTES_MAX)]), 1);
    assert_eq!(kept(vec![batch(2 * SPARE_BATCH_BYTES_MAX)]), 0);
}

#[test]
fn copies_a_batch_into_the_memory_of_an_earlier_one() {
    let shared = Shared::default();
    let first = shared.copied(&[1; 100]);
    let memory = first.as_ptr();
    shared.keep(vec![Batch {
        packed: first,
        received_at_unix_ms: 0,
    }]);
    let second = shared.copied(&[2; 50]);
    assert_eq!(second, [2; 50]);
    assert_eq!(second.as_ptr(), memory);
}

#[test]
fn retires_on_a_thread_of_its_own_one_at_a_time_and_to_the_end_before_it_closes() {
    let (archive, mut device) = (SimulatedDisk::default(), DeviceFixture::new("home-1"));
    let options = EngineOptions {
        segment_bytes_max: 1,
        ..OPTIONS
    };
    let verifier = Box::new(BatchVerifier::default());
    let mut engine = Engine::open(SimulatedDisk::default(), options, verifier).expect("a log");
    engine.archive_to(archive.clone());
    engine.enrol("home-1", device.public_key, "feeder-1");
    for _ in 0..4 {
        let batch = Batch {
            packed: batch(&mut device),
            received_at_unix_ms: RECEIVED_AT_UNIX_MS,
        };
        engine.commit(&[batch]).expect("room in the log");
    }
    // All is in the queue before the thread is made, so what that sends comes after the end.
    let (commands, queue) = channel();
    let retire = |answered: Reply| Command::Retire {
        before_seq: 2,
        commands: commands.clone(),
        reply: answered,
    };
    let [
        (first_reply, first),
        (second_reply, second),
        (close_reply, closed),
    ] = [reply(), reply(), reply()];
    let asked = [
        retire(first_reply),
        retire(second_reply),
        Command::Close { reply: close_reply },
    ];
    for command in asked {
        commands.send(command).expect("the queue is there");
    }
    Worker::new(engine, Arc::default()).serve(&queue);
    drop(queue);
    assert_eq!((code(&second), code(&closed)), ("MISUSE", "ok"));
    assert_eq!(archive.files().len(), 2, "the copies are whole");
    assert_eq!(code(&first), "ENGINE_CLOSED");
}

#[test]
fn tells_where_the_log_begins_after_a_retirement() {
    let (opened_reply, opened) = reply();
    let options = EngineOptions {
        segment_bytes_max: 1,
        ..OPTIONS
    };
    let verifier = Box::new(BatchVerifier::default());
    let started = Service::start(
        SimulatedDisk::default(),
        None,
        options,
        verifier,
        opened_reply,
    );
    let service = started.expect("a thread");
    assert_eq!(code(&opened), "ok");
    for _ in 0..4 {
        let (committed_reply, committed) = reply();
        let of_a_stranger = batch(&mut DeviceFixture::new("home-1"));
        service.submit(&of_a_stranger, RECEIVED_AT_UNIX_MS, 1, committed_reply);
        assert_eq!(code(&committed), "ok");
    }
    assert_eq!(service.counters().engine.log_segments, 4);
    for (before_seq, first_seq) in [(0, 0_u64), (3, 3), (9, 3)] {
        let (retired_reply, retired) = reply();
        service.retire(before_seq, retired_reply);
        let answer = retired.recv().expect("an answer").expect("a retirement");
        assert_eq!(answer, first_seq.to_le_bytes());
    }
    assert_eq!(service.counters().engine.log_segments, 1);
}

#[test]
fn batches_that_wait_together_share_a_group_up_to_its_bound() {
    let groups_of = |sizes: [usize; 2]| {
        let shared = Arc::new(Shared::default());
        let verifier = Box::new(BatchVerifier::default());
        let engine = Engine::open(SimulatedDisk::default(), OPTIONS, verifier).expect("a log");
        let (commands, queue) = channel();
        for envelopes in sizes {
            let mut packed = Vec::new();
            for _ in 0..envelopes {
                packed.pack_text("nobody");
                packed.pack_long_bytes(&[]);
            }
            let (reply, _) = reply();
            let batch = Batch {
                packed,
                received_at_unix_ms: RECEIVED_AT_UNIX_MS,
            };
            let submitted = Command::Submit {
                batch,
                envelopes,
                reply,
            };
            commands.send(submitted).expect("the queue is there");
        }
        drop(commands);
        Worker::new(engine, Arc::clone(&shared)).serve(&queue);
        shared.committed_groups.load(Ordering::Acquire)
    };
    assert_eq!(groups_of([GROUP_ENVELOPES_MAX - 1, 1]), 1);
    assert_eq!(groups_of([GROUP_ENVELOPES_MAX, 1]), 2);
    assert_eq!(groups_of([1, GROUP_ENVELOPES_MAX]), 2);
}
