//! Trials of the engine that take longer than a test: simulated crashes and mutated input, by the million on demand.
#![forbid(unsafe_code)]

mod crashes;
#[allow(dead_code, reason = "the engine's tests use the rest")]
mod device_fixture;
mod fuzz;
mod life;
mod random;
mod recovery;
#[allow(dead_code, reason = "the engine's tests use the rest")]
mod simulated_disk;

pub use crashes::{CrashReport, explore_crashes};
pub use fuzz::{FuzzReport, fuzz_envelopes, fuzz_logs};
use gridpact_engine::{AppendFile, Disk, Hash, Reading, SIGNING_DOMAIN, envelope_hash};
pub use recovery::{RecoveryReport, measure_recovery};
