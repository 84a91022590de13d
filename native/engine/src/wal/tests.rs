use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

use super::record::{RECORD_HEADER_BYTES, RECORD_PAYLOAD_BYTES_MAX, record_at};
use super::recovery::AHEAD_BYTES_MIN;
use super::segment::{CHUNK_BYTES, name_of};
use super::simulated_disk::SimulatedDisk;
use super::{Entry, Group, Wal, parse_entry};
use crate::error::EngineError;

const SEGMENT_BYTES_MAX: u64 = 1 << 20;

fn open(
    disk: &SimulatedDisk,
    segment_bytes_max: u64,
) -> Result<(Wal<SimulatedDisk>, Vec<String>), EngineError> {
    let mut found = Vec::new();
    let wal = Wal::open(
        disk.clone(),
        segment_bytes_max,
        0,
        |_| (),
        |_, payload, ()| {
            found.push(text(payload));
            Ok(())
        },
    )?;
    Ok((wal, found))
}

fn text(payload: &[u8]) -> String {
    let entry = parse_entry(payload).expect("an entry");
    String::from_utf8(entry.bytes.to_vec()).expect("text")
}

fn entry(text: &str) -> Entry<'_> {
    Entry {
        verdict: 0,
        received_at_unix_ms: 7,
        device_id: "home-1",
        bytes: text.as_bytes(),
    }
}

fn append(wal: &mut Wal<SimulatedDisk>, texts: &[&str]) -> Result<(), EngineError> {
    let mut group = wal.new_group(Vec::new());
    for text in texts {
        group.push(&entry(text));
    }
    wal.commit(&group)
}

fn read(
    wal: &mut Wal<SimulatedDisk>,
    from: u64,
    max: usize,
) -> Result<Vec<(u64, String)>, EngineError> {
    let mut records = Vec::new();
    wal.read(from, max, |seq, payload| {
        records.push((seq, text(payload)));
        Ok(())
    })?;
    Ok(records)
}

fn code<T>(result: Result<T, EngineError>) -> &'static str {
    result.err().map_or("ok", |error| error.code())
}

#[test]
fn goes_on_after_a_tail_torn_at_any_byte() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, SEGMENT_BYTES_MAX).unwrap();
    append(&mut wal, &["one"]).unwrap();
    let one_ends = disk.bytes(&name_of(0)).len();
    append(&mut wal, &["two", "three"]).unwrap();
    let bytes = disk.bytes(&name_of(0));
    for length in one_ends..bytes.len() {
        let torn = SimulatedDisk::holding(&name_of(0), &bytes[..length]);
        let (mut wal, found) = open(&torn, SEGMENT_BYTES_MAX).unwrap();
        let whole = if length < 2 * one_ends { 1 } else { 2 };
        assert_eq!(found, ["one", "two"][..whole], "{length} bytes");
        append(&mut wal, &["four"]).unwrap();
        assert_eq!(
            open(&torn, SEGMENT_BYTES_MAX).unwrap().1.last().unwrap(),
            "four"
        );
    }
}

#[test]
fn refuses_any_changed_bit_that_a_later_group_proves_to_have_been_synced() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, SEGMENT_BYTES_MAX).unwrap();
    append(&mut wal, &["one", "two"]).unwrap();
    let proven = disk.bytes(&name_of(0)).len();
    append(&mut wal, &["three"]).unwrap();
    let bytes = disk.bytes(&name_of(0));
    for bit in 0..proven * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let damaged = SimulatedDisk::holding(&name_of(0), &changed);
        assert_eq!(
            code(open(&damaged, SEGMENT_BYTES_MAX)),
            "WAL_DAMAGED",
            "bit {bit}"
        );
    }
}

#[test]
fn refuses_a_torn_segment_that_is_not_the_last_and_a_missing_one() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, 1).unwrap();
    for text in ["one", "two", "three"] {
        append(&mut wal, &[text]).unwrap();
    }
    let segments: Vec<_> = (0..3)
        .map(|seq| (name_of(seq), disk.bytes(&name_of(seq))))
        .collect();
    let without = |missing: usize, cut: usize| {
        let disk = SimulatedDisk::holding(&segments[0].0, &segments[0].1);
        for (index, (name, bytes)) in segments
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != missing)
        {
            let kept = if index == 1 {
                bytes.len() - cut
            } else {
                bytes.len()
            };
            disk.absorb(&SimulatedDisk::holding(name, &bytes[..kept]));
        }
        code(open(&disk, 1))
    };
    assert_eq!(without(9, 0), "ok");
    assert_eq!(without(9, 1), "WAL_DAMAGED");
    assert_eq!(without(1, 0), "WAL_DAMAGED");
}

