//! What became of a batch, packed for its way to TypeScript. Everything of one kind has the same size, and counts come
//! first, so that a view finds what it asks for without a look at the rest.
//!
//! ```text
//! counts: verdicts, devices, feeders, envelopes, readings, boundaries, windows; u32 each
//! verdicts:   code u8
//! devices:    id text                      feeders: name text
//! leaves:     hash 32 bytes                (of the envelopes, in their order)
//! envelopes:  walSeq u64, firstSeq u64, firstMeasuredAt u64, lastMeasuredAt u64,
//!             device u32, bootEpoch u32, readingCount u32, isAfterGap u32
//! newest:     envelope u32, readingIndex u32, reading        (of each device, in their order)
//! boundaries: envelope u32, readingIndex u32, reading        (on a multiple of the market time unit)
//! windows:    feeder u32, readingCount u32, start u64, importWh u64, exportWh u64
//! reading:    measuredAt u64, powerW i64, importWh u64, exportWh u64
//! ```

use std::collections::HashMap;

use crate::chain::Placement;
use crate::envelope::{Envelope, Reading, leaf_hash};
use crate::frame::Pack;
use crate::registry::Registry;
use crate::window::{EnergyWh, WindowSums};

/// Collects an outcome envelope by envelope, in order.
pub struct OutcomeBuilder {
    /// Length of a market time unit; windows are aligned to its multiples since the epoch.
    mtu_ms: u64,
    verdicts: Vec<u8>,
    devices: Vec<usize>,
    device_places: HashMap<usize, usize>,
    leaves: Vec<u8>,
    envelope_count: usize,
    envelopes: Vec<u8>,
    /// By the device's place.
    newest: Vec<PlacedReading>,
    boundaries: Vec<PlacedReading>,
    reading_count: usize,
    windows: WindowSums,
}

/// A reading, and which one of which envelope it is.
struct PlacedReading {
    envelope: usize,
    index: usize,
    reading: Reading,
}

/// An accepted envelope with all that the outcome says of it.
pub struct AcceptedEnvelope<'a> {
    pub wal_seq: u64,
    /// By its number in the registry.
    pub device: usize,
    pub envelope: &'a Envelope<'a>,
    pub readings: &'a [Reading],
    pub placement: &'a Placement,
}

impl OutcomeBuilder {
    /// An outcome with room for so many envelopes.
    pub fn new(mtu_ms: u64, envelopes: usize) -> Self {
        Self {
            mtu_ms,
            verdicts: Vec::with_capacity(envelopes),
            devices: Vec::new(),
            device_places: HashMap::new(),
            leaves: Vec::with_capacity(envelopes * size_of::<crate::envelope::Hash>()),
            envelope_count: 0,
            envelopes: Vec::with_capacity(envelopes * ENVELOPE_BYTES),
            newest: Vec::new(),
            boundaries: Vec::new(),
            reading_count: 0,
            windows: WindowSums::new(mtu_ms),
        }
    }

    /// Adds the verdict on the next envelope, accepted or not.
    pub fn add_verdict(&mut self, code: u8) {
        self.verdicts.push(code);
    }

    /// Adds what an accepted envelope, whose readings are never none, brings to the views.
    pub fn add_envelope(&mut self, accepted: &AcceptedEnvelope<'_>, registry: &Registry) {
        let (Some(first), Some(last)) = (accepted.readings.first(), accepted.readings.last())
        else {
            return;
        };
        let place = self.place_of(accepted.device);
        self.pack_envelope(accepted, place, [first, last]);
        self.remember_newest(place, accepted.readings.len() - 1, last);
        self.add_boundaries(accepted.readings, [first, last]);
        self.add_energy(accepted, registry.device(accepted.device).feeder);
        self.envelope_count += 1;
        self.reading_count += accepted.readings.len();
    }

    /// The bytes that the module's layout describes.
    pub fn pack(self, registry: &Registry) -> Vec<u8> {
        let (feeders, windows) = self.packed_windows();
        let mut packed = Vec::with_capacity(self.size_estimate());
        packed.pack_u32(self.verdicts.len());
        packed.pack_u32(self.devices.len());
        packed.pack_u32(feeders.len());
        packed.pack_u32(self.envelope_count);
        packed.pack_u32(self.reading_count);
        packed.pack_u32(self.boundaries.len());
        packed.pack_u32(self.windows.deltas().len());
        packed.extend_from_slice(&self.verdicts);
        for &number in &self.devices {
            packed.pack_text(&registry.device(number).id);
        }
        for &number in &feeders {
            packed.pack_text(&registry.feeders[number]);
        }
        packed.extend_from_slice(&self.leaves);
        packed.extend_from_slice(&self.envelopes);
        for placed in self.newest.iter().chain(&self.boundaries) {
            packed.pack_u32(placed.envelope);
            packed.pack_u32(placed.index);
            pack_reading(&mut packed, &placed.reading);
        }
        packed.extend_from_slice(&windows);
        packed
    }

