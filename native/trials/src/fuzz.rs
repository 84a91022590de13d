//! Mutated input for the two decoders that read what others wrote: envelopes off the wire, and the log off the disk.
//! They must neither panic nor hang nor take memory in proportion to numbers that the input merely claims.

use std::fs;
use std::time::Instant;

use gridpact_engine::{Engine, EngineError, Reading, decode_envelope};

use super::device_fixture::{DeviceFixture, envelope_of};
use super::life::Life;
use super::random::Random;
use super::simulated_disk::SimulatedDisk;

/// Where a log of one segment stands.
const LOG_NAME: &str = "00000000000000000000.log";

/// Well-formed inputs that mutation starts from.
const SEEDS: usize = 16;

/// What a run found; a panic ends the process and with it the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FuzzReport {
    /// Inputs tried.
    pub inputs: u64,
    /// Inputs that decoded in spite of their mutation.
    pub accepted: u64,
    /// Inputs after which a promise of the decoder did not hold.
    pub broken: u64,
    /// Longest time that one input took.
    pub slowest_us: u64,
    /// Growth of the resident memory between the first tenth of the run and its end; 0 where it cannot be read.
    pub growth_kb: u64,
}

impl FuzzReport {
    /// The counts as the inside of a JSON object.
    #[must_use]
    pub fn json_fields(&self, name: &str) -> String {
        let Self {
            inputs,
            accepted,
            broken,
            slowest_us,
            growth_kb,
        } = self;
        let counts = format!("\"inputs\":{inputs},\"accepted\":{accepted},\"broken\":{broken}");
        format!("\"{name}\":{{{counts},\"slowestUs\":{slowest_us},\"growthKb\":{growth_kb}}}")
    }
}

/// Decodes mutated envelopes.
#[must_use]
pub fn fuzz_envelopes(inputs: u64, seed: u64) -> FuzzReport {
    let mut device = DeviceFixture::new("home-1");
    let seeds: Vec<_> = (0..SEEDS)
        .map(|index| envelope_of(&device.payload(1 + index % 5), &[7; 64]))
        .collect();
    let mut arena: Vec<Reading> = Vec::new();
    run(inputs, seed, &seeds, |bytes| {
        arena.clear();
        match decode_envelope(bytes, &mut arena) {
            // Whatever is refused leaves nothing behind; whatever is not has the readings that it says it has.
            Err(_) => (false, arena.is_empty()),
            Ok(envelope) => (
                true,
                envelope.readings == (0..arena.len()) && !arena.is_empty(),
            ),
        }
    })
}

/// Opens logs of mutated bytes.
#[must_use]
pub fn fuzz_logs(inputs: u64, seed: u64) -> FuzzReport {
    let seeds: Vec<_> = (0..SEEDS as u64).map(sound_log).collect();
    let life = Life::new();
    run(inputs, seed, &seeds, |bytes| {
        let disk = SimulatedDisk::holding(LOG_NAME, bytes);
        match life.open(&disk) {
            Ok(mut engine) => (true, reads_what_it_opened(&mut engine, bytes.len())),
            Err(error) => (false, is_damage(&error)),
        }
    })
}

fn is_damage(error: &EngineError) -> bool {
    matches!(
        error,
        EngineError::WalDamaged { .. } | EngineError::WalContradicts { .. }
    )
}

/// A log that opens can be read to its end, and gives back no more than it has.
fn reads_what_it_opened(engine: &mut Engine<SimulatedDisk>, size: usize) -> bool {
    engine
        .read_log(0, 65_536)
        .is_ok_and(|packed| packed.len() <= size.saturating_mul(2))
}

fn sound_log(seed: u64) -> Vec<u8> {
    let mut life = Life::new();
    let mut random = Random::new(seed);
    if let Ok(mut engine) = life.open(&life.disk) {
        for _ in 0..3 {
            drop(life.send(&mut engine, &mut random));
        }
    }
    life.disk.bytes(LOG_NAME)
}

fn run(
    inputs: u64,
    seed: u64,
    seeds: &[Vec<u8>],
    mut holds: impl FnMut(&[u8]) -> (bool, bool),
) -> FuzzReport {
    let mut random = Random::new(seed);
    let mut report = FuzzReport::default();
    let mut input = Vec::new();
    let mut resident_kb = 0;
    while report.inputs < inputs {
        if report.inputs == inputs / 10 {
            resident_kb = read_resident_kb();
        }
        input.clear();
        input.extend_from_slice(&seeds[random.below(seeds.len())]);
        for _ in 0..=random.below(4) {
            mutate(&mut input, &mut random);
        }
        let started = Instant::now();
        let (is_accepted, is_kept) = holds(&input);
        let took = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        report.slowest_us = report.slowest_us.max(took);
        report.inputs += 1;
        report.accepted += u64::from(is_accepted);
        report.broken += u64::from(!is_kept);
    }
    report.growth_kb = read_resident_kb().saturating_sub(resident_kb);
    report
}

/// One change, of the kinds that decoders trip over: bits, lengths, numbers at their limits, cuts, and pieces that are
/// repeated, moved or dropped.
fn mutate(input: &mut Vec<u8>, random: &mut Random) {
    const EDGES: [u8; 8] = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x2a];
    if input.is_empty() {
        input.push(EDGES[random.below(EDGES.len())]);
        return;
    }
    let at = random.below(input.len());
    let length = 1 + random.below((input.len() - at).min(64));
    match random.below(7) {
        0 => input[at] ^= 1 << random.below(8),
        1 => input[at] = EDGES[random.below(EDGES.len())],
        2 => input.truncate(at),
        3 => {
            input.drain(at..at + length);
        }
        4 => {
            let piece = input[at..at + length].to_vec();
            let to = random.below(input.len());
            input.splice(to..to, piece);
        }
        // A length or a varint as large as its bytes allow.
        5 => input[at..at + length.min(8)].fill(0xff),
        _ => {
            let number = random.next().to_le_bytes();
            let kept = length.min(8);
            input[at..at + kept].copy_from_slice(&number[..kept]);
        }
    }
}

/// Resident pages of this process, of 4 KiB each. `[proc(5), statm]`
fn read_resident_kb() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutated_envelopes_are_decoded_or_refused() {
        let report = fuzz_envelopes(50_000, 1);
        assert_eq!(report.broken, 0, "{report:?}");
        assert!(
            report.accepted > 1_000,
            "mutation leaves too little: {report:?}"
        );
    }

    #[test]
    fn mutated_logs_are_read_or_refused() {
        let report = fuzz_logs(5_000, 1);
        assert_eq!(report.broken, 0, "{report:?}");
        assert!(
            report.accepted > 100,
            "mutation leaves too little: {report:?}"
        );
    }
}
