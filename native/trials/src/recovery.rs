//! How long the engine takes to open a large log: one reading an envelope, which is the most records a byte.

use std::fs;
use std::path::Path;
use std::time::Instant;

use gridpact_engine::{Batch, Engine, EngineError, EngineOptions, FileDisk};

use super::device_fixture::{DeviceFixture, envelope_of};
use super::envelope_hash;
use super::life::FirstByte;

const OPTIONS: EngineOptions = EngineOptions {
    mtu_ms: 900_000,
    // As the TypeScript interface sets it when nothing else is asked for.
    segment_bytes_max: 64 * 1024 * 1024,
};

const DEVICES: usize = 200;

const ENVELOPES_PER_GROUP: usize = 4_000;

/// Times are in ms; CPU is that of the process, in steps of 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecoveryReport {
    /// Size of the log.
    pub log_bytes: u64,
    /// Records in it.
    pub records: u64,
    /// From the start of the opening to its end.
    pub wall_ms: u64,
    /// Of it, what the processor did.
    pub cpu_ms: u64,
}

impl RecoveryReport {
    /// The figures as the inside of a JSON object.
    #[must_use]
    pub fn json_fields(&self) -> String {
        let Self {
            log_bytes,
            records,
            wall_ms,
            cpu_ms,
        } = self;
        format!(
            "\"logBytes\":{log_bytes},\"records\":{records},\"wallMs\":{wall_ms},\"cpuMs\":{cpu_ms}"
        )
    }
}

/// Writes a log of so many bytes into an empty directory, and opens it.
///
/// # Errors
/// When the engine cannot write or open it.
pub fn measure_recovery(directory: &Path, log_bytes: u64) -> Result<RecoveryReport, EngineError> {
    let disk = FileDisk::new(directory);
    let mut report = write_log(&disk, log_bytes)?;
    let (started, cpu_before) = (Instant::now(), cpu_ms());
    let engine = Engine::open(disk, OPTIONS, Box::new(FirstByte))?;
    report.wall_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    report.cpu_ms = cpu_ms().saturating_sub(cpu_before);
    let segments = engine.segments();
    report.records = segments.last().map_or(0, |last| last.end_seq);
    Ok(report)
}

fn write_log(disk: &FileDisk, log_bytes: u64) -> Result<RecoveryReport, EngineError> {
    let mut engine = Engine::open(disk.clone(), OPTIONS, Box::new(FirstByte))?;
    let mut devices: Vec<_> = (0..DEVICES)
        .map(|index| DeviceFixture::new(&format!("home-{index}")))
        .collect();
    for device in &devices {
        engine.enrol(&device.id, device.public_key, "feeder-1");
    }
    let mut report = RecoveryReport::default();
    while report.log_bytes < log_bytes {
        let mut packed = Vec::new();
        for index in 0..ENVELOPES_PER_GROUP {
            let device = &mut devices[index % DEVICES];
            let payload = device.payload(1);
            device.last_hash = envelope_hash(&payload);
            device.next_seq += 1;
            let bytes = envelope_of(&payload, &[0; 64]);
            packed.push(u8::try_from(device.id.len()).unwrap_or(0));
            packed.extend_from_slice(device.id.as_bytes());
            packed.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
            packed.extend_from_slice(&bytes);
        }
        let batch = Batch {
            packed,
            received_at_unix_ms: 1 << 50,
        };
        engine.commit(&[batch])?;
        report.log_bytes = engine
            .segments()
            .iter()
            .map(|segment| segment.size_bytes)
            .sum();
    }
    Ok(report)
}

/// User and system time of this process, in ticks of 10 ms. `[proc(5), stat]`
fn cpu_ms() -> u64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_of_any_size_is_opened_whole() {
        let directory =
            std::env::temp_dir().join(format!("gridpact-recovery-{}", std::process::id()));
        let report = measure_recovery(&directory, 100_000);
        fs::remove_dir_all(&directory).expect("the directory was made");
        let report = report.expect("a log that opens");
        assert!(
            report.log_bytes >= 100_000 && report.records > 0,
            "{report:?}"
        );
    }
}
