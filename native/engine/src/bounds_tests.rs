//! What happens at each bound of what a device may send and of what is remembered of it, and one beyond.

use crate::engine::{LINES_BYTES_MIN, LINES_HEADER_BYTES};
use crate::engine_tests::{batch, codes, forged, open, submit};
use crate::fixture::DeviceFixture;
use crate::limits::{
    BAD_SIGNATURES_MAX, GAPS_MAX, POWER_W_MAX, QUEUED_ENVELOPES_MAX, READINGS_MAX, REGISTER_WH_MAX,
    REJECTED_BYTES_MAX, REPLAY_WINDOW_ENVELOPES,
};
use crate::verdict::Verdict::{
    self, Accepted, BadSignature, Duplicate, Malformed, Quarantined, Stale, TooLarge,
};
use crate::wal::simulated_disk::SimulatedDisk;

/// Verdict on one envelope of a device that the engine does not know yet.
fn first_verdict(device: &DeviceFixture, envelope: &[u8]) -> Vec<u8> {
    let mut engine = open(&SimulatedDisk::default(), &[device]);
    submit(&mut engine, &[(device.id.as_str(), envelope)]).unwrap()
}

#[test]
fn an_envelope_has_as_many_readings_as_a_day_has_minutes() {
    let mut device = DeviceFixture::new("home-1");
    let [largest, too_large] = [READINGS_MAX, READINGS_MAX + 1].map(|count| device.next(count));
    assert_eq!(first_verdict(&device, &largest), codes(&[Accepted]));
    assert_eq!(first_verdict(&device, &too_large), codes(&[TooLarge]));
}

#[test]
fn registers_and_power_have_48_bits() {
    type Change = fn(&mut DeviceFixture);
    let verdict_of = |change: Change| {
        let mut device = DeviceFixture::new("home-1");
        change(&mut device);
        let envelope = device.next(1);
        first_verdict(&device, &envelope)
    };
    let cases: [(Change, Verdict); 8] = [
        (
            |device| device.next_reading.import_wh = REGISTER_WH_MAX,
            Accepted,
        ),
        (
            |device| device.next_reading.import_wh = REGISTER_WH_MAX + 1,
            Malformed,
        ),
        (
            |device| device.next_reading.export_wh = REGISTER_WH_MAX,
            Accepted,
        ),
        (
            |device| device.next_reading.export_wh = REGISTER_WH_MAX + 1,
            Malformed,
        ),
        (
            |device| device.next_reading.power_w = POWER_W_MAX.cast_signed(),
            Accepted,
        ),
        (
            |device| device.next_reading.power_w = POWER_W_MAX.cast_signed() + 1,
            Malformed,
        ),
        (
            |device| device.next_reading.power_w = -POWER_W_MAX.cast_signed(),
            Accepted,
        ),
        (
            |device| device.next_reading.power_w = -POWER_W_MAX.cast_signed() - 1,
            Malformed,
        ),
    ];
    for (place, (change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(verdict_of(change), codes(&[expected]), "case {place}");
    }
}

#[test]
fn a_device_is_quarantined_with_the_last_bad_signature_that_it_had() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let mut send = |envelope: &[u8]| submit(&mut engine, &[("home-1", envelope)]).unwrap();
    let honest = device.next(1);
    for _ in 1..BAD_SIGNATURES_MAX {
        assert_eq!(send(&forged(&honest)), codes(&[BadSignature]));
    }
    assert_eq!(send(&honest), codes(&[Accepted]));
    let next = device.next(1);
    assert_eq!(send(&forged(&next)), codes(&[BadSignature]));
    assert_eq!(send(&next), codes(&[Quarantined]));
}

/// Verdict on what fills the oldest and the second oldest of so many gaps.
fn fill_oldest_of(gaps: usize) -> [Vec<u8>; 2] {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let mut send = |envelope: &[u8]| submit(&mut engine, &[("home-1", envelope)]).unwrap();
    send(&device.next(1));
    let skipped: Vec<_> = (0..gaps)
        .map(|_| {
            let skipped = device.next(1);
            assert_eq!(send(&device.next(1)), codes(&[Accepted]));
            skipped
        })
        .collect();
    [send(&skipped[0]), send(&skipped[1])]
}

