//! What became of a batch, packed for its way to TypeScript.
//!
//! ```text
//! counts: verdicts u32, devices u32, feeders u32, envelopes u32, readings u32, windows u32
//! verdicts:  code u8
//! devices:   id text                      feeders: name text
//! envelopes: walSeq u64, firstSeq u64, firstMeasuredAt u64, lastMeasuredAt u64,
//!            device u32, bootEpoch u32, readingCount u32, isAfterGap u32, leafHash 32 bytes
//! readings:  measuredAt u64, powerW i64, importWh u64, exportWh u64      (in order of the envelopes)
//! windows:   feeder u32, readingCount u32, start u64, importWh u64, exportWh u64
//! line protocol: all the rest
//! ```

use std::collections::HashMap;

use crate::chain::Placement;
use crate::envelope::{Envelope, Reading, leaf_hash};
use crate::frame::Pack;
use crate::line_protocol::push_line;
use crate::registry::Registry;
use crate::window::{EnergyWh, WindowSums};

/// Collects an outcome envelope by envelope, in order.
pub struct OutcomeBuilder {
    verdicts: Vec<u8>,
    devices: Vec<usize>,
    device_places: HashMap<usize, usize>,
    envelope_count: usize,
    envelopes: Vec<u8>,
    reading_count: usize,
    readings: Vec<u8>,
    windows: WindowSums,
    lines: Vec<u8>,
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
    pub fn new(mtu_ms: u64) -> Self {
        Self {
            verdicts: Vec::new(),
            devices: Vec::new(),
            device_places: HashMap::new(),
            envelope_count: 0,
            envelopes: Vec::new(),
            reading_count: 0,
            readings: Vec::new(),
            windows: WindowSums::new(mtu_ms),
            lines: Vec::new(),
        }
    }

    /// Adds the verdict on the next envelope, accepted or not.
    pub fn add_verdict(&mut self, code: u8) {
        self.verdicts.push(code);
    }

    /// Adds what an accepted envelope brings to the views.
    pub fn add_envelope(&mut self, accepted: &AcceptedEnvelope<'_>, registry: &Registry) {
        self.pack_envelope(accepted);
        let device = registry.device(accepted.device);
        let mut previous = accepted
            .placement
            .is_continuous
            .then_some(accepted.placement.before)
            .map(EnergyWh::from);
        for reading in accepted.readings {
            let registers = EnergyWh::from(reading);
            // What fills a gap adds nothing: the reading after the gap has counted its energy.
            let before = previous
                .filter(|_| accepted.placement.gap.is_none())
                .unwrap_or(registers);
            self.windows.add(
                device.feeder,
                reading.measured_at_unix_ms,
                registers.since(before),
            );
            previous = Some(registers);
            self.pack_reading(reading);
            push_line(&mut self.lines, &device.line_start, reading);
        }
    }

    /// The bytes that the module's layout describes.
    pub fn pack(self, registry: &Registry) -> Vec<u8> {
        let mut feeders: Vec<usize> = Vec::new();
        let mut windows = Vec::new();
        for window in self.windows.deltas() {
            let place = feeders
                .iter()
                .position(|&feeder| feeder == window.feeder)
                .unwrap_or_else(|| {
                    feeders.push(window.feeder);
                    feeders.len() - 1
                });
            windows.pack_u32(place);
            windows.extend_from_slice(&window.reading_count.to_le_bytes());
            windows.pack_u64(window.start_unix_ms);
            windows.pack_u64(window.import_wh);
            windows.pack_u64(window.export_wh);
        }
        let mut packed = Vec::with_capacity(
            self.envelopes.len() + self.readings.len() + self.lines.len() + 1024,
        );
        packed.pack_u32(self.verdicts.len());
        packed.pack_u32(self.devices.len());
        packed.pack_u32(feeders.len());
        packed.pack_u32(self.envelope_count);
        packed.pack_u32(self.reading_count);
        packed.pack_u32(self.windows.deltas().len());
        packed.extend_from_slice(&self.verdicts);
        for &number in &self.devices {
            packed.pack_text(&registry.device(number).id);
        }
        for &number in &feeders {
            packed.pack_text(&registry.feeders[number]);
        }
        for section in [&self.envelopes, &self.readings, &windows, &self.lines] {
            packed.extend_from_slice(section);
        }
        packed
    }

    fn pack_envelope(&mut self, accepted: &AcceptedEnvelope<'_>) {
        let AcceptedEnvelope {
            wal_seq,
            device,
            envelope,
            readings,
            placement,
        } = accepted;
        let next_place = self.devices.len();
        let place = *self.device_places.entry(*device).or_insert(next_place);
        if place == next_place {
            self.devices.push(*device);
        }
        let measured_at =
            |reading: Option<&Reading>| reading.map_or(0, |reading| reading.measured_at_unix_ms);
        self.envelopes.pack_u64(*wal_seq);
        self.envelopes.pack_u64(envelope.first_seq);
        self.envelopes.pack_u64(measured_at(readings.first()));
        self.envelopes.pack_u64(measured_at(readings.last()));
        self.envelopes.pack_u32(place);
        self.envelopes
            .extend_from_slice(&envelope.boot_epoch.to_le_bytes());
        self.envelopes.pack_u32(readings.len());
        self.envelopes.pack_u32(usize::from(placement.is_after_gap));
        self.envelopes
            .extend_from_slice(&leaf_hash(envelope.signature, envelope.payload));
        self.envelope_count += 1;
    }

    fn pack_reading(&mut self, reading: &Reading) {
        self.readings.pack_u64(reading.measured_at_unix_ms);
        self.readings
            .extend_from_slice(&reading.power_w.to_le_bytes());
        self.readings.pack_u64(reading.import_wh);
        self.readings.pack_u64(reading.export_wh);
        self.reading_count += 1;
    }
}
