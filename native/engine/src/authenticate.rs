//! Signatures of a group, verified together: the larger the batch, the less a signature costs. No device can make the
//! others pay for its forgeries.
//!
//! ```text
//! no bad signature yet:  the first 64 of the group in one batch, the rest in a second one if the first was clean
//! any bad signature:     one by one, as they are judged, so that the quarantine ends it
//! ```

use crate::judge::Candidate;
use crate::registry::Registry;
use crate::signature::{SignatureVerifier, SignedMessage};

/// Signatures of one device in a group's first batch. A device that turns out to forge costs at most these (0.6 ms)
/// before it is judged, sixteen of which bring it into quarantine; an honest one that empties its spool loses nothing,
/// as a second batch of what is left is as cheap.
const FIRST_BATCH_SIGNATURES_MAX: u32 = 64;

/// In place of a count: the device sent a bad signature in this group.
const SUSPECT: u32 = u32::MAX;

/// What was verified in which way, ever since the engine was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignatureCounts {
    /// In batches.
    pub together: u64,
    /// One by one: of devices that have sent a bad signature.
    pub alone: u64,
    /// Left for the second batch of their group.
    pub over_budget: u64,
}

/// Verifies signatures and remembers, within a group, what each device has used of its budget.
pub struct Authenticator {
    verifier: Box<dyn SignatureVerifier>,
    /// By the device's number in the registry; all zero between groups.
    spent: Vec<u32>,
    first: Vec<usize>,
    second: Vec<usize>,
    verdicts: Vec<bool>,
    pub counts: SignatureCounts,
}

impl Authenticator {
    pub fn new(verifier: Box<dyn SignatureVerifier>) -> Self {
        Self {
            verifier,
            spent: Vec::new(),
            first: Vec::new(),
            second: Vec::new(),
            verdicts: Vec::new(),
            counts: SignatureCounts::default(),
        }
    }

    /// Sets `is_authentic` of the candidates whose signature matters, but for those that are judged one by one.
    pub fn verify_group(&mut self, candidates: &mut [Candidate<'_>], registry: &Registry) {
        self.first.clear();
        self.second.clear();
        self.spent.resize(registry.len(), 0);
        for (place, candidate) in candidates.iter().enumerate() {
            if let Some(device) = candidate.needs_signature(registry)
                && registry.device(device).state.bad_signatures == 0
            {
                self.assign(place, device);
            }
        }
        self.counts.over_budget += self.second.len() as u64;
        let (first, mut second) = (
            std::mem::take(&mut self.first),
            std::mem::take(&mut self.second),
        );
        self.verify_places(&first, candidates, registry);
        second.retain(|&place| {
            let device = candidates[place].device;
            device.is_some_and(|device| self.spent[device] != SUSPECT)
        });
        self.verify_places(&second, candidates, registry);
        for device in first.iter().filter_map(|&place| candidates[place].device) {
            self.spent[device] = 0;
        }
        (self.first, self.second) = (first, second);
    }

    /// Verdict on one candidate, now.
    pub fn verify_one(&mut self, message: &SignedMessage<'_>) -> bool {
        self.counts.alone += 1;
        self.verifier.verify_one(message)
    }

    fn assign(&mut self, place: usize, device: usize) {
        if self.spent[device] < FIRST_BATCH_SIGNATURES_MAX {
            self.spent[device] += 1;
            self.first.push(place);
        } else {
            self.second.push(place);
        }
    }

    fn verify_places(
        &mut self,
        places: &[usize],
        candidates: &mut [Candidate<'_>],
        registry: &Registry,
    ) {
        self.verdicts.clear();
        let messages: Vec<_> = places
            .iter()
            .filter_map(|&place| candidates[place].signed(registry))
            .collect();
        assert_eq!(
            messages.len(),
            places.len(),
            "each place has a signature to verify"
        );
        self.verifier.verify_each(&messages, &mut self.verdicts);
        drop(messages);
        self.counts.together += places.len() as u64;
        for (&place, &is_authentic) in places.iter().zip(&self.verdicts) {
            let candidate = &mut candidates[place];
            candidate.is_authentic = Some(is_authentic);
            if let Some(device) = candidate.device.filter(|_| !is_authentic) {
                self.spent[device] = SUSPECT;
            }
        }
    }
}

#[cfg(test)]
#[path = "authenticate_tests.rs"]
mod tests;
