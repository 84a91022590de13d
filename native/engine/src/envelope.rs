//! Envelopes as received, decoded without copying.

use sha2::{Digest, Sha256};

use crate::limits::{
    ENVELOPE_BYTES_MAX, POWER_W_MAX, READINGS_MAX, REGISTER_WH_MAX, SAFE_INTEGER_MAX,
};
use crate::verdict::Verdict;
use crate::wire::{FieldReader, MalformedField, Value, ascending_varints};

/// Domain prefix of an envelope's signature; see `SIGNING_DOMAIN` of `@gridpact/proto`.
pub const SIGNING_DOMAIN: &[u8] = b"gridpact.reading.v1.EnvelopePayload\0";

/// SHA-256.
pub type Hash = [u8; 32];

/// One instantaneous register value; energy in Wh, power in W with import positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Instant of the measurement.
    pub measured_at_unix_ms: u64,
    /// Active power.
    pub power_w: i64,
    /// Cumulative imported energy.
    pub import_wh: u64,
    /// Cumulative exported energy.
    pub export_wh: u64,
}

/// A decoded envelope; its readings stand in the arena that it was decoded into.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// As signed.
    pub payload: &'a [u8],
    /// Ed25519, over the domain prefix and the payload.
    pub signature: &'a [u8; 64],
    /// Device that the payload names.
    pub device_id: &'a str,
    /// From 1.
    pub boot_epoch: u32,
    /// Number of the first reading.
    pub first_seq: u64,
    /// Hash of the device's envelope before this one.
    pub previous_hash: &'a Hash,
    /// Where its readings stand in the arena; never empty.
    pub readings: std::ops::Range<usize>,
}

impl Envelope<'_> {
    /// First number after the envelope's readings.
    #[must_use]
    pub fn end_seq(&self) -> u64 {
        self.first_seq + self.readings.len() as u64
    }
}

/// Decodes a received `SignedEnvelope`, appending its readings to `arena`.
///
/// # Errors
/// [`Verdict::TooLarge`] or [`Verdict::Malformed`]; the arena is left as it was.
pub fn decode_envelope<'a>(
    bytes: &'a [u8],
    arena: &mut Vec<Reading>,
) -> Result<Envelope<'a>, Verdict> {
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return Err(Verdict::TooLarge);
    }
    let start = arena.len();
    let decoded = decode(bytes, arena);
    if decoded.is_err() {
        arena.truncate(start);
    }
    decoded
}

/// Hash that the device's next envelope carries: SHA-256 of domain prefix and payload.
#[must_use]
pub fn envelope_hash(payload: &[u8]) -> Hash {
    Sha256::new()
        .chain_update(SIGNING_DOMAIN)
        .chain_update(payload)
        .finalize()
        .into()
}

/// Merkle leaf of an envelope: SHA-256(0x00 || signature || payload). `[RFC6962 s.2.1]`
#[must_use]
pub fn leaf_hash(signature: &[u8; 64], payload: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(signature)
        .chain_update(payload)
        .finalize()
        .into()
}

fn decode<'a>(bytes: &'a [u8], arena: &mut Vec<Reading>) -> Result<Envelope<'a>, Verdict> {
    let (payload, signature) = split_signed(bytes)?;
    let head = Head::scan(payload)?;
    if head.reading_count > READINGS_MAX {
        return Err(Verdict::TooLarge);
    }
    let envelope = head.check(payload, signature, arena.len())?;
    decode_readings(payload, arena)?;
    Ok(envelope)
}

/// Payload and signature of a received `SignedEnvelope`, without a look into the payload.
pub fn split_signed(bytes: &[u8]) -> Result<(&[u8], &[u8; 64]), MalformedField> {
    let (mut payload, mut signature) = (None, None);
    let mut fields = FieldReader::new(bytes, 0);
    while let Some(field) = fields.next()? {
        match field {
            (1, Value::Bytes(value)) => payload = Some(value),
            (2, Value::Bytes(value)) => signature = Some(value),
            _ => return Err(MalformedField),
        }
    }
    let signature = signature
        .and_then(|value| value.try_into().ok())
        .ok_or(MalformedField)?;
    Ok((payload.ok_or(MalformedField)?, signature))
}

/// Fields of a payload before its readings are looked at: the first of two passes, so that a payload with too many
/// readings is refused before they cost anything.
#[derive(Default)]
struct Head<'a> {
    device_id: &'a [u8],
    boot_epoch: u64,
    first_seq: u64,
    previous_hash: &'a [u8],
    reading_count: usize,
}

