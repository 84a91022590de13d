//! A disk in memory that fails as disks do. The engine's own tests take in this file too.
//!
//! What was not synced is lost in a power cut, wholly or in part: of a file's bytes a prefix stays, in which some
//! sectors may be zero; a name that was made since the last sync of the directory may be gone. A failed sync loses
//! what it should have saved, and the next one says nothing of it.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::{AppendFile, Disk};

/// Bytes that reach the disk together; small, so that records of tests span several.
const SECTOR_BYTES: usize = 32;

#[derive(Debug, Default, Clone)]
struct StoredFile {
    bytes: Vec<u8>,
    synced: usize,
    /// From here on the content is what a failed sync lost: readable until the next crash.
    lost_from: Option<usize>,
    is_name_synced: bool,
}

#[derive(Debug, Default, Clone)]
struct State {
    files: BTreeMap<String, StoredFile>,
    /// Removed, but not durably: a power cut brings them back.
    removed: BTreeMap<String, StoredFile>,
    /// Bytes that may still be written; a write beyond stops half-way.
    room: Option<usize>,
    fails_sync: bool,
    /// Operations that still succeed before the power is gone.
    operations_left: Option<usize>,
}

/// Cheap to clone; clones share the disk.
#[derive(Debug, Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

/// What a power cut leaves of bytes that were not synced.
#[derive(Debug, Clone, Copy)]
pub struct PowerCut {
    /// Of each file's unsynced bytes, per mille.
    pub kept: usize,
    /// Every so many-th unsynced sector is zero; 0 for none.
    pub zero_sector: usize,
    /// Whether names survive that were not synced, and removals that were not.
    pub keeps_names: bool,
}

impl SimulatedDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in a test leaves nothing half-changed here.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The state for one more operation; an error when the power is gone.
    fn powered(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        match &mut state.operations_left {
            Some(0) => Err(io::Error::other("simulated power cut")),
            Some(left) => {
                *left -= 1;
                Ok(state)
            }
            None => Ok(state),
        }
    }

    /// Loses of each file's unsynced bytes all but `kept` per mille; names stay.
    pub fn crash(&self, kept: usize) {
        self.cut_power(PowerCut {
            kept,
            zero_sector: 0,
            keeps_names: true,
        });
    }

    /// Loses what a power cut would lose, and brings the power back.
    pub fn cut_power(&self, cut: PowerCut) {
        let mut state = self.state();
        state.operations_left = None;
        let removed = std::mem::take(&mut state.removed);
        if !cut.keeps_names {
            state.files.extend(removed);
            state.files.retain(|_, file| file.is_name_synced);
        }
        for file in state.files.values_mut() {
            lose_unsynced(file, cut);
        }
    }

    /// The process dies, the machine does not: all that was written stays, synced or not.
    pub fn kill(&self) {
        self.state().operations_left = None;
    }

    /// Lets only so many more operations succeed.
    pub fn set_operations_left(&self, left: Option<usize>) {
        self.state().operations_left = left;
    }

    /// Lets only so many more bytes be written.
    pub fn set_room(&self, room: Option<usize>) {
        self.state().room = room;
    }

    /// Makes every sync fail from now on, or none.
    pub fn set_fails_sync(&self, fails_sync: bool) {
        self.state().fails_sync = fails_sync;
    }

    /// Content of a file; none when it is not there.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let state = self.state();
        state
            .files
            .get(name)
            .map(|file| file.bytes.clone())
            .unwrap_or_default()
    }

    /// Names with sizes, in order.
    #[must_use]
    pub fn files(&self) -> Vec<(String, usize)> {
        let state = self.state();
        let sized = state
            .files
            .iter()
            .map(|(name, file)| (name.clone(), file.bytes.len()));
        sized.collect()
    }

    /// Changes one bit of what is stored.
    pub fn flip_bit(&self, name: &str, bit: usize) {
        if let Some(byte) = self
            .state()
            .files
            .get_mut(name)
            .and_then(|file| file.bytes.get_mut(bit / 8))
        {
            *byte ^= 1 << (bit % 8);
        }
    }

    /// Takes over another disk's files.
    pub fn absorb(&self, other: &Self) {
        let files = std::mem::take(&mut other.state().files);
        self.state().files.extend(files);
    }

    /// A disk with the same content that goes its own way.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self(Arc::new(Mutex::new(self.state().clone())))
    }

    /// A disk with one file.
    #[must_use]
    pub fn holding(name: &str, bytes: &[u8]) -> Self {
        let disk = Self::default();
        let file = StoredFile {
            bytes: bytes.to_vec(),
            synced: bytes.len(),
            lost_from: None,
            is_name_synced: true,
        };
        disk.state().files.insert(name.to_owned(), file);
        disk
    }
}

