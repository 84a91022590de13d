//! The verdict on one envelope. Cheap checks come first, and all that a third party could provoke with forged bytes
//! comes before the signature counts against the device's chain.

use crate::authenticate::Authenticator;
use crate::chain::{Placement, advance_state, check_bounds, place_envelope};
use crate::device::DeviceState;
use crate::envelope::{Envelope, Hash, Reading, SIGNING_DOMAIN, decode_envelope, envelope_hash};
use crate::limits::CLOCK_AHEAD_MS_MAX;
use crate::registry::Registry;
use crate::signature::{PreparedKey, SignedMessage};
use crate::verdict::Verdict;

/// One PUBLISH: who the connection's certificate says it is, and the received bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received<'a> {
    pub device_id: &'a str,
    pub bytes: &'a [u8],
}

/// A decoded envelope with its hash.
#[derive(Debug, Clone)]
pub struct Decoded<'a> {
    pub envelope: Envelope<'a>,
    pub hash: Hash,
}

impl<'a> Decoded<'a> {
    /// Decodes an envelope, its readings into `arena`.
    pub fn new(bytes: &'a [u8], arena: &mut Vec<Reading>) -> Result<Self, Verdict> {
        let envelope = decode_envelope(bytes, arena)?;
        let hash = envelope_hash(envelope.payload);
        Ok(Self { envelope, hash })
    }

    /// What its signature should verify under a key.
    pub fn signed_by<'b>(&'b self, key: &'b PreparedKey) -> SignedMessage<'b> {
        let Envelope {
            payload, signature, ..
        } = self.envelope;
        SignedMessage {
            key,
            message: [SIGNING_DOMAIN, payload],
            signature,
        }
    }
}

/// An envelope on its way through the judgement of its group.
pub struct Candidate<'a> {
    pub received: Received<'a>,
    pub decoded: Result<Decoded<'a>, Verdict>,
    /// Number of the enrolled device that the connection's certificate names.
    pub device: Option<usize>,
    /// Verdict of the group's signature batch; `None` when the signature seemed not to matter, or is verified alone.
    pub is_authentic: Option<bool>,
}

impl Candidate<'_> {
    /// The device, when the verdict will depend on the signature, as far as the states before the group say.
    pub fn needs_signature(&self, registry: &Registry) -> Option<usize> {
        let decoded = self.decoded.as_ref().ok()?;
        let number = self.device?;
        let device = registry.device(number);
        let is_settled = device.state.is_quarantined
            || decoded.envelope.device_id != self.received.device_id
            || device
                .state
                .find_recent(&decoded.envelope)
                .is_some_and(|recent| recent.hash == decoded.hash);
        (!is_settled && device.key.is_some()).then_some(number)
    }

    /// Its readings, in the arena that they were decoded into; none when it is malformed.
    pub fn readings<'b>(&self, arena: &'b [Reading]) -> &'b [Reading] {
        let decoded = self.decoded.as_ref();
        &arena[decoded.map_or(0..0, |decoded| decoded.envelope.readings.clone())]
    }

    /// What its signature should verify.
    pub fn signed<'b>(&'b self, registry: &'b Registry) -> Option<SignedMessage<'b>> {
        let decoded = self.decoded.as_ref().ok()?;
        let key = registry.device(self.device?).key.as_ref()?;
        Some(decoded.signed_by(key))
    }
}

/// An accepted envelope's device and place.
pub struct Acceptance {
    pub device: usize,
    pub placement: Placement,
}

/// Judges a candidate against the devices' states and changes them accordingly.
pub fn judge(
    candidate: &Candidate<'_>,
    readings: &[Reading],
    received_at_unix_ms: u64,
    registry: &mut Registry,
    authenticator: &mut Authenticator,
) -> Result<Acceptance, Verdict> {
    let decoded = candidate.decoded.as_ref().map_err(|&verdict| verdict)?;
    let device = candidate.device.ok_or(Verdict::UnknownDevice)?;
    // Before anything that costs: a flood of a known forger is refused for the price of a look.
    if registry.device(device).state.is_quarantined {
        return Err(Verdict::Quarantined);
    }
    if decoded.envelope.device_id != candidate.received.device_id {
        return Err(Verdict::IdentityMismatch);
    }
    check_identity(
        candidate.is_authentic,
        decoded,
        device,
        registry,
        authenticator,
    )?;
    let state = registry.touch(device);
    let placement = place_envelope(state, &decoded.envelope, &decoded.hash)?;
    check_bounds(&placement, readings)?;
    let latest_unix_ms = readings
        .last()
        .map_or(0, |reading| reading.measured_at_unix_ms);
    if latest_unix_ms > received_at_unix_ms + CLOCK_AHEAD_MS_MAX {
        return Err(Verdict::ClockSkew);
    }
    advance_state(state, &decoded.envelope, readings, &placement, decoded.hash);
    Ok(Acceptance { device, placement })
}

/// Refuses what is a duplicate, forged or equivocal.
fn check_identity(
    is_authentic: Option<bool>,
    decoded: &Decoded<'_>,
    device: usize,
    registry: &mut Registry,
    authenticator: &mut Authenticator,
) -> Result<(), Verdict> {
    let known = registry.device(device);
    let recent = known
        .state
        .find_recent(&decoded.envelope)
        .map(|recent| recent.hash);
    if recent == Some(decoded.hash) {
        return Err(Verdict::Duplicate);
    }
    // Without a verdict: the device has sent a bad signature before, or the envelope looked like a resend before the
    // group and fell out of the replay window within it.
    let verify_now = || {
        known
            .key
            .as_ref()
            .is_some_and(|key| authenticator.verify_one(&decoded.signed_by(key)))
    };
    if !is_authentic.unwrap_or_else(verify_now) {
        registry.touch(device).record_bad_signature();
        return Err(Verdict::BadSignature);
    }
    if recent.is_some() {
        // Signed twice by the device itself: nobody else can bring it into quarantine this way.
        registry.touch(device).is_quarantined = true;
        return Err(Verdict::Equivocation);
    }
    Ok(())
}

/// Brings a state to where it was after a logged envelope was accepted, without verifying it again; `None` when it
/// cannot have been accepted there.
pub fn repeat_acceptance(
    state: &mut DeviceState,
    decoded: &Decoded<'_>,
    readings: &[Reading],
) -> Option<Placement> {
    let placement = place_envelope(state, &decoded.envelope, &decoded.hash).ok()?;
    advance_state(state, &decoded.envelope, readings, &placement, decoded.hash);
    Some(placement)
}

/// As [`repeat_acceptance`], for a rejected envelope.
pub fn repeat_rejection(state: &mut DeviceState, verdict: u8) {
    if verdict == Verdict::BadSignature.code() {
        state.record_bad_signature();
    }
    if verdict == Verdict::Equivocation.code() {
        state.is_quarantined = true;
    }
}
