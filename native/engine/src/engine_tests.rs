//! The engine as a whole on a simulated disk. What every verdict means in detail is held by the comparison with the
//! TypeScript engine; here stands what only this crate can show.

use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use crate::engine::{Batch, Engine, EngineOptions};
use crate::fixture::DeviceFixture;
use crate::frame::{Pack, Unpacker};
use crate::group_memory::KEPT_MEMORY_BYTES_MAX;
use crate::limits::{
    BAD_SIGNATURES_MAX, CLOCK_AHEAD_MS_MAX, ENVELOPE_BYTES_MAX, REPLAY_WINDOW_ENVELOPES,
};
use crate::signature::{BatchVerifier, SignatureVerifier, SignedMessage};
use crate::verdict::Verdict::{
    self, Accepted, BadSignature, ChainBroken, ClockSkew, Duplicate, Equivocation,
    IdentityMismatch, Malformed, Quarantined, RegisterDecreased, Stale, TooLarge, UnknownDevice,
};
use crate::wal::simulated_disk::SimulatedDisk;

const OPTIONS: EngineOptions = EngineOptions {
    mtu_ms: 900_000,
    segment_bytes_max: 4_096,
};

const RECEIVED_AT_UNIX_MS: u64 = 1 << 40;

pub fn open(disk: &SimulatedDisk, devices: &[&DeviceFixture]) -> Engine<SimulatedDisk> {
    open_with(disk, devices, Box::new(BatchVerifier::default()))
}

fn open_with(
    disk: &SimulatedDisk,
    devices: &[&DeviceFixture],
    verifier: Box<dyn SignatureVerifier>,
) -> Engine<SimulatedDisk> {
    let mut engine = Engine::open(disk.clone(), OPTIONS, verifier).unwrap();
    for device in devices {
        engine.enrol(&device.id, device.public_key, "feeder-1");
    }
    engine
}

pub fn batch(envelopes: &[(&str, &[u8])]) -> Batch {
    let mut packed = Vec::new();
    for (device_id, bytes) in envelopes {
        packed.pack_text(device_id);
        packed.pack_long_bytes(bytes);
    }
    Batch {
        packed,
        received_at_unix_ms: RECEIVED_AT_UNIX_MS,
    }
}

fn verdicts(outcome: &[u8]) -> Vec<u8> {
    let mut unpacker = Unpacker::new(outcome);
    let count = u32::from_le_bytes(*unpacker.array().unwrap());
    unpacker.bytes(24).unwrap();
    unpacker.bytes(count as usize).unwrap().to_vec()
}

pub fn submit(
    engine: &mut Engine<SimulatedDisk>,
    envelopes: &[(&str, &[u8])],
) -> Result<Vec<u8>, &'static str> {
    let outcomes = engine
        .commit(&[batch(envelopes)])
        .map_err(|failure| failure.code())?;
    Ok(verdicts(&outcomes[0]))
}

pub fn codes(verdicts: &[Verdict]) -> Vec<u8> {
    verdicts.iter().map(|verdict| verdict.code()).collect()
}

/// The envelope with another s, which is still canonical.
pub fn forged(envelope: &[u8]) -> Vec<u8> {
    let mut bytes = envelope.to_vec();
    let at = bytes.len() - 32;
    bytes[at] ^= 1;
    bytes
}

#[test]
fn every_check_has_its_verdict() {
    let (mut device, mut other) = (DeviceFixture::new("home-1"), DeviceFixture::new("home-2"));
    let mut engine = open(&SimulatedDisk::default(), &[&device, &other]);
    let mut check = |device_id: &str, bytes: &[u8], expected: Verdict| {
        assert_eq!(
            submit(&mut engine, &[(device_id, bytes)]),
            Ok(codes(&[expected]))
        );
    };
    check("home-1", &vec![0; ENVELOPE_BYTES_MAX + 1], TooLarge);
    check("home-1", &vec![0; ENVELOPE_BYTES_MAX], Malformed);
    check("home-1", &device.sign(&[]), Malformed);
    check(
        "stranger",
        &DeviceFixture::new("stranger").next(1),
        UnknownDevice,
    );
    check("home-2", &device.next(1), IdentityMismatch);
    check("home-1", &device.next(1), Accepted);
    device.last_hash = [7; 32];
    check("home-1", &device.next(1), ChainBroken);
    device.next_reading.import_wh -= 100;
    check("home-1", &device.next(1), RegisterDecreased);
    device.next_reading.import_wh += 200;
    device.next_reading.measured_at_unix_ms -= 600_000;
    check("home-1", &device.next(1), ClockSkew);
    device.next_reading.measured_at_unix_ms = RECEIVED_AT_UNIX_MS + CLOCK_AHEAD_MS_MAX;
    check("home-1", &device.next(1), Accepted);
    other.next_reading.measured_at_unix_ms = RECEIVED_AT_UNIX_MS + CLOCK_AHEAD_MS_MAX + 1;
    check("home-2", &other.next(1), ClockSkew);
}

