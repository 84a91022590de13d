//! The ingest hot path of a virtual node: verify, make durable, aggregate.
//!
//! A batch of received envelopes goes in, one packed outcome comes out, once everything in it is on stable storage.
//! The TypeScript engine beside this crate is its oracle: both must agree on every verdict, byte and sum, and both
//! read the vectors in `proto/vectors`.
#![forbid(unsafe_code)]

mod authenticate;
mod chain;
mod checkpoint;
mod device;
mod engine;
mod envelope;
mod error;
mod frame;
mod group_memory;
mod judge;
mod limits;
mod line_protocol;
mod merkle;
mod outcome;
mod registry;
mod replay;
mod retirement;
mod service;
mod signature;
mod verdict;
mod wal;
mod window;
mod wire;

#[cfg(test)]
mod bounds_tests;
#[cfg(test)]
mod engine_tests;
#[cfg(test)]
#[path = "../../trials/src/device_fixture.rs"]
mod fixture;
#[cfg(test)]
mod vectors;

pub use authenticate::SignatureCounts;
pub use engine::{Batch, Engine, EngineCounts, EngineOptions, LINES_BYTES_MIN, LINES_HEADER_BYTES};
pub use envelope::{
    Envelope, Hash, Reading, SIGNING_DOMAIN, decode_envelope, envelope_hash, leaf_hash,
};
pub use error::EngineError;
pub use merkle::{inclusion_path, merkle_root};
pub use outcome::OUTCOME_COUNTS_BYTES;
pub use retirement::Retirement;
pub use service::{Counters, Reply, Service};
#[cfg(feature = "ifma")]
pub use signature::LaneVerifier;
pub use signature::{
    BatchVerifier, PreparedKey, SignatureVerifier, SignedMessage, cpu_offers, library_verifier,
    verify_packed,
};
pub use verdict::Verdict;
pub use wal::{AppendFile, Disk, FileDisk, LogSegment};
