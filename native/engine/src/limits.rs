//! Bounds that both engines apply; see `ENVELOPE_LIMITS` of `@gridpact/proto` for the reasons.

/// Bytes of one received envelope.
pub const ENVELOPE_BYTES_MAX: usize = 65_536;

/// Readings of one envelope.
pub const READINGS_MAX: usize = 1_440;

/// A device clock may run ahead by this much, in ms.
pub const CLOCK_AHEAD_MS_MAX: u64 = 300_000;

/// Accepted envelopes remembered per device.
pub const REPLAY_WINDOW_ENVELOPES: usize = 64;

/// Bad signatures of one device before it is quarantined.
pub const BAD_SIGNATURES_MAX: u32 = 16;

/// Gaps remembered per device; beyond this the oldest is forgotten, and what would fill it is rejected, and counted, as
/// stale.
pub const GAPS_MAX: usize = 16;

/// Envelopes in one batch and in flight; see `QUEUED_ENVELOPES_MAX` of the TypeScript interface.
pub const QUEUED_ENVELOPES_MAX: usize = 65_536;

/// Largest integer that a JavaScript number holds exactly: bounds times and sequence numbers.
pub const SAFE_INTEGER_MAX: u64 = (1 << 53) - 1;

/// Largest register in Wh and power in W either way: 48 bits, so that a full batch still sums up in 64.
pub const REGISTER_WH_MAX: u64 = (1 << 48) - 1;

/// As [`REGISTER_WH_MAX`], for power.
pub const POWER_W_MAX: u64 = (1 << 48) - 1;

/// Bytes kept of a rejected envelope.
pub const REJECTED_BYTES_MAX: usize = 4_096;
