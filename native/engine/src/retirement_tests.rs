//! Retirement on simulated disks; crashes at every step are what `gridpact-trials crashes` is for.

use super::*;
use crate::engine::{Batch, Engine, EngineOptions};
use crate::fixture::DeviceFixture;
use crate::frame::Pack;
use crate::signature::BatchVerifier;
use crate::wal::simulated_disk::SimulatedDisk;

const OPTIONS: EngineOptions = EngineOptions {
    mtu_ms: 900_000,
    // Each group closes the segment before it.
    segment_bytes_max: 1,
};

struct Bench {
    log: SimulatedDisk,
    archive: SimulatedDisk,
    engine: Engine<SimulatedDisk>,
    device: DeviceFixture,
}

impl Bench {
    /// An engine with an archive, and so many segments of one record.
    fn with_segments(segments: usize) -> Self {
        let (log, archive) = (SimulatedDisk::default(), SimulatedDisk::default());
        let device = DeviceFixture::new("home-1");
        let verifier = Box::new(BatchVerifier::default());
        let mut engine = Engine::open(log.clone(), OPTIONS, verifier).unwrap();
        engine.archive_to(archive.clone());
        engine.enrol(&device.id, device.public_key, "feeder-1");
        let mut bench = Self {
            log,
            archive,
            engine,
            device,
        };
        for _ in 0..segments {
            bench.commit().unwrap();
        }
        bench
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        let mut packed = Vec::new();
        packed.pack_text("home-1");
        packed.pack_long_bytes(&self.device.next(1));
        let batch = Batch {
            packed,
            received_at_unix_ms: 1 << 40,
        };
        self.engine.commit(&[batch]).map(|_| ())
    }

    /// Retires what ends at or before a record; the code of the failure, or where the log starts then.
    fn retire(&mut self, before_seq: u64) -> Result<u64, &'static str> {
        let retirement = self.engine.plan_retirement(before_seq);
        let prepared = retirement.expect("closed segments").prepare();
        self.engine
            .retire(prepared)
            .map_err(|failure| failure.code())
    }

    fn first_seq(&self) -> u64 {
        self.engine.segments()[0].first_seq
    }
}

#[test]
fn moves_whole_segments_into_the_archive() {
    let mut bench = Bench::with_segments(4);
    let before = [bench.log.bytes(&name_of(0)), bench.log.bytes(&name_of(1))];
    assert_eq!(bench.retire(2), Ok(2));
    assert_eq!([0, 1].map(|seq| bench.archive.bytes(&name_of(seq))), before);
    assert!(
        bench
            .log
            .files()
            .iter()
            .all(|(name, _)| *name != name_of(1))
    );
    assert_eq!(bench.archive.files().len(), 2);
    bench.commit().unwrap();
    assert!(bench.engine.plan_retirement(2).is_none());
}

#[test]
fn takes_a_bounded_number_of_segments_and_never_the_open_one() {
    let mut bench = Bench::with_segments(RETIRED_SEGMENTS_MAX + 2);
    assert_eq!(bench.retire(u64::MAX), Ok(RETIRED_SEGMENTS_MAX as u64));
    assert_eq!(bench.retire(u64::MAX), Ok(RETIRED_SEGMENTS_MAX as u64 + 1));
    assert!(bench.engine.plan_retirement(u64::MAX).is_none());
}

#[test]
fn an_archive_that_fails_keeps_the_segments_in_the_log_and_the_engine_at_work() {
    let mut bench = Bench::with_segments(3);
    bench.archive.set_room(Some(10));
    assert_eq!(bench.retire(2), Err("ARCHIVE_IO"));
    bench.archive.set_room(None);
    bench.archive.set_fails_sync(true);
    assert_eq!(bench.retire(2), Err("ARCHIVE_IO"));
    bench.archive.set_fails_sync(false);
    assert_eq!((bench.first_seq(), bench.engine.has_failed()), (0, false));
    bench.commit().unwrap();
    assert_eq!(bench.retire(2), Ok(2));
}

#[test]
fn never_overwrites_the_archive_of_another_log() {
    let (mut bench, other) = (Bench::with_segments(3), Bench::with_segments(1));
    let mut foreign = other.log.bytes(&name_of(0));
    // Another time of receipt in a record that is whole: the checksum is made anew.
    foreign[RECEIVED_AT_BYTE] ^= 1;
    let checksum = crc32c::crc32c(&foreign[8..]);
    foreign[4..8].copy_from_slice(&checksum.to_le_bytes());
    let archive = SimulatedDisk::holding(&name_of(0), &foreign);
    bench.archive.absorb(&archive);
    assert_eq!(bench.retire(1), Err("ARCHIVE_IO"));
    assert_eq!(bench.archive.bytes(&name_of(0)), foreign);
    assert_eq!(bench.first_seq(), 0);
}

/// In the first record of a segment: a header of 24 bytes, a verdict, then the time.
const RECEIVED_AT_BYTE: usize = 25;

#[test]
fn a_copy_that_was_torn_is_written_anew() {
    let mut bench = Bench::with_segments(3);
    let whole = bench.log.bytes(&name_of(0));
    let mut torn = whole.clone();
    torn[30..].fill(0);
    bench
        .archive
        .absorb(&SimulatedDisk::holding(&name_of(0), &torn));
    assert_eq!(bench.retire(1), Ok(1));
    assert_eq!(bench.archive.bytes(&name_of(0)), whole);
}

#[test]
fn a_full_disk_puts_the_checkpoint_off_and_a_failed_sync_is_final() {
    let mut bench = Bench::with_segments(3);
    bench.log.set_room(Some(10));
    assert_eq!(bench.retire(1), Err("WAL_FULL"));
    bench.log.set_room(None);
    bench.commit().unwrap();
    bench.log.set_fails_sync(true);
    assert_eq!(bench.retire(1), Err("WAL_IO"));
    bench.log.set_fails_sync(false);
    assert_eq!(
        bench.commit().map_err(|failure| failure.code()),
        Err("WAL_IO")
    );
}

#[test]
fn a_damaged_segment_is_not_retired() {
    let mut bench = Bench::with_segments(3);
    bench.log.flip_bit(&name_of(0), 300);
    assert_eq!(bench.retire(1), Err("WAL_DAMAGED"));
    assert_eq!((bench.first_seq(), bench.archive.files()), (0, Vec::new()));
    bench.commit().unwrap();
}

#[test]
fn a_replay_that_begins_while_a_checkpoint_is_prepared_misses_nothing() {
    let mut bench = Bench::with_segments(3);
    let planned = bench
        .engine
        .plan_retirement(2)
        .expect("two closed segments");
    let prepared = planned.prepare();
    let envelopes = |packed: &[u8]| u32::from_le_bytes(packed[20..24].try_into().unwrap());
    assert_eq!(envelopes(&bench.engine.replay(0, 10).unwrap()), 3);
    bench.engine.retire(prepared).unwrap();
    assert_eq!(envelopes(&bench.engine.replay(0, 10).unwrap()), 1);
}