    /// The device's place in the outcome.
    fn place_of(&mut self, device: usize) -> usize {
        let next_place = self.devices.len();
        let place = *self.device_places.entry(device).or_insert(next_place);
        if place == next_place {
            self.devices.push(device);
        }
        place
    }

    fn pack_envelope(
        &mut self,
        accepted: &AcceptedEnvelope<'_>,
        place: usize,
        [first, last]: [&Reading; 2],
    ) {
        let AcceptedEnvelope {
            wal_seq,
            envelope,
            readings,
            placement,
            ..
        } = accepted;
        self.leaves
            .extend_from_slice(&leaf_hash(envelope.signature, envelope.payload));
        self.envelopes.pack_u64(*wal_seq);
        self.envelopes.pack_u64(envelope.first_seq);
        self.envelopes.pack_u64(first.measured_at_unix_ms);
        self.envelopes.pack_u64(last.measured_at_unix_ms);
        self.envelopes.pack_u32(place);
        self.envelopes
            .extend_from_slice(&envelope.boot_epoch.to_le_bytes());
        self.envelopes.pack_u32(readings.len());
        self.envelopes.pack_u32(usize::from(placement.is_after_gap));
    }

    /// What fills a gap comes late and may be older than what the batch has of the device already.
    fn remember_newest(&mut self, place: usize, index: usize, reading: &Reading) {
        let placed = PlacedReading {
            envelope: self.envelope_count,
            index,
            reading: *reading,
        };
        match self.newest.get_mut(place) {
            None => self.newest.push(placed),
            Some(known)
                if known.reading.measured_at_unix_ms < placed.reading.measured_at_unix_ms =>
            {
                *known = placed;
            }
            Some(_) => {}
        }
    }

    /// Most envelopes have none, which their first and last instants tell.
    fn add_boundaries(&mut self, readings: &[Reading], [first, last]: [&Reading; 2]) {
        let mtu_ms = self.mtu_ms;
        let last_boundary = last.measured_at_unix_ms - last.measured_at_unix_ms % mtu_ms;
        if last_boundary < first.measured_at_unix_ms {
            return;
        }
        let envelope = self.envelope_count;
        let on_boundary = readings
            .iter()
            .enumerate()
            .filter(|(_, reading)| reading.measured_at_unix_ms % mtu_ms == 0);
        self.boundaries
            .extend(on_boundary.map(|(index, reading)| PlacedReading {
                envelope,
                index,
                reading: *reading,
            }));
    }

    fn add_energy(&mut self, accepted: &AcceptedEnvelope<'_>, feeder: usize) {
        let placement = accepted.placement;
        let mut previous = placement
            .is_continuous
            .then_some(placement.before)
            .map(EnergyWh::from);
        for reading in accepted.readings {
            let registers = EnergyWh::from(reading);
            // What fills a gap adds nothing: the reading after the gap has counted its energy.
            let before = previous
                .filter(|_| placement.gap.is_none())
                .unwrap_or(registers);
            self.windows
                .add(feeder, reading.measured_at_unix_ms, registers.since(before));
            previous = Some(registers);
        }
    }

    /// The feeders, and the windows packed with places among them.
    fn packed_windows(&self) -> (Vec<usize>, Vec<u8>) {
        let mut feeders: Vec<usize> = Vec::new();
        let mut windows = Vec::new();
        for window in self.windows.deltas() {
            let known = feeders.iter().position(|&feeder| feeder == window.feeder);
            let place = known.unwrap_or_else(|| {
                feeders.push(window.feeder);
                feeders.len() - 1
            });
            windows.pack_u32(place);
            windows.extend_from_slice(&window.reading_count.to_le_bytes());
            windows.pack_u64(window.start_unix_ms);
            windows.pack_u64(window.import_wh);
            windows.pack_u64(window.export_wh);
        }
        (feeders, windows)
    }

    /// A little more than the packed outcome will have, so that it is allocated once: it becomes Node's memory as it
    /// is.
    fn size_estimate(&self) -> usize {
        let placed = (self.newest.len() + self.boundaries.len()) * (READING_BYTES + 8);
        let sections = [&self.verdicts, &self.leaves, &self.envelopes];
        let windows = self.windows.deltas().len() * 40;
        let names = self.devices.len() * 65 + windows;
        sections.map(Vec::len).iter().sum::<usize>() + placed + names + 1_024
    }
}

/// What stands before the verdicts of a packed outcome: seven counts.
pub const OUTCOME_COUNTS_BYTES: usize = 7 * 4;

const ENVELOPE_BYTES: usize = 48;

const READING_BYTES: usize = 32;

/// Appends a reading as the module's layout has it.
pub fn pack_reading(packed: &mut Vec<u8>, reading: &Reading) {
    let mut bytes = [0; READING_BYTES];
    bytes[..8].copy_from_slice(&reading.measured_at_unix_ms.to_le_bytes());
    bytes[8..16].copy_from_slice(&reading.power_w.to_le_bytes());
    bytes[16..24].copy_from_slice(&reading.import_wh.to_le_bytes());
    bytes[24..].copy_from_slice(&reading.export_wh.to_le_bytes());
    packed.extend_from_slice(&bytes);
}
