//! Energy per feeder and market time unit.
//!
//! A sum cannot overflow: registers have 48 bits, and a batch has 2^16 envelopes at most, each with one difference of
//! registers a window.

use std::collections::HashMap;

use crate::device::ChainPoint;
use crate::envelope::Reading;

/// Energy that a batch added to the window that starts at `start_unix_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowDelta {
    /// Feeder, by its number in the registry.
    pub feeder: usize,
    /// Readings measured in the window.
    pub reading_count: u32,
    /// Multiple of the market time unit.
    pub start_unix_ms: u64,
    /// Imported energy.
    pub import_wh: u64,
    /// Exported energy.
    pub export_wh: u64,
}

/// Two energy registers, or what was added to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EnergyWh {
    /// Imported.
    pub import_wh: u64,
    /// Exported.
    pub export_wh: u64,
}

impl EnergyWh {
    /// Energy since registers that are not above these.
    pub fn since(self, before: Self) -> Self {
        Self {
            import_wh: self.import_wh - before.import_wh,
            export_wh: self.export_wh - before.export_wh,
        }
    }
}

impl From<&Reading> for EnergyWh {
    fn from(reading: &Reading) -> Self {
        Self {
            import_wh: reading.import_wh,
            export_wh: reading.export_wh,
        }
    }
}

impl From<ChainPoint> for EnergyWh {
    fn from(point: ChainPoint) -> Self {
        Self {
            import_wh: point.import_wh,
            export_wh: point.export_wh,
        }
    }
}

/// Collects the windows of one batch, in order of first touch.
pub struct WindowSums {
    mtu_ms: u64,
    windows: Vec<WindowDelta>,
    places: HashMap<(usize, u64), usize>,
    /// Place of the window touched last: consecutive readings mostly share one, which saves hash and division.
    last: usize,
}

impl WindowSums {
    /// No windows yet.
    pub fn new(mtu_ms: u64) -> Self {
        Self {
            mtu_ms,
            windows: Vec::new(),
            places: HashMap::new(),
            last: 0,
        }
    }

    /// Adds a reading. Its energy was used before the instant of the reading, so the millisecond before that decides:
    /// a reading on the boundary belongs to the window that it ends.
    pub fn add(&mut self, feeder: usize, measured_at_unix_ms: u64, energy: EnergyWh) {
        let place = self.place(feeder, measured_at_unix_ms - 1);
        let window = &mut self.windows[place];
        window.import_wh += energy.import_wh;
        window.export_wh += energy.export_wh;
        window.reading_count += 1;
    }

    /// The windows touched so far.
    pub fn deltas(&self) -> &[WindowDelta] {
        &self.windows
    }

    /// Place of the window that a millisecond lies in.
    fn place(&mut self, feeder: usize, unix_ms: u64) -> usize {
        let holds = |window: &WindowDelta| {
            window.feeder == feeder && unix_ms.wrapping_sub(window.start_unix_ms) < self.mtu_ms
        };
        if !self.windows.get(self.last).is_some_and(holds) {
            let start_unix_ms = unix_ms - unix_ms % self.mtu_ms;
            let next = self.windows.len();
            self.last = *self.places.entry((feeder, start_unix_ms)).or_insert(next);
            if self.last == next {
                self.windows.push(WindowDelta {
                    feeder,
                    reading_count: 0,
                    start_unix_ms,
                    import_wh: 0,
                    export_wh: 0,
                });
            }
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MTU_MS: u64 = 900_000;

    #[test]
    fn boundary_reading_belongs_to_the_window_that_it_ends() {
        let mut sums = WindowSums::new(MTU_MS);
        let energy = EnergyWh {
            import_wh: 3,
            export_wh: 1,
        };
        sums.add(0, MTU_MS, energy);
        sums.add(0, MTU_MS + 1, energy);
        sums.add(1, MTU_MS, energy);
        sums.add(0, 1, energy);
        let starts: Vec<_> = sums
            .deltas()
            .iter()
            .map(|w| (w.feeder, w.start_unix_ms, w.import_wh))
            .collect();
        assert_eq!(starts, [(0, 0, 6), (0, MTU_MS, 3), (1, 0, 3)]);
    }
}