#[test]
fn a_device_has_as_many_gaps_as_the_bound_and_then_the_oldest_is_forgotten() {
    assert_eq!(
        fill_oldest_of(GAPS_MAX),
        [codes(&[Accepted]), codes(&[Accepted])]
    );
    assert_eq!(
        fill_oldest_of(GAPS_MAX + 1),
        [codes(&[Stale]), codes(&[Accepted])]
    );
}

/// Verdict on a resend of the first of so many envelopes.
fn resend_first_of(envelopes: usize) -> Vec<u8> {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let sent: Vec<_> = (0..envelopes).map(|_| device.next(1)).collect();
    for envelope in &sent {
        submit(&mut engine, &[("home-1", envelope)]).unwrap();
    }
    submit(&mut engine, &[("home-1", &sent[0])]).unwrap()
}

#[test]
fn a_resend_is_known_as_long_as_it_is_in_the_replay_window() {
    assert_eq!(
        resend_first_of(REPLAY_WINDOW_ENVELOPES),
        codes(&[Duplicate])
    );
    assert_eq!(
        resend_first_of(REPLAY_WINDOW_ENVELOPES + 1),
        codes(&[Stale])
    );
}

#[test]
fn of_a_rejected_envelope_no_more_is_logged_than_the_bound() {
    let device = DeviceFixture::new("home-1");
    let logged_bytes = |size: usize| {
        let mut engine = open(&SimulatedDisk::default(), &[&device]);
        engine
            .commit(&[batch(&[("home-1", &vec![0; size])])])
            .unwrap();
        // Before the envelope stand its number, time, verdict, device and length.
        engine.read_log(0, 1).unwrap().len() - (8 + 8 + 1 + 7 + 4)
    };
    assert_eq!(logged_bytes(REJECTED_BYTES_MAX), REJECTED_BYTES_MAX);
    assert_eq!(logged_bytes(REJECTED_BYTES_MAX + 1), REJECTED_BYTES_MAX);
}

#[test]
fn the_log_is_read_in_parts_of_bounded_length() {
    let mut engine = open(&SimulatedDisk::default(), &[]);
    let mut code_of = |records_max: usize| {
        let read = engine.replay(0, records_max);
        read.map_or_else(|failure| failure.code(), |_| "ok")
    };
    assert_eq!([1, QUEUED_ENVELOPES_MAX].map(&mut code_of), ["ok", "ok"]);
    assert_eq!(
        [0, QUEUED_ENVELOPES_MAX + 1].map(&mut code_of),
        ["MISUSE", "MISUSE"]
    );
}

#[test]
fn lines_are_of_as_many_whole_envelopes_as_have_room() {
    let mut device = DeviceFixture::new("home-1");
    let mut engine = open(&SimulatedDisk::default(), &[&device]);
    let envelopes: Vec<_> = (0..7).map(|_| device.next(READINGS_MAX)).collect();
    for envelope in &envelopes {
        submit(&mut engine, &[("home-1", envelope)]).unwrap();
    }
    let mut taken = |from_seq: u64, bytes_max: usize| {
        let packed = engine
            .lines(from_seq, bytes_max)
            .map_err(|failure| failure.code())?;
        let next_seq = u64::from_le_bytes(*packed.first_chunk().unwrap());
        Ok((next_seq, packed.len() - LINES_HEADER_BYTES))
    };
    let (end_seq, size) = taken(0, 2 * LINES_BYTES_MIN).unwrap();
    assert_eq!(end_seq, 7);
    assert!(size > LINES_BYTES_MIN);
    assert_eq!(taken(0, size), Ok((7, size)));
    assert!(matches!(taken(0, size - 1), Ok((6, shorter)) if shorter < size));
    assert_eq!(taken(7, size), Ok((7, 0)));
    assert_eq!(taken(0, LINES_BYTES_MIN - 1), Err("MISUSE"));
}
