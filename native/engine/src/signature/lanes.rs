//! Eight signatures side by side in AVX-512 IFMA registers, each with a verdict of its own: forgeries cost what honest
//! signatures cost. Only in the library that is compiled for such CPUs.

use ed25519_simd::{VerifyInput, Zip215Verifier};

use super::single::ParsedSignature;
use super::{SignatureVerifier, SignedMessage};

/// Signatures handed over at once: sixteen times the eight lanes, so that lanes of unlike message length can be
/// sorted together, and 14 KiB of stack.
const CHUNK: usize = 128;

/// Eight lanes cost about 80 us however few are filled, a single verification about 20.
const LANES_MIN: usize = 4;

/// Verifies in lanes. It keeps no decoded keys: with 200 keys that repeat they would save 6 % (9.3 us against 9.9),
/// with 10,000 nothing, and they would take 2.8 KB of memory each.
pub struct LaneVerifier {
    verifier: Zip215Verifier,
    /// Prefix and payload of each message of a chunk, one after another: the lanes want a message in one piece.
    messages: Vec<u8>,
    verdicts: [bool; CHUNK],
}

impl Default for LaneVerifier {
    fn default() -> Self {
        Self {
            verifier: Zip215Verifier::new(),
            messages: Vec::new(),
            verdicts: [false; CHUNK],
        }
    }
}

impl SignatureVerifier for LaneVerifier {
    fn name(&self) -> &'static str {
        "ifma"
    }

    fn verify_each(&mut self, messages: &[SignedMessage<'_>], verdicts: &mut Vec<bool>) {
        for chunk in messages.chunks(CHUNK) {
            if chunk.len() < LANES_MIN {
                verdicts.extend(chunk.iter().map(is_valid_alone));
            } else {
                self.verify_chunk(chunk);
                verdicts.extend_from_slice(&self.verdicts[..chunk.len()]);
            }
        }
    }

    fn verify_one(&mut self, message: &SignedMessage<'_>) -> bool {
        is_valid_alone(message)
    }
}

impl LaneVerifier {
    fn verify_chunk(&mut self, chunk: &[SignedMessage<'_>]) {
        self.messages.clear();
        for message in chunk {
            self.messages.extend_from_slice(message.message[0]);
            self.messages.extend_from_slice(message.message[1]);
        }
        let mut rest = self.messages.as_slice();
        let mut inputs = [UNUSED; CHUNK];
        for (input, message) in inputs.iter_mut().zip(chunk) {
            let [prefix, payload] = message.message;
            let (own, others) = rest.split_at(prefix.len() + payload.len());
            rest = others;
            *input = VerifyInput {
                public_key: message.key.bytes,
                signature: *message.signature,
                message: own,
            };
        }
        self.verifier
            .verify_batch(&inputs[..chunk.len()], &mut self.verdicts[..chunk.len()]);
    }
}

/// What stands behind the last signature of a chunk; never verified.
const UNUSED: VerifyInput<'static> = VerifyInput {
    public_key: [0; 32],
    signature: [0; 64],
    message: &[],
};

fn is_valid_alone(message: &SignedMessage<'_>) -> bool {
    ParsedSignature::new(message).is_some_and(|signature| signature.is_valid())
}
