//! The devices that the engine knows, with their states.

use std::collections::HashMap;

use crate::device::DeviceState;
use crate::line_protocol::line_start;
use crate::signature::PreparedKey;

/// Feeder of readings whose device is not enrolled any more; a tag of line protocol cannot be empty.
const UNKNOWN_FEEDER: &str = "unknown";

#[derive(Debug)]
pub struct Device {
    pub id: String,
    /// `None` when the device is not enrolled or revoked, and only its log is remembered.
    pub key: Option<PreparedKey>,
    /// By its number in [`Registry::feeders`].
    pub feeder: usize,
    /// What every line of its readings starts with.
    pub line_start: Vec<u8>,
    pub state: DeviceState,
    /// The state before the current group touched it.
    undo: Option<DeviceState>,
}

/// Devices by number, which is dense: budgets and a replay's states are vectors beside it. A group of batches changes
/// states in place and is then committed or rolled back, so that a batch refused by a full disk may be tried again.
#[derive(Debug, Default)]
pub struct Registry {
    devices: Vec<Device>,
    numbers: HashMap<String, usize>,
    pub feeders: Vec<String>,
    touched: Vec<usize>,
    /// Memory of states of earlier groups: in steady state a group allocates none.
    spare: Vec<DeviceState>,
}

/// States kept as spare memory, at 3 KiB each: as many as there are devices in a full group.
const SPARE_STATES_MAX: usize = 4_096;

impl Registry {
    /// Devices as a checkpoint remembers them; none is enrolled yet.
    pub fn restored(devices: Vec<(String, DeviceState)>) -> Self {
        let mut registry = Self::default();
        for (id, state) in devices {
            let number = registry.number_of(&id);
            registry.devices[number].state = state;
        }
        registry
    }

    /// Adds a device or replaces its key; what is remembered of its log stays.
    pub fn enrol(&mut self, id: &str, key: [u8; 32], feeder: &str) {
        let feeder_number = self.feeder_number(feeder);
        let number = self.number_of(id);
        let device = &mut self.devices[number];
        device.key = Some(PreparedKey::new(key));
        device.feeder = feeder_number;
        device.line_start = line_start(id, feeder);
    }

    /// Forgets the device's key, never its log: if it is enrolled again, its chain goes on.
    pub fn revoke(&mut self, id: &str) {
        if let Some(&number) = self.numbers.get(id) {
            let feeder = self.feeder_number(UNKNOWN_FEEDER);
            let device = &mut self.devices[number];
            device.key = None;
            device.feeder = feeder;
            device.line_start = line_start(id, UNKNOWN_FEEDER);
        }
    }

    /// Number of an enrolled device.
    pub fn find_enrolled(&self, id: &str) -> Option<usize> {
        self.numbers
            .get(id)
            .copied()
            .filter(|&number| self.devices[number].key.is_some())
    }

    /// Number of a device, enrolled or not; a new one is made at first sight, for the replay of a log.
    pub fn number_of(&mut self, id: &str) -> usize {
        if let Some(&number) = self.numbers.get(id) {
            return number;
        }
        let number = self.devices.len();
        self.numbers.insert(id.to_owned(), number);
        let feeder = self.feeder_number(UNKNOWN_FEEDER);
        self.devices.push(Device {
            id: id.to_owned(),
            key: None,
            feeder,
            line_start: line_start(id, UNKNOWN_FEEDER),
            state: DeviceState::default(),
            undo: None,
        });
        number
    }

    /// All devices with their states, in order of first sight.
    pub fn into_states(self) -> impl Iterator<Item = (String, DeviceState)> {
        let devices = self.devices.into_iter();
        devices.map(|device| (device.id, device.state))
    }

    /// Devices ever seen.
    pub fn len(&self) -> usize {
        self.devices.len()
    }

    pub fn device(&self, number: usize) -> &Device {
        &self.devices[number]
    }

    /// The device's state, to be changed for good: for the replay of a log.
    pub fn state_mut(&mut self, number: usize) -> &mut DeviceState {
        &mut self.devices[number].state
    }

    /// The device's state, to be changed by the current group. It is copied at the first touch only: a group has
    /// dozens of envelopes of a device that empties its spool.
    pub fn touch(&mut self, number: usize) -> &mut DeviceState {
        let device = &mut self.devices[number];
        if device.undo.is_none() {
            let mut undo = self.spare.pop().unwrap_or_default();
            undo.clone_from(&device.state);
            device.undo = Some(undo);
            self.touched.push(number);
        }
        &mut device.state
    }

    /// The group is durable: its changes stand.
    pub fn commit(&mut self) {
        for number in self.touched.drain(..) {
            let undo = self.devices[number].undo.take();
            if self.spare.len() < SPARE_STATES_MAX {
                self.spare.extend(undo);
            }
        }
    }

    /// The group is not durable: as if it had never been judged.
    pub fn roll_back(&mut self) {
        for number in self.touched.drain(..) {
            let device = &mut self.devices[number];
            if let Some(before) = device.undo.take() {
                device.state = before;
            }
        }
    }

    /// States whose memory is kept for later groups; at most 4,096.
    pub fn spare_states(&self) -> usize {
        self.spare.len()
    }

    /// Devices under quarantine, sorted.
    pub fn quarantined(&self) -> Vec<String> {
        let mut ids: Vec<_> = self
            .devices
            .iter()
            .filter(|device| device.state.is_quarantined)
            .map(|device| device.id.clone())
            .collect();
        ids.sort_unstable();
        ids
    }

    fn feeder_number(&mut self, feeder: &str) -> usize {
        self.feeders
            .iter()
            .position(|known| known == feeder)
            .unwrap_or_else(|| {
                self.feeders.push(feeder.to_owned());
                self.feeders.len() - 1
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Memory kept after a group of so many devices, and after a second one.
    fn spare_after(devices: usize) -> [usize; 2] {
        let mut registry = Registry::default();
        [(); 2].map(|()| {
            for number in 0..devices {
                let number = registry.number_of(&format!("home-{number}"));
                registry.touch(number).next_seq += 1;
            }
            registry.commit();
            registry.spare_states()
        })
    }

    #[test]
    fn keeps_the_memory_of_as_many_states_as_its_bound() {
        assert_eq!(spare_after(SPARE_STATES_MAX - 1), [SPARE_STATES_MAX - 1; 2]);
        assert_eq!(spare_after(SPARE_STATES_MAX), [SPARE_STATES_MAX; 2]);
        assert_eq!(spare_after(SPARE_STATES_MAX + 1), [SPARE_STATES_MAX; 2]);
    }

    #[test]
    fn a_group_that_is_not_durable_leaves_states_as_they_were() {
        let mut registry = Registry::default();
        let number = registry.number_of("home-1");
        registry.touch(number).next_seq = 7;
        registry.commit();
        registry.touch(number).next_seq = 9;
        registry.roll_back();
        assert_eq!(registry.device(number).state.next_seq, 7);
    }
}
