//! A disk in memory that keeps, over a crash, just what was synced, and of the rest a prefix.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::disk::{AppendFile, Disk};

#[derive(Debug, Default)]
struct StoredFile {
    bytes: Vec<u8>,
    synced: usize,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<String, StoredFile>,
    /// Bytes that may still be written; a write beyond stops half-way.
    room: Option<usize>,
    fails_sync: bool,
}

/// Cheap to clone; clones share the disk.
#[derive(Debug, Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

impl SimulatedDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0
            .lock()
            .expect("no test panics while it holds the disk")
    }

    /// Loses what a power cut would lose: of each file's unsynced bytes all but `keep` per mille.
    pub fn crash(&self, keep: usize) {
        for file in self.state().files.values_mut() {
            let unsynced = file.bytes.len() - file.synced;
            file.bytes.truncate(file.synced + unsynced * keep / 1_000);
            file.synced = file.bytes.len();
        }
    }

    /// Lets only so many more bytes be written.
    pub fn set_room(&self, room: Option<usize>) {
        self.state().room = room;
    }

    pub fn set_fails_sync(&self, fails_sync: bool) {
        self.state().fails_sync = fails_sync;
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        self.state()
            .files
            .get(name)
            .map(|file| file.bytes.clone())
            .unwrap_or_default()
    }

    /// Takes over another disk's files.
    pub fn absorb(&self, other: &Self) {
        let files = std::mem::take(&mut other.state().files);
        self.state().files.extend(files);
    }

    /// A disk with one file.
    pub fn holding(name: &str, bytes: &[u8]) -> Self {
        let disk = Self::default();
        let file = StoredFile {
            bytes: bytes.to_vec(),
            synced: bytes.len(),
        };
        disk.state().files.insert(name.to_owned(), file);
        disk
    }
}

impl Disk for SimulatedDisk {
    type File = SimulatedFile;

    fn open_append(&self, name: &str) -> io::Result<SimulatedFile> {
        self.state().files.entry(name.to_owned()).or_default();
        Ok(SimulatedFile {
            disk: self.clone(),
            name: name.to_owned(),
        })
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.state().files.get(name).map(|file| file.bytes.clone()))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.state().files.keys().cloned().collect())
    }
}

pub struct SimulatedFile {
    disk: SimulatedDisk,
    name: String,
}

impl SimulatedFile {
    fn with<T>(&self, change: impl FnOnce(&mut StoredFile) -> T) -> T {
        change(
            self.disk
                .state()
                .files
                .entry(self.name.clone())
                .or_default(),
        )
    }
}

impl AppendFile for SimulatedFile {
    fn size_bytes(&self) -> u64 {
        self.with(|file| file.bytes.len() as u64)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = self.disk.state().room;
        let written = room.map_or(bytes.len(), |room| room.min(bytes.len()));
        self.with(|file| file.bytes.extend_from_slice(&bytes[..written]));
        self.disk.set_room(room.map(|room| room - written));
        if written < bytes.len() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.disk.state().fails_sync {
            return Err(io::Error::other("simulated EIO"));
        }
        self.with(|file| file.synced = file.bytes.len());
        Ok(())
    }

    fn truncate(&mut self, size_bytes: u64) -> io::Result<()> {
        self.with(|file| {
            file.bytes
                .truncate(usize::try_from(size_bytes).expect("small in tests"));
            file.synced = file.bytes.len();
        });
        Ok(())
    }
}