/// A gap in the numbers would show a record that is gone, but nothing follows from bytes that never were one.
#[test]
fn refuses_bytes_behind_the_last_record_of_a_segment_that_is_not_the_last() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, 1).unwrap();
    append(&mut wal, &["one"]).unwrap();
    append(&mut wal, &["two"]).unwrap();
    let with_tail = |tail: &[u8]| {
        let first = [disk.bytes(&name_of(0)), tail.to_vec()].concat();
        let damaged = SimulatedDisk::holding(&name_of(0), &first);
        damaged.absorb(&SimulatedDisk::holding(
            &name_of(1),
            &disk.bytes(&name_of(1)),
        ));
        code(open(&damaged, 1))
    };
    assert_eq!(with_tail(&[]), "ok");
    assert_eq!(with_tail(&[0]), "WAL_DAMAGED");
    assert_eq!(with_tail(&[7; 64]), "WAL_DAMAGED");
}

#[test]
fn reads_across_segments_and_refuses_what_is_damaged_by_then() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, 80).unwrap();
    for text in ["a", "b", "c", "d", "e"] {
        append(&mut wal, &[text]).unwrap();
    }
    let expected: Vec<_> = [(1, "b"), (2, "c"), (3, "d")]
        .map(|(seq, text)| (seq, text.to_owned()))
        .into();
    assert_eq!(read(&mut wal, 1, 3).unwrap(), expected);
    assert_eq!(read(&mut wal, 5, 3).unwrap(), []);
    // Two segments are kept in memory; with this one the first has to be read again.
    assert_eq!(read(&mut wal, 4, 1).unwrap().len(), 1);
    let mut changed = disk.bytes(&name_of(0));
    changed[RECORD_HEADER_BYTES] ^= 1;
    disk.absorb(&SimulatedDisk::holding(&name_of(0), &changed));
    assert_eq!(code(read(&mut wal, 0, 1)), "WAL_DAMAGED");
}

#[test]
fn reading_goes_on_where_it_ended_also_past_what_was_cut_off() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, 200).unwrap();
    append(&mut wal, &["a"]).unwrap();
    assert_eq!(read(&mut wal, 0, 9).unwrap().len(), 1);
    disk.set_room(Some(10));
    assert_eq!(code(append(&mut wal, &["lost"])), "WAL_FULL");
    disk.set_room(None);
    let mut expected = vec![(0, "a".to_owned())];
    for (seq, text) in (1..).zip(["b", "c", "d", "e", "f", "g", "h"]) {
        append(&mut wal, &[text]).unwrap();
        expected.push((seq, text.to_owned()));
        // From the tail and from the beginning by turns, as a view that follows and one that catches up do.
        assert_eq!(read(&mut wal, seq, 9).unwrap(), [(seq, text.to_owned())]);
        assert_eq!(read(&mut wal, 0, 99).unwrap(), expected);
    }
}

#[test]
fn full_disk_loses_nothing_and_ends() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, SEGMENT_BYTES_MAX).unwrap();
    append(&mut wal, &["one"]).unwrap();
    let before = disk.bytes(&name_of(0));
    for room in 0..40 {
        disk.set_room(Some(room));
        assert_eq!(code(append(&mut wal, &["two"])), "WAL_FULL");
        assert_eq!(disk.bytes(&name_of(0)), before);
    }
    disk.set_room(None);
    append(&mut wal, &["two"]).unwrap();
    assert_eq!(open(&disk, SEGMENT_BYTES_MAX).unwrap().1, ["one", "two"]);
}

#[test]
fn what_was_found_at_opening_is_durable() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, SEGMENT_BYTES_MAX).unwrap();
    disk.set_fails_sync(true);
    assert_eq!(code(append(&mut wal, &["one"])), "WAL_IO");
    // The process died, the machine did not: the record can be read, but no sync has succeeded.
    assert_eq!(code(open(&disk, SEGMENT_BYTES_MAX)), "WAL_IO");
    disk.set_fails_sync(false);
    assert_eq!(open(&disk, SEGMENT_BYTES_MAX).unwrap().1, ["one"]);
    disk.crash(0);
    assert_eq!(open(&disk, SEGMENT_BYTES_MAX).unwrap().1, ["one"]);
}