#[test]
fn gap_is_filled_in_any_order_but_with_its_own_chain_only() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let envelopes: Vec<_> = (0..5).map(|_| device.next(2)).collect();
    let mut check = |bytes: &[u8], expected: Verdict| {
        assert_eq!(
            submit(&mut engine, &[("home-1", bytes)]),
            Ok(codes(&[expected]))
        );
    };
    check(&envelopes[0], Accepted);
    check(&envelopes[4], Accepted);
    check(&envelopes[2], Accepted);
    check(&envelopes[1], Accepted);
    let mut impostor = DeviceFixture::new("home-1");
    impostor.next_seq = 6;
    impostor.last_hash = device.last_hash;
    check(&impostor.next(2), ChainBroken);
    check(&envelopes[3], Accepted);
    impostor.next_seq = 1;
    check(&impostor.next(2), Stale);
}

#[test]
fn new_boot_epoch_is_taken_and_the_old_one_is_stale() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let mut restarted = DeviceFixture::new("home-1");
    (restarted.boot_epoch, restarted.next_reading.import_wh) = (2, 0);
    restarted.next_reading.measured_at_unix_ms += 3_600_000;
    let envelopes = [device.next(1), restarted.next(1), device.next(1)];
    let named: Vec<_> = envelopes
        .iter()
        .map(|bytes| ("home-1", bytes.as_slice()))
        .collect();
    assert_eq!(
        submit(&mut engine, &named),
        Ok(codes(&[Accepted, Accepted, Stale]))
    );
}

#[test]
fn one_forgery_among_many_fails_alone() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let mut envelopes: Vec<_> = (0..300).map(|_| device.next(1)).collect();
    envelopes[271] = forged(&envelopes[271]);
    let named: Vec<_> = envelopes
        .iter()
        .map(|bytes| ("home-1", bytes.as_slice()))
        .collect();
    let verdicts = submit(&mut engine, &named).unwrap();
    let rejected: Vec<_> = (0..300)
        .filter(|&place| verdicts[place] != Accepted.code())
        .collect();
    assert_eq!(rejected, [271]);
    assert_eq!(verdicts[271], BadSignature.code());
}

#[test]
fn several_batches_share_one_group_and_see_each_other() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let envelope = device.next(2);
    let same = batch(&[("home-1", &envelope)]);
    let outcomes = engine.commit(&[same.clone(), same]).unwrap();
    let found: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| verdicts(outcome))
        .collect();
    assert_eq!(found, codes(&[Accepted, Duplicate]));
}

#[test]
fn misused_batch_is_refused_and_changes_nothing() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let broken = Batch {
        packed: vec![9],
        received_at_unix_ms: 0,
    };
    assert_eq!(
        engine.commit(&[broken]).map_err(|failure| failure.code()),
        Err("MISUSE")
    );
    assert_eq!(
        engine.read_log(0, 0).map_err(|failure| failure.code()),
        Err("MISUSE")
    );
    assert_eq!(
        submit(&mut engine, &[("home-1", &device.next(1))]),
        Ok(codes(&[Accepted]))
    );
}

#[test]
fn full_disk_refuses_the_batch_and_takes_it_again_later() {
    let disk = SimulatedDisk::default();
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&disk, &[&device]);
    let envelope = device.next(2);
    disk.set_room(Some(50));
    assert_eq!(
        submit(&mut engine, &[("home-1", &envelope)]),
        Err("WAL_FULL")
    );
    disk.set_room(None);
    assert_eq!(
        submit(&mut engine, &[("home-1", &envelope)]),
        Ok(codes(&[Accepted]))
    );
}

#[test]
fn failed_sync_is_final() {
    let disk = SimulatedDisk::default();
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&disk, &[&device]);
    let envelope = device.next(2);
    disk.set_fails_sync(true);
    assert_eq!(submit(&mut engine, &[("home-1", &envelope)]), Err("WAL_IO"));
    disk.set_fails_sync(false);
    assert_eq!(submit(&mut engine, &[("home-1", &envelope)]), Err("WAL_IO"));
}

#[test]
fn quarantine_outlives_a_restart() {
    let disk = SimulatedDisk::default();
    let (mut hostile, mut twice) = (DeviceFixture::new("home-1"), DeviceFixture::new("home-2"));
    let mut engine = open(&disk, &[&hostile, &twice]);
    for _ in 0..BAD_SIGNATURES_MAX {
        let envelope = forged(&hostile.next(1));
        assert_eq!(
            submit(&mut engine, &[("home-1", &envelope)]),
            Ok(codes(&[BadSignature]))
        );
    }
    let (first, second) = (twice.payload(1), twice.payload(1));
    let (first, second) = (twice.sign(&first), twice.sign(&second));
    let signed_twice = [("home-2", first.as_slice()), ("home-2", second.as_slice())];
    assert_eq!(
        submit(&mut engine, &signed_twice),
        Ok(codes(&[Accepted, Equivocation]))
    );
    drop(engine);
    let mut engine = open(&disk, &[&hostile, &twice]);
    assert_eq!(engine.quarantined(), ["home-1", "home-2"]);
    assert_eq!(
        submit(&mut engine, &[("home-1", &hostile.next(1))]),
        Ok(codes(&[Quarantined]))
    );
}

