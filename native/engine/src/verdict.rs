//! What becomes of an envelope.

/// Verdict codes of `@gridpact/proto`; 1 to 11 are `RejectReason` of `reading.proto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    /// New, authentic, in its place: stored.
    Accepted = 0,
    /// Not a well-formed envelope with 1..N valid readings.
    Malformed = 1,
    /// More bytes or readings than the limits allow.
    TooLarge = 2,
    /// Not enrolled, or its key is revoked.
    UnknownDevice = 3,
    /// The payload names another device than the connection's certificate.
    IdentityMismatch = 4,
    /// Does not verify under the enrolled key (ZIP-215).
    BadSignature = 5,
    /// Same identity as an accepted envelope, other bytes.
    Equivocation = 6,
    /// The device is under quarantine.
    Quarantined = 7,
    /// Before the replay window, or overlaps accepted readings in part.
    Stale = 8,
    /// The previous-envelope hash contradicts the accepted envelope before it.
    ChainBroken = 9,
    /// An energy register ran backwards.
    RegisterDecreased = 10,
    /// Time runs backwards, or lies too far in the future.
    ClockSkew = 11,
    /// Same identity, same bytes: acknowledged again, stored once.
    Duplicate = 200,
}

impl Verdict {
    /// The code, one byte.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}
