//! A device that signs well-formed envelopes; for tests only, as it keeps no secret well. The engine's own tests take
//! in this file too.

use curve25519_dalek::constants::ED25519_BASEPOINT_TABLE;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use sha2::{Digest, Sha512};

use super::{Hash, Reading, SIGNING_DOMAIN, envelope_hash};

pub struct DeviceFixture {
    pub id: String,
    pub public_key: [u8; 32],
    secret: Scalar,
    prefix: [u8; 32],
    pub boot_epoch: u32,
    pub next_seq: u64,
    pub last_hash: Hash,
    pub next_reading: Reading,
}

impl DeviceFixture {
    pub fn new(id: &str) -> Self {
        let expanded: [u8; 64] = Sha512::digest(id.as_bytes()).into();
        let (scalar, prefix) = expanded.split_at(32);
        let secret =
            Scalar::from_bytes_mod_order(clamp_integer(scalar.try_into().unwrap_or_default()));
        let public_key = (&secret * ED25519_BASEPOINT_TABLE).compress().to_bytes();
        let prefix = prefix.try_into().unwrap_or_default();
        let next_reading = Reading {
            measured_at_unix_ms: 1_000_000_000,
            power_w: 600,
            import_wh: 100,
            export_wh: 5,
        };
        Self {
            id: id.to_owned(),
            public_key,
            secret,
            prefix,
            boot_epoch: 1,
            next_seq: 0,
            last_hash: [0; 32],
            next_reading,
        }
    }

    /// The next envelope of `count` readings, one a minute and 10 Wh apart.
    pub fn next(&mut self, count: usize) -> Vec<u8> {
        let payload = self.payload(count);
        self.last_hash = envelope_hash(&payload);
        self.next_seq += count as u64;
        self.sign(&payload)
    }

    /// Payload of the next envelope; only the readings advance.
    pub fn payload(&mut self, count: usize) -> Vec<u8> {
        let mut payload = Vec::new();
        push_bytes(&mut payload, 1, self.id.as_bytes());
        push_varint(&mut payload, 2, self.boot_epoch.into());
        push_varint(&mut payload, 3, self.next_seq);
        push_bytes(&mut payload, 4, &self.last_hash);
        for _ in 0..count {
            push_bytes(&mut payload, 5, &encode_reading(&self.next_reading));
            self.next_reading.measured_at_unix_ms += 60_000;
            self.next_reading.import_wh += 10;
        }
        payload
    }

    pub fn sign(&self, payload: &[u8]) -> Vec<u8> {
        envelope_of(payload, &self.signature(payload))
    }

    /// `[RFC8032 s.5.1.6]`
    pub fn signature(&self, payload: &[u8]) -> [u8; 64] {
        let nonce = scalar_of(&[&self.prefix, SIGNING_DOMAIN, payload]);
        let commitment = (&nonce * ED25519_BASEPOINT_TABLE).compress().to_bytes();
        let challenge = scalar_of(&[&commitment, &self.public_key, SIGNING_DOMAIN, payload]);
        let response = nonce + challenge * self.secret;
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&commitment);
        signature[32..].copy_from_slice(response.as_bytes());
        signature
    }
}

/// A payload with a signature, good or bad.
pub fn envelope_of(payload: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let mut envelope = Vec::new();
    push_bytes(&mut envelope, 1, payload);
    push_bytes(&mut envelope, 2, signature);
    envelope
}

fn scalar_of(parts: &[&[u8]]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&Sha512::digest(parts.concat()).into())
}

fn encode_reading(reading: &Reading) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_varint(&mut bytes, 1, reading.measured_at_unix_ms);
    push_varint(
        &mut bytes,
        2,
        ((reading.power_w << 1) ^ (reading.power_w >> 63)).cast_unsigned(),
    );
    push_varint(&mut bytes, 3, reading.import_wh);
    push_varint(&mut bytes, 4, reading.export_wh);
    push_varint(&mut bytes, 5, 1);
    bytes
}

fn push_bytes(message: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    message.push(field << 3 | 2);
    push_raw_varint(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

fn push_varint(message: &mut Vec<u8>, field: u8, value: u64) {
    message.push(field << 3);
    push_raw_varint(message, value);
}

fn push_raw_varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    message.push(value.to_le_bytes()[0]);
}
