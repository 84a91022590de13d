//! All that the engine remembers of one device; rebuilt from the write-ahead log.

use std::collections::VecDeque;

use crate::envelope::{Envelope, Hash, Reading};
use crate::limits::{BAD_SIGNATURES_MAX, GAPS_MAX, REPLAY_WINDOW_ENVELOPES};

/// Where a device's chain stood: registers and time of a reading, and the hash of the envelope it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainPoint {
    pub hash: Hash,
    pub measured_at_unix_ms: u64,
    pub import_wh: u64,
    pub export_wh: u64,
}

impl ChainPoint {
    pub fn new(reading: &Reading, hash: Hash) -> Self {
        let Reading {
            measured_at_unix_ms,
            import_wh,
            export_wh,
            ..
        } = *reading;
        Self {
            hash,
            measured_at_unix_ms,
            import_wh,
            export_wh,
        }
    }
}

/// Reading numbers `[from_seq, to_seq)` that were skipped; a late envelope may fill them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub from_seq: u64,
    pub to_seq: u64,
    pub before: ChainPoint,
    /// `hash` is what the envelope after the gap says of the one before it.
    pub after: ChainPoint,
}

/// Identity of an accepted envelope, to tell a resend from an equivocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentEnvelope {
    pub boot_epoch: u32,
    pub first_seq: u64,
    pub hash: Hash,
}

#[derive(Debug, PartialEq, Eq, Default)]
pub struct DeviceState {
    /// 0 before the first envelope.
    pub boot_epoch: u32,
    /// First reading number of this epoch that was never seen.
    pub next_seq: u64,
    /// The newest reading; its time holds over epochs, its registers do not.
    pub last: ChainPoint,
    /// Oldest first, of this epoch only.
    pub gaps: Vec<Gap>,
    /// Oldest first, of all epochs.
    pub recent: VecDeque<RecentEnvelope>,
    /// Ever; never forgiven, as honest devices send none.
    pub bad_signatures: u32,
    /// Lifted by nobody here: an operator enrols the device under a new id.
    pub is_quarantined: bool,
}

impl Clone for DeviceState {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.clone_from(self);
        copy
    }

    /// Keeps the memory of gaps and window, which is why this is written out.
    fn clone_from(&mut self, source: &Self) {
        let Self {
            boot_epoch,
            next_seq,
            last,
            gaps,
            recent,
            bad_signatures,
            is_quarantined,
        } = source;
        self.gaps.clone_from(gaps);
        self.recent.clone_from(recent);
        self.boot_epoch = *boot_epoch;
        self.next_seq = *next_seq;
        self.last = *last;
        self.bad_signatures = *bad_signatures;
        self.is_quarantined = *is_quarantined;
    }
}

impl DeviceState {
    /// The remembered accepted envelope of the same identity, if any.
    pub fn find_recent(&self, envelope: &Envelope<'_>) -> Option<&RecentEnvelope> {
        // The usual case, without a look through the window.
        let is_newest =
            envelope.boot_epoch == self.boot_epoch && envelope.first_seq >= self.next_seq;
        if is_newest {
            return None;
        }
        // From the end, since what is sent again mostly was sent a moment ago.
        let is_same = |recent: &&RecentEnvelope| {
            recent.first_seq == envelope.first_seq && recent.boot_epoch == envelope.boot_epoch
        };
        self.recent.iter().rev().find(is_same)
    }

    pub fn record_bad_signature(&mut self) {
        self.bad_signatures += 1;
        if self.bad_signatures >= BAD_SIGNATURES_MAX {
            self.is_quarantined = true;
        }
    }

    pub fn remember_recent(&mut self, envelope: &Envelope<'_>, hash: Hash) {
        if self.recent.len() == REPLAY_WINDOW_ENVELOPES {
            self.recent.pop_front();
        }
        let Envelope {
            boot_epoch,
            first_seq,
            ..
        } = *envelope;
        self.recent.push_back(RecentEnvelope {
            boot_epoch,
            first_seq,
            hash,
        });
    }

    pub fn remember_gap(&mut self, gap: Gap) {
        if gap.from_seq == gap.to_seq {
            return;
        }
        if self.gaps.len() == GAPS_MAX {
            self.gaps.remove(0);
        }
        self.gaps.push(gap);
    }
}