impl<'a> Head<'a> {
    fn scan(payload: &'a [u8]) -> Result<Self, MalformedField> {
        let mut head = Self::default();
        let mut fields = FieldReader::new(payload, READINGS_FIELD);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Bytes(value)) => head.device_id = value,
                (2, Value::Varint(value)) => head.boot_epoch = value,
                (3, Value::Varint(value)) => head.first_seq = value,
                (4, Value::Bytes(value)) => head.previous_hash = value,
                (READINGS_FIELD, Value::Bytes(_)) => head.reading_count += 1,
                _ => return Err(MalformedField),
            }
        }
        Ok(head)
    }

    fn check(
        self,
        payload: &'a [u8],
        signature: &'a [u8; 64],
        start: usize,
    ) -> Result<Envelope<'a>, MalformedField> {
        let boot_epoch = u32::try_from(self.boot_epoch)
            .ok()
            .filter(|&epoch| epoch > 0)
            .ok_or(MalformedField)?;
        let end_seq = self.first_seq + self.reading_count as u64;
        if self.reading_count == 0 || end_seq > SAFE_INTEGER_MAX {
            return Err(MalformedField);
        }
        Ok(Envelope {
            payload,
            signature,
            device_id: device_id(self.device_id).ok_or(MalformedField)?,
            boot_epoch,
            first_seq: self.first_seq,
            previous_hash: self.previous_hash.try_into().map_err(|_| MalformedField)?,
            readings: start..start + self.reading_count,
        })
    }
}

const READINGS_FIELD: u8 = 5;

const READING_FIELDS: usize = 5;

/// 1..64 of a-z, 0-9 and '-', neither first nor last a '-'.
pub fn device_id(bytes: &[u8]) -> Option<&str> {
    let is_plain = bytes
        .iter()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let has_hyphen_at_end = bytes.first() == Some(&b'-') || bytes.last() == Some(&b'-');
    if !is_plain || has_hyphen_at_end || bytes.is_empty() || bytes.len() > 64 {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

fn decode_readings(payload: &[u8], arena: &mut Vec<Reading>) -> Result<(), MalformedField> {
    let mut previous: Option<Reading> = None;
    let mut fields = FieldReader::new(payload, READINGS_FIELD);
    while let Some((field, value)) = fields.next()? {
        let (READINGS_FIELD, Value::Bytes(bytes)) = (field, value) else {
            continue;
        };
        let reading = decode_reading(bytes)?;
        // Order within one envelope is part of its form: a device that breaks it has a bug, whatever its key.
        if previous.is_some_and(|previous| !is_after(&reading, &previous)) {
            return Err(MalformedField);
        }
        previous = Some(reading);
        arena.push(reading);
    }
    Ok(())
}

fn is_after(reading: &Reading, previous: &Reading) -> bool {
    reading.measured_at_unix_ms > previous.measured_at_unix_ms
        && reading.import_wh >= previous.import_wh
        && reading.export_wh >= previous.export_wh
}

fn decode_reading(bytes: &[u8]) -> Result<Reading, MalformedField> {
    let fields = ascending_varints(bytes).map_or_else(|| varints_in_any_order(bytes), Ok)?;
    let [measured_at_unix_ms, zigzag, import_wh, export_wh, quality] = fields;
    // ZigZag: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...; never beyond 2^53, so the cast keeps the value.
    let power_w = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
    let is_in_range = measured_at_unix_ms > 0
        && power_w.unsigned_abs() <= POWER_W_MAX
        && import_wh <= REGISTER_WH_MAX
        && export_wh <= REGISTER_WH_MAX
        && matches!(quality, 1 | 2);
    if is_in_range {
        Ok(Reading {
            measured_at_unix_ms,
            power_w,
            import_wh,
            export_wh,
        })
    } else {
        Err(MalformedField)
    }
}

/// Values of a reading's fields, by number less one.
fn varints_in_any_order(bytes: &[u8]) -> Result<[u64; READING_FIELDS], MalformedField> {
    let mut values = [0; READING_FIELDS];
    let mut fields = FieldReader::new(bytes, 0);
    while let Some(field) = fields.next()? {
        let (number @ 1.., Value::Varint(value)) = field else {
            return Err(MalformedField);
        };
        *values
            .get_mut(usize::from(number) - 1)
            .ok_or(MalformedField)? = value;
    }
    Ok(values)
}

impl From<MalformedField> for Verdict {
    fn from(_: MalformedField) -> Self {
        Self::Malformed
    }
}