/// Where to go on, and how many envelopes the outcome has.
fn replayed(packed: &[u8]) -> (u64, u32) {
    let mut unpacker = Unpacker::new(packed);
    let next_seq = unpacker.u64().unwrap();
    // Verdicts, devices and feeders are counted first.
    unpacker.bytes(12).unwrap();
    (next_seq, unpacker.u32().unwrap())
}

#[test]
fn replay_goes_on_where_it_ended_and_begins_anew_when_asked() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    for _ in 0..5 {
        submit(&mut engine, &[("home-1", &device.next(1))]).unwrap();
    }
    let asked = [(0, 2), (2, 2), (4, 9), (5, 9), (1, 3), (0, 9)];
    let found = asked.map(|(from, max)| replayed(&engine.replay(from, max).unwrap()));
    assert_eq!(found, [(2, 2), (4, 2), (5, 1), (5, 0), (4, 3), (5, 5)]);
}

/// Verifies nothing by itself and counts how often it was asked one by one.
struct CountingVerifier(std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl SignatureVerifier for CountingVerifier {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn verify_each(&mut self, messages: &[SignedMessage<'_>], verdicts: &mut Vec<bool>) {
        self.0
            .fetch_add(messages.len(), std::sync::atomic::Ordering::Relaxed);
        verdicts.extend(messages.iter().map(|_| true));
    }
}

#[test]
fn resend_that_leaves_the_replay_window_within_its_group_is_verified_after_all() {
    let disk = SimulatedDisk::default();
    let mut device = DeviceFixture::new("home-1");
    let asked = std::sync::Arc::default();
    let mut engine = open_with(
        &disk,
        &[&device],
        Box::new(CountingVerifier(std::sync::Arc::clone(&asked))),
    );
    let first = device.next(1);
    submit(&mut engine, &[("home-1", &first)]).unwrap();
    let mut envelopes: Vec<_> = (0..REPLAY_WINDOW_ENVELOPES)
        .map(|_| device.next(1))
        .collect();
    envelopes.push(first);
    let named: Vec<_> = envelopes
        .iter()
        .map(|bytes| ("home-1", bytes.as_slice()))
        .collect();
    let verdicts = submit(&mut engine, &named).unwrap();
    assert_eq!(verdicts.last(), Some(&Stale.code()));
    assert_eq!(
        asked.load(std::sync::atomic::Ordering::Relaxed),
        1 + REPLAY_WINDOW_ENVELOPES + 1
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each step sends two envelopes; then the disk may be full, may fail to sync, or the power may be cut.
    #[test]
    fn acknowledged_envelopes_are_stored_exactly_once(
        steps in proptest::collection::vec((0..4_u8, 0..=1_000_usize), 1..12),
    ) {
        let disk = SimulatedDisk::default();
        let mut device = DeviceFixture::new("home-1");
        let mut engine = open(&disk, &[&device]);
        let mut acked: Vec<Vec<u8>> = Vec::new();
        for (fault, kept) in steps {
            let envelopes = [device.next(1), device.next(2)];
            let named = [("home-1", envelopes[0].as_slice()), ("home-1", envelopes[1].as_slice())];
            disk.set_room((fault == 1).then_some(kept % 300));
            disk.set_fails_sync(fault == 2);
            let mut answer = submit(&mut engine, &named);
            disk.set_room(None);
            disk.set_fails_sync(false);
            if fault >= 2 {
                disk.crash(kept);
                engine = open(&disk, &[&device]);
            }
            if answer.is_err() {
                // The device sends again what was not acknowledged; part of it may be there already.
                answer = submit(&mut engine, &named);
            }
            let is_stored = |&verdict: &u8| verdict == Accepted.code() || verdict == Duplicate.code();
            prop_assert!(answer.unwrap().iter().all(is_stored));
            acked.extend(envelopes);
        }
        let log = engine.read_log(0, 1_000).unwrap();
        let mut unpacker = Unpacker::new(&log);
        let mut stored = Vec::new();
        while !unpacker.is_at_end() {
            unpacker.bytes(17).unwrap();
            unpacker.text().unwrap();
            stored.push(unpacker.long_bytes().unwrap().to_vec());
        }
        prop_assert_eq!(stored, acked);
    }
}

#[test]
fn a_group_leaves_its_memory_to_the_next() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    submit(&mut engine, &[("home-1", &device.next(100))]).unwrap();
    let usual = engine.counts();
    assert!((1..=2 * KEPT_MEMORY_BYTES_MAX).contains(&usual.group_memory_bytes));
    assert_eq!(usual.spare_states, 1);
    submit(&mut engine, &[("home-1", &device.next(1))]).unwrap();
    assert_eq!(engine.counts().group_memory_bytes, usual.group_memory_bytes);
}
