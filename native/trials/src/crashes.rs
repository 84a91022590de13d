//! Simulated crashes: whatever the disk does, what was acknowledged is in the log, once, and no damage goes unseen.

use gridpact_engine::{Engine, EngineError};

use super::life::{Fault, Life, records_of};
use super::random::Random;
use super::simulated_disk::{PowerCut, SimulatedDisk};

/// Crashes of one life: enough for several segments, few enough that a log is read back quickly.
const CRASHES_PER_LIFE: u64 = 16;

/// Disk operations of a few groups; the power goes at one of them.
const OPERATIONS_MAX: usize = 24;

/// Operations of a few segments' copies into the archive.
const ARCHIVE_OPERATIONS_MAX: usize = 12;

/// What a run found. Sound when all of `lost`, `stored_twice`, `never_sent`, `undetected` and `refused` are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CrashReport {
    /// Crashes: power cuts, killed processes, and processes that ended themselves after a failed sync.
    pub crashes: u64,
    /// Envelopes that were acknowledged.
    pub acknowledged: u64,
    /// Crashes after which an acknowledged envelope was not in the log.
    pub lost: u64,
    /// Crashes after which an envelope was in the log twice.
    pub stored_twice: u64,
    /// Crashes after which something was in the log that nobody sent.
    pub never_sent: u64,
    /// Crashes after which a log without damage did not open.
    pub refused: u64,
    /// Groups refused by a full disk.
    pub disk_full: u64,
    /// Segments' retirements that were finished.
    pub retired: u64,
    /// Retirements put off because the archive failed.
    pub archive_failures: u64,
    /// Bits changed in files at rest.
    pub flips: u64,
    /// Changed bits that changed the log without a word.
    pub undetected: u64,
}

impl CrashReport {
    /// Nothing lost, doubled or invented, no healthy log refused, no damage overlooked.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.lost + self.stored_twice + self.never_sent + self.refused + self.undetected == 0
    }
}

impl CrashReport {
    /// The counts as the inside of a JSON object.
    #[must_use]
    pub fn json_fields(&self) -> String {
        let counts = [
            ("crashes", self.crashes),
            ("acknowledged", self.acknowledged),
            ("lost", self.lost),
            ("storedTwice", self.stored_twice),
            ("neverSent", self.never_sent),
            ("refused", self.refused),
            ("diskFull", self.disk_full),
            ("retired", self.retired),
            ("archiveFailures", self.archive_failures),
            ("flips", self.flips),
            ("undetected", self.undetected),
        ];
        let fields: Vec<_> = counts
            .iter()
            .map(|(name, count)| format!("\"{name}\":{count}"))
            .collect();
        fields.join(",")
    }
}

/// Lets engines crash so many times, at points that the seed draws.
#[must_use]
pub fn explore_crashes(crashes: u64, seed: u64) -> CrashReport {
    let mut report = CrashReport::default();
    let mut life_number = 0;
    while report.crashes < crashes {
        let mut random = Random::new(seed.wrapping_mul(0x1_0000_0001).wrapping_add(life_number));
        life_number += 1;
        live(&mut report, &mut random, crashes);
    }
    report
}

/// One life; it ends early at the first fault, as nothing after that means much.
fn live(report: &mut CrashReport, random: &mut Random, crashes: u64) {
    let mut life = Life::new();
    for _ in 0..CRASHES_PER_LIFE {
        if report.crashes == crashes {
            break;
        }
        run_until_crash(&mut life, report, random);
        report.crashes += 1;
        let mut engine = match life.open(&life.disk) {
            Ok(engine) => engine,
            Err(error) => {
                eprintln!(
                    "crash {}: {error}; files {:?}",
                    report.crashes,
                    life.disk.files()
                );
                report.refused += 1;
                return;
            }
        };
        // A retirement may have come to its end in the crash, or only at the opening.
        let first_seq = engine
            .segments()
            .first()
            .map_or(0, |segment| segment.first_seq);
        if first_seq > life.first_seq {
            life.forget_before(first_seq);
        }
        let mut checked = life.check(&mut engine);
        // It changes with a retirement only, and each look reads all of it.
        if checked.is_ok() && random.once_in(4) {
            checked = life.check_archive();
        }
        if let Err(fault) = checked {
            match fault {
                Fault::Lost => report.lost += 1,
                Fault::StoredTwice => report.stored_twice += 1,
                Fault::NeverSent => report.never_sent += 1,
            }
            return;
        }
        if random.once_in(4) {
            flip_a_bit(&life, report, random);
        }
    }
    report.acknowledged += life.acknowledged;
}