#[test]
fn empty_group_writes_nothing() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, SEGMENT_BYTES_MAX).unwrap();
    disk.set_fails_sync(true);
    assert_eq!(
        wal.commit(&Group::new(0, Vec::new()))
            .map_err(|error| error.code()),
        Ok(())
    );
    assert_eq!(code(append(&mut wal, &["one"])), "WAL_IO");
}

#[test]
fn a_record_is_as_long_as_its_bound_and_a_longer_one_is_damage() {
    let record_of = |payload_bytes: usize| {
        let mut record = vec![0; RECORD_HEADER_BYTES + payload_bytes];
        let length = u32::try_from(payload_bytes).expect("a length of four bytes");
        record[..4].copy_from_slice(&length.to_le_bytes());
        let checksum = crc32c::crc32c(&record[8..]);
        record[4..8].copy_from_slice(&checksum.to_le_bytes());
        record
    };
    assert!(record_at(&record_of(RECORD_PAYLOAD_BYTES_MAX), 0).is_some());
    assert!(record_at(&record_of(RECORD_PAYLOAD_BYTES_MAX + 1), 0).is_none());
}

#[test]
fn a_segment_is_read_over_the_bounds_of_chunks_in_whichever_order() {
    let (mut wal, _) = open(&SimulatedDisk::default(), u64::MAX).unwrap();
    let large = "x".repeat(60_000);
    let count = 2 * CHUNK_BYTES / large.len() + 2;
    append(&mut wal, &vec![large.as_str(); count]).unwrap();
    let last = count as u64 - 1;
    for (from, expected) in [(last, 1), (0, count), (last / 2, count - count / 2)] {
        let found = read(&mut wal, from, count).unwrap();
        assert_eq!(found.len(), expected);
        assert!(found.iter().all(|(_, text)| *text == large));
    }
}

#[test]
fn a_log_that_is_read_ahead_is_checked_as_one_that_is_not() {
    let disk = SimulatedDisk::default();
    let (mut wal, _) = open(&disk, 1).unwrap();
    // The first segment is large enough for the others to be read ahead.
    let large = "x".repeat(AHEAD_BYTES_MIN);
    for text in [large.as_str(), "one", "two", "three"] {
        append(&mut wal, &[text]).unwrap();
    }
    assert_eq!(
        open(&disk, 1).unwrap().1,
        [large.as_str(), "one", "two", "three"]
    );
    for segment in 0..3 {
        let damaged = disk.fork();
        damaged.flip_bit(&name_of(segment), 8 * RECORD_HEADER_BYTES);
        assert_eq!(code(open(&damaged, 1)), "WAL_DAMAGED", "segment {segment}");
    }
    let shortened = disk.fork();
    shortened.absorb(&SimulatedDisk::holding(&name_of(2), b""));
    assert_eq!(code(open(&shortened, 1)), "WAL_DAMAGED");
}

proptest! {
    // A failing case prints its steps, which is all that is needed to repeat it.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_loses_what_it_synced(steps in proptest::collection::vec((1..5_usize, 0..3_u8, 0..=1_000_usize), 0..20)) {
        let disk = SimulatedDisk::default();
        let (mut wal, _) = open(&disk, 300).unwrap();
        let mut durable: Vec<String> = Vec::new();
        for (number, (records, fault, kept)) in steps.into_iter().enumerate() {
            let texts: Vec<_> = (0..records).map(|index| format!("{number}.{index}")).collect();
            disk.set_room((fault == 1).then_some(kept % 40));
            disk.set_fails_sync(fault == 2);
            let acked = append(&mut wal, &texts.iter().map(String::as_str).collect::<Vec<_>>());
            disk.set_room(None);
            disk.set_fails_sync(false);
            prop_assert_eq!(acked.is_ok(), fault == 0);
            if fault == 0 {
                durable.extend(texts.iter().cloned());
            }
            if fault == 2 || kept < 300 {
                disk.crash(kept);
                let (reopened, found) = open(&disk, 300).unwrap();
                let unacked = if fault == 2 { &texts[..] } else { &[] };
                prop_assert_eq!(&found[..durable.len()], &durable[..]);
                prop_assert_eq!(&found[durable.len()..], &unacked[..found.len() - durable.len()]);
                durable = found;
                wal = reopened;
            }
        }
    }

    #[test]
    fn reader_takes_any_bytes(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let disk = SimulatedDisk::holding(&name_of(0), &noise);
        prop_assert!(open(&disk, SEGMENT_BYTES_MAX).is_ok());
    }
}
