//! What a device can make the others pay: asked of a verifier that counts.

use std::sync::{Arc, Mutex};

use super::*;
use crate::envelope::Reading;
use crate::fixture::DeviceFixture;
use crate::judge::{Decoded, Received};
use crate::limits::BAD_SIGNATURES_MAX;
use crate::signature::BatchVerifier;

/// Verifies as the real one does, and notes the size of each batch.
struct NotingVerifier {
    real: BatchVerifier,
    batches: Arc<Mutex<Vec<usize>>>,
}

impl SignatureVerifier for NotingVerifier {
    fn name(&self) -> &'static str {
        "noting"
    }

    fn verify_each(&mut self, messages: &[SignedMessage<'_>], verdicts: &mut Vec<bool>) {
        self.batches.lock().unwrap().push(messages.len());
        self.real.verify_each(messages, verdicts);
    }
}

struct Bench {
    registry: Registry,
    authenticator: Authenticator,
    batches: Arc<Mutex<Vec<usize>>>,
}

impl Bench {
    fn new(devices: &[&DeviceFixture]) -> Self {
        let mut registry = Registry::default();
        for device in devices {
            registry.enrol(&device.id, device.public_key, "feeder-1");
        }
        let batches = Arc::default();
        let authenticator = Authenticator::new(Box::new(NotingVerifier {
            real: BatchVerifier::default(),
            batches: Arc::clone(&batches),
        }));
        Self {
            registry,
            authenticator,
            batches,
        }
    }

    /// Verdicts of one group, and the sizes of the batches that it took.
    fn verify(&mut self, sent: &[(&str, Vec<u8>)]) -> (Vec<Option<bool>>, Vec<usize>) {
        let mut arena: Vec<Reading> = Vec::new();
        let mut candidates: Vec<_> = sent
            .iter()
            .map(|(device_id, bytes)| Candidate {
                received: Received { device_id, bytes },
                decoded: Decoded::new(bytes, &mut arena),
                device: self.registry.find_enrolled(device_id),
                is_authentic: None,
            })
            .collect();
        self.authenticator
            .verify_group(&mut candidates, &self.registry);
        let verdicts = candidates.iter().map(|candidate| candidate.is_authentic);
        let batches = std::mem::take(&mut *self.batches.lock().unwrap());
        (verdicts.collect(), batches)
    }
}

fn forged(mut envelope: Vec<u8>) -> Vec<u8> {
    let lowest_byte_of_s = envelope.len() - 32;
    envelope[lowest_byte_of_s] ^= 1;
    envelope
}

fn many(device: &mut DeviceFixture, count: u32) -> Vec<(&'static str, Vec<u8>)> {
    let id: &'static str = match device.id.as_str() {
        "honest" => "honest",
        _ => "hostile",
    };
    (0..count).map(|_| (id, device.next(1))).collect()
}

#[test]
fn an_honest_spool_beyond_the_budget_is_verified_in_a_second_batch() {
    let mut device = DeviceFixture::new("honest");
    let mut bench = Bench::new(&[&device]);
    for (sent, batches) in [
        (FIRST_BATCH_SIGNATURES_MAX, vec![64, 0]),
        (FIRST_BATCH_SIGNATURES_MAX + 1, vec![64, 1]),
    ] {
        let (verdicts, sizes) = bench.verify(&many(&mut device, sent));
        assert_eq!(sizes, batches);
        assert!(verdicts.iter().all(|&verdict| verdict == Some(true)));
    }
    assert_eq!(bench.authenticator.counts.over_budget, 1);
}

#[test]
fn a_forger_gets_no_second_batch_and_takes_nothing_from_the_honest() {
    let (mut honest, mut hostile) = (DeviceFixture::new("honest"), DeviceFixture::new("hostile"));
    let mut bench = Bench::new(&[&honest, &hostile]);
    let mut sent = many(&mut hostile, 1_000);
    for (_, envelope) in &mut sent {
        *envelope = forged(std::mem::take(envelope));
    }
    sent.extend(many(&mut honest, 70));
    let (verdicts, sizes) = bench.verify(&sent);
    assert_eq!(sizes, [2 * 64, 6]);
    assert_eq!(
        verdicts
            .iter()
            .filter(|&&verdict| verdict == Some(false))
            .count(),
        64
    );
    assert!(
        verdicts[1_000..]
            .iter()
            .all(|&verdict| verdict == Some(true))
    );
}

#[test]
fn what_a_device_with_a_bad_signature_sends_waits_for_its_judgement() {
    let mut device = DeviceFixture::new("hostile");
    let mut bench = Bench::new(&[&device]);
    bench.registry.touch(0).record_bad_signature();
    let (verdicts, sizes) = bench.verify(&many(&mut device, BAD_SIGNATURES_MAX));
    assert_eq!(sizes, [0, 0]);
    assert!(verdicts.iter().all(Option::is_none));
}

#[test]
fn a_budget_is_of_one_group_only() {
    let mut device = DeviceFixture::new("honest");
    let mut bench = Bench::new(&[&device]);
    for _ in 0..3 {
        let (_, sizes) = bench.verify(&many(&mut device, FIRST_BATCH_SIGNATURES_MAX));
        assert_eq!(sizes, [64, 0]);
    }
}
