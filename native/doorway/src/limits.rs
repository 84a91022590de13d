//! Every bound of the doorway, with its reason.

use std::time::Duration;

/// Rest before a turn of the loop in which nothing waits yet: what comes meanwhile is taken together, with one look at
/// the kernel and one call of the host. An acknowledgement waits several times as long for its sync to disk.
pub const TURN_PAUSE: Duration = Duration::from_millis(1);

/// A `ClientHello` with a session ticket and a post-quantum key share has 3 KiB; nobody has a longer one.
pub const HELLO_BYTES_MAX: usize = 8 * 1024;

/// Time for a `ClientHello` to arrive: one packet.
pub const HELLO_TIMEOUT_MS: u64 = 10_000;

/// Handshakes under way at a time. Each holds some 10 KiB until the client has answered, so this bounds what strangers
/// who stop in the middle can take; with two round trips of 200 ms a fleet of 10,000 is through in eight seconds.
pub const HANDSHAKES_MAX: usize = 512;

/// Time for a handshake: three round trips on a very slow link.
pub const HANDSHAKE_TIMEOUT_MS: u64 = 10_000;

/// The same while others wait for their turn.
pub const CROWDED_HANDSHAKE_MS: u64 = 3_000;

/// How long a whole `ClientHello` waits for its turn.
pub const TURN_TIMEOUT_MS: u64 = 60_000;

/// Handshakes begun in one turn of the loop, at some 0.15 ms each: a millisecond that open connections wait.
pub const HANDSHAKES_BEGUN_A_TURN: usize = 8;

/// Connections taken from the kernel's queue in one turn of the loop.
pub const ACCEPTED_A_TURN: usize = 64;

/// Connections read in one turn of the loop, so that what was read is soon on its way.
pub const READ_A_TURN: usize = 256;

/// Bytes read of one connection in a turn: who sends much shares the loop with who sends little.
pub const READ_BYTES_A_TURN: usize = 32 * 1024;

/// Bytes of events that wait to be taken; beyond it no connection is read. 1 MiB is some 5,000 envelopes, more than
/// the host takes up in 50 ms.
pub const WAITING_BYTES_MAX: usize = 1024 * 1024;

/// Bytes that a connection may leave unread in the doorway, beside what is in the kernel; beyond it, it is ended. What
/// devices are sent are acknowledgements, of 64 messages at most, and documents of some KiB.
pub const UNSENT_BYTES_MAX: usize = 256 * 1024;
