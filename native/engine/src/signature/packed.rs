//! Signatures of one buffer, for comparing verifiers with each other and with the TypeScript twin.

use super::{PreparedKey, SignatureVerifier, SignedMessage};
use crate::frame::Unpacker;

/// One verdict byte for each signature, 1 for valid; `None` when they are not packed as
/// `key 32 bytes, signature 64 bytes, message: four length bytes, then bytes`.
#[must_use]
pub fn verify_packed(packed: &[u8], verifier: &mut dyn SignatureVerifier) -> Option<Vec<u8>> {
    let mut unpacker = Unpacker::new(packed);
    let mut signed = Vec::new();
    while !unpacker.is_at_end() {
        let key = PreparedKey::new(*unpacker.array()?);
        let signature: &[u8; 64] = unpacker.array()?;
        signed.push((key, signature, unpacker.long_bytes()?));
    }
    let messages: Vec<_> = signed
        .iter()
        .map(|(key, signature, message)| SignedMessage {
            key,
            // Vectors bring the whole message that was signed, prefix or none.
            message: [&[], message],
            signature,
        })
        .collect();
    let mut verdicts = Vec::with_capacity(messages.len());
    verifier.verify_each(&messages, &mut verdicts);
    Some(verdicts.into_iter().map(u8::from).collect())
}