fn lose_unsynced(file: &mut StoredFile, cut: PowerCut) {
    let durable = file.synced.min(file.lost_from.unwrap_or(usize::MAX));
    let unsynced = file.bytes.len() - durable;
    file.bytes.truncate(durable + unsynced * cut.kept / 1_000);
    if let Some(sectors) = file
        .bytes
        .len()
        .checked_sub(durable)
        .filter(|_| cut.zero_sector > 0)
    {
        for sector in (0..sectors.div_ceil(SECTOR_BYTES)).filter(|at| at % cut.zero_sector == 0) {
            let start = durable + sector * SECTOR_BYTES;
            let end = (start + SECTOR_BYTES).min(file.bytes.len());
            file.bytes[start..end].fill(0);
        }
    }
    file.synced = file.bytes.len();
    file.lost_from = None;
    file.is_name_synced = true;
}

impl Disk for SimulatedDisk {
    type File = SimulatedFile;

    fn open_append(&self, name: &str) -> io::Result<SimulatedFile> {
        self.powered()?.files.entry(name.to_owned()).or_default();
        Ok(SimulatedFile {
            disk: self.clone(),
            name: name.to_owned(),
        })
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self
            .powered()?
            .files
            .get(name)
            .map(|file| file.bytes.clone()))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.powered()?.files.keys().cloned().collect())
    }

    fn sync_directory(&self) -> io::Result<()> {
        let mut state = self.powered()?;
        if state.fails_sync {
            return Err(io::Error::other("simulated EIO"));
        }
        state.removed.clear();
        for file in state.files.values_mut() {
            file.is_name_synced = true;
        }
        Ok(())
    }

    fn write_at(&self, name: &str, offset_bytes: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.powered()?;
        let file = state.files.entry(name.to_owned()).or_default();
        let start = usize::try_from(offset_bytes).unwrap_or(usize::MAX);
        let end = start + bytes.len();
        // Bytes that are written again as they were can be lost by no crash that had not lost them before; and those
        // that a failed sync lost are on their way to the disk again.
        let is_same = file.bytes.get(start..end) == Some(bytes);
        if !is_same {
            let kept = file.bytes.len().max(end);
            file.bytes.resize(kept, 0);
            file.bytes[start..end].copy_from_slice(bytes);
            file.synced = file.synced.min(start);
        }
        if let Some(lost_from) = file.lost_from.filter(|&lost_from| start <= lost_from) {
            file.synced = file.synced.min(lost_from);
            file.lost_from = None;
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.powered()?;
        if let Some(file) = state.files.remove(name).filter(|file| file.is_name_synced) {
            state.removed.insert(name.to_owned(), file);
        }
        Ok(())
    }
}

/// A file of a [`SimulatedDisk`].
pub struct SimulatedFile {
    disk: SimulatedDisk,
    name: String,
}

impl SimulatedFile {
    fn change<T>(&self, change: impl FnOnce(&mut StoredFile) -> T) -> io::Result<T> {
        let mut state = self.disk.powered()?;
        Ok(change(state.files.entry(self.name.clone()).or_default()))
    }
}

impl AppendFile for SimulatedFile {
    fn size_bytes(&self) -> u64 {
        let state = self.disk.state();
        state
            .files
            .get(&self.name)
            .map_or(0, |file| file.bytes.len() as u64)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.powered()?;
        let room = state.room.unwrap_or(usize::MAX);
        let written = bytes.len().min(room);
        state.room = state.room.map(|room| room - written);
        let file = state.files.entry(self.name.clone()).or_default();
        file.bytes.extend_from_slice(&bytes[..written]);
        if written < bytes.len() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let fails = self.disk.state().fails_sync;
        self.change(|file| {
            if fails {
                file.lost_from = Some(file.lost_from.unwrap_or(file.synced));
                Err(io::Error::other("simulated EIO"))
            } else {
                file.synced = file.bytes.len();
                Ok(())
            }
        })?
    }

    fn truncate(&mut self, size_bytes: u64) -> io::Result<()> {
        self.change(|file| {
            file.bytes
                .truncate(usize::try_from(size_bytes).unwrap_or(usize::MAX));
            file.synced = file.bytes.len();
        })
    }
}
