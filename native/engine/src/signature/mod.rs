//! Ed25519 under ZIP-215, a verdict for each signature.
//!
//! A signature (R, s) of message M under key A is valid when s is canonical, A and R decode (not necessarily
//! canonically) to curve points, and `[8][s]B = [8]R + [8][k]A` with k = SHA-512(R || A || M). Because of the
//! cofactor, a batch is valid exactly when each of its signatures is, up to a chance of 2^-128.

mod batch;
mod cpu;
#[cfg(feature = "ifma")]
mod lanes;
mod packed;
mod single;

use curve25519_dalek::EdwardsPoint;
use curve25519_dalek::edwards::CompressedEdwardsY;

pub use batch::BatchVerifier;
pub use cpu::cpu_offers;
#[cfg(feature = "ifma")]
pub use lanes::LaneVerifier;
pub use packed::verify_packed;

/// A public key, decoded once for all of its signatures: that is a third of a verification.
#[derive(Debug, Clone)]
pub struct PreparedKey {
    bytes: [u8; 32],
    /// `-A`; `None` when the bytes are no curve point, and then nothing verifies.
    minus_point: Option<EdwardsPoint>,
}

impl PreparedKey {
    /// Decodes a public key.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self {
            bytes,
            minus_point: CompressedEdwardsY(bytes).decompress().map(|point| -point),
        }
    }
}

/// One signature to be verified.
#[derive(Debug, Clone, Copy)]
pub struct SignedMessage<'a> {
    /// Whose signature it should be.
    pub key: &'a PreparedKey,
    /// Domain prefix and payload; they are signed as one message.
    pub message: [&'a [u8]; 2],
    /// R and s.
    pub signature: &'a [u8; 64],
}

/// Verifies signatures. Implementations differ in speed only: every one MUST give the verdicts of ZIP-215.
pub trait SignatureVerifier: Send {
    /// How it verifies, for logs and metrics: `ifma`, `avx2` or `portable`.
    fn name(&self) -> &'static str;

    /// Appends one verdict for each message to `verdicts`.
    fn verify_each(&mut self, messages: &[SignedMessage<'_>], verdicts: &mut Vec<bool>);

    /// Verdict for one message.
    fn verify_one(&mut self, message: &SignedMessage<'_>) -> bool {
        let mut verdicts = Vec::with_capacity(1);
        self.verify_each(std::slice::from_ref(message), &mut verdicts);
        verdicts == [true]
    }
}

/// The fastest verifier that this library was compiled for.
#[must_use]
pub fn library_verifier() -> Box<dyn SignatureVerifier> {
    #[cfg(feature = "ifma")]
    return Box::new(LaneVerifier::default());
    #[cfg(not(feature = "ifma"))]
    Box::new(BatchVerifier::default())
}