/// A process: starts, serves, and ends in one of the ways in which processes end.
fn run_until_crash(life: &mut Life, report: &mut CrashReport, random: &mut Random) {
    let is_interrupted = random.once_in(2);
    let operations_left = random.below(OPERATIONS_MAX);
    life.disk
        .set_operations_left(is_interrupted.then_some(operations_left));
    let archive_operations_left = random.below(ARCHIVE_OPERATIONS_MAX);
    life.archive
        .set_operations_left(random.once_in(2).then_some(archive_operations_left));
    if let Ok(mut engine) = life.open(&life.disk) {
        for _ in 0..=random.below(4) {
            if !serve(life, &mut engine, report, random) {
                break;
            }
        }
    }
    life.disk.set_room(None);
    life.disk.set_fails_sync(false);
    let is_killed = random.once_in(4);
    for disk in [&life.disk, &life.archive] {
        if is_killed {
            disk.kill();
        } else {
            disk.cut_power(PowerCut {
                kept: random.below(1_001),
                zero_sector: random.below(4),
                keeps_names: random.once_in(2),
            });
        }
    }
}

/// One group, or one retirement; false when the process must end.
fn serve(
    life: &mut Life,
    engine: &mut Engine<SimulatedDisk>,
    report: &mut CrashReport,
    random: &mut Random,
) -> bool {
    if random.once_in(12) {
        return retire(life, engine, report, random).is_ok();
    }
    let is_full = random.once_in(10);
    life.disk.set_room(is_full.then(|| random.below(400)));
    life.disk.set_fails_sync(random.once_in(20));
    let answer = life.send(engine, random);
    life.disk.set_room(None);
    // After a failed sync a process that went on would be told that all is well.
    life.disk.set_fails_sync(false);
    let is_refused = answer.as_ref().is_err_and(EngineError::is_recoverable);
    report.disk_full += u64::from(is_refused);
    answer.is_ok() || is_refused
}

fn retire(
    life: &mut Life,
    engine: &mut Engine<SimulatedDisk>,
    report: &mut CrashReport,
    random: &mut Random,
) -> Result<(), EngineError> {
    let before_seq = life.first_seq + random.below(life.expected.len() + 1) as u64;
    let Some(retirement) = engine.plan_retirement(before_seq) else {
        return Ok(());
    };
    match engine.retire(retirement.prepare()) {
        Ok(first_seq) => {
            life.forget_before(first_seq);
            report.retired += 1;
            Ok(())
        }
        // The archive is away: the log keeps what it has, and the process goes on.
        Err(EngineError::ArchiveIo { .. }) => {
            report.archive_failures += 1;
            Ok(())
        }
        Err(failure) => Err(failure),
    }
}

/// Damage at rest: the log says so, or is as it was.
fn flip_a_bit(life: &Life, report: &mut CrashReport, random: &mut Random) {
    let files = life.disk.files();
    let total: usize = files.iter().map(|(_, size)| size).sum();
    let mut at = random.below(total);
    let damaged = life.disk.fork();
    for (name, size) in files {
        if at < size {
            damaged.flip_bit(&name, at * 8 + random.below(8));
            break;
        }
        at -= size;
    }
    report.flips += 1;
    match life.open(&damaged) {
        Err(EngineError::WalDamaged { .. } | EngineError::WalContradicts { .. }) => {}
        Err(_) => report.undetected += 1,
        Ok(mut engine) => {
            let found = records_of(&mut engine, life.first_seq);
            let is_as_it_was = found.as_ref() == Some(&life.expected);
            report.undetected += u64::from(!is_as_it_was);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second or two. Rare coincidences, such as a process that is killed between two steps of a retirement and
    /// then a power cut, come up some times.
    const CRASHES: u64 = 20_000;

    #[test]
    fn crashes_lose_nothing_and_no_damage_goes_unseen() {
        let report = explore_crashes(CRASHES, 1);
        assert!(report.is_sound(), "{report:?}");
        // Each kind of trouble came up, or the run would say little.
        let seen = [
            report.acknowledged,
            report.disk_full,
            report.retired,
            report.archive_failures,
            report.flips,
        ];
        assert!(seen.iter().all(|&count| count > 100), "{report:?}");
    }

    #[test]
    fn a_seed_gives_the_same_run_again() {
        assert_eq!(explore_crashes(100, 7), explore_crashes(100, 7));
    }
}
