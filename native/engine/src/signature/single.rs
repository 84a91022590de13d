//! One signature, verified by itself.

use curve25519_dalek::EdwardsPoint;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use sha2::{Digest, Sha512};

use super::SignedMessage;

/// A decoded signature with its challenge: what the verification equation is made of.
#[derive(Debug)]
pub struct ParsedSignature {
    pub minus_key: EdwardsPoint,
    pub commitment: EdwardsPoint,
    pub response: Scalar,
    pub challenge: Scalar,
}

impl ParsedSignature {
    /// `None` when R is no curve point or s is not canonical, or the key is none: nothing verifies then.
    pub fn new(message: &SignedMessage<'_>) -> Option<Self> {
        let minus_key = message.key.minus_point?;
        let (commitment_bytes, response_bytes) = message.signature.split_first_chunk::<32>()?;
        let response =
            Scalar::from_canonical_bytes(response_bytes.try_into().ok()?).into_option()?;
        let commitment = CompressedEdwardsY(*commitment_bytes).decompress()?;
        // Of the bytes as they came: a point may have several encodings, and the signer chose one. `[ZIP215]`
        let [prefix, payload] = message.message;
        let digest = Sha512::new()
            .chain_update(commitment_bytes)
            .chain_update(message.key.bytes)
            .chain_update(prefix)
            .chain_update(payload)
            .finalize();
        let challenge = Scalar::from_bytes_mod_order_wide(&digest.into());
        Some(Self {
            minus_key,
            commitment,
            response,
            challenge,
        })
    }

    /// `[8]([s]B - [k]A - R) = 0`. Without the cofactor a key or commitment with a part of small order would pass alone
    /// and fail in a batch, or the other way round.
    pub fn is_valid(&self) -> bool {
        let sum = EdwardsPoint::vartime_double_scalar_mul_basepoint(
            &self.challenge,
            &self.minus_key,
            &self.response,
        );
        (sum - self.commitment).mul_by_cofactor().is_identity()
    }
}
