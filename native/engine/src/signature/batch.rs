//! One equation for many signatures: the fastest way without AVX-512.

use std::collections::HashMap;

use curve25519_dalek::EdwardsPoint;
use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};

use super::single::ParsedSignature;
use super::{SignatureVerifier, SignedMessage};

/// Signatures per batch equation. One forgery sends the whole batch to single verification, so it should not be much
/// larger than what the multi-scalar multiplication gains from. Measured with distinct keys, CPU a signature: alone
/// 32 us, 8 together 16.7, 64: 17.0, 128: 12.3, 256: 11.1, 1,024: 10.6.
const BATCH_MAX: usize = 256;

/// Two signatures together cost less than alone already (27.8 us against 31.9).
const BATCH_MIN: usize = 2;

/// One equation for many signatures, and straight to single verdicts when it fails: finding the forgeries by
/// halving is slower from the first one on. Runs on any CPU; the curve library uses AVX2 where there is some.
#[derive(Debug, Default)]
pub struct BatchVerifier {
    parsed: Vec<Option<ParsedSignature>>,
}

impl SignatureVerifier for BatchVerifier {
    fn name(&self) -> &'static str {
        if has_vector_arithmetic() {
            "avx2"
        } else {
            "portable"
        }
    }

    fn verify_each(&mut self, messages: &[SignedMessage<'_>], verdicts: &mut Vec<bool>) {
        for batch in messages.chunks(BATCH_MAX) {
            self.parsed.clear();
            self.parsed.extend(batch.iter().map(ParsedSignature::new));
            let is_all_valid = batch.len() >= BATCH_MIN && holds_for_all(batch, &self.parsed);
            if is_all_valid {
                verdicts.extend(batch.iter().map(|_| true));
            } else {
                verdicts.extend(
                    self.parsed
                        .iter()
                        .map(|parsed| parsed.as_ref().is_some_and(ParsedSignature::is_valid)),
                );
            }
        }
    }
}

/// Whether the curve library computes with AVX2, which it too decides when it runs.
fn has_vector_arithmetic() -> bool {
    #[cfg(all(target_arch = "x86_64", not(curve25519_dalek_backend = "serial")))]
    return is_x86_feature_detected!("avx2");
    #[cfg(not(all(target_arch = "x86_64", not(curve25519_dalek_backend = "serial"))))]
    false
}

/// `[8]([sum z s]B - sum [z]R - sum [z k]A) = 0` for random z, with one term per key and not per signature.
fn holds_for_all(messages: &[SignedMessage<'_>], parsed: &[Option<ParsedSignature>]) -> bool {
    let Some(parsed) = parsed
        .iter()
        .map(Option::as_ref)
        .collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    let Some(weights) = random_weights(parsed.len()) else {
        return false;
    };
    let mut base = Scalar::ZERO;
    // An honest device that empties its spool has dozens of signatures in a batch, and they cost one point.
    let mut key_terms: HashMap<&[u8; 32], (Scalar, EdwardsPoint)> = HashMap::new();
    for ((message, signature), weight) in messages.iter().zip(&parsed).zip(&weights) {
        base += weight * signature.response;
        let term = key_terms
            .entry(&message.key.bytes)
            .or_insert((Scalar::ZERO, signature.minus_key));
        term.0 += weight * signature.challenge;
    }
    let commitments = parsed.iter().map(|signature| -signature.commitment);
    let (key_scalars, key_points): (Vec<_>, Vec<_>) = key_terms.into_values().unzip();
    let scalars = weights.iter().chain(&key_scalars).chain([&base]);
    let points = commitments
        .chain(key_points)
        .chain([ED25519_BASEPOINT_POINT]);
    EdwardsPoint::vartime_multiscalar_mul(scalars, points)
        .mul_by_cofactor()
        .is_identity()
}

/// 128-bit weights; `None` when the operating system gives no randomness, and single verification needs none.
fn random_weights(count: usize) -> Option<Vec<Scalar>> {
    let mut bytes = vec![0_u8; 16 * count];
    getrandom::fill(&mut bytes).ok()?;
    let weights = bytes
        .chunks_exact(16)
        .map(|chunk| chunk.try_into().map(u128::from_le_bytes).map(Scalar::from));
    weights.collect::<Result<_, _>>().ok()
}
