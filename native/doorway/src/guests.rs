//! Who is connected, from the first byte on, and how far each has come.

use mio::event::Event;
use mio::net::TcpStream;
use slab::Slab;

use crate::connection::Connection;
use crate::limits::{HELLO_TIMEOUT_MS, TURN_TIMEOUT_MS};

/// A place in the table. Its number is the connection's id for the host, and mio's token.
pub struct Guest {
    stage: Stage,
    /// When this stage began, ms since 1970.
    pub since_unix_ms: u64,
    /// What the kernel may have of it.
    pub unread: Unread,
    /// Stands in the queue of those that are read.
    pub is_queued: bool,
    /// The host does not want to read it.
    pub is_paused: bool,
}

impl Guest {
    pub fn stage(&mut self) -> &mut Stage {
        &mut self.stage
    }
}

/// What the kernel may have of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    Nothing,
    Bytes,
    /// All that ever comes.
    LastBytes,
}

impl Unread {
    /// What there is once the kernel has told this.
    pub fn after(event: &Event) -> Self {
        if event.is_read_closed() || event.is_error() {
            Self::LastBytes
        } else if event.is_readable() {
            Self::Bytes
        } else {
            Self::Nothing
        }
    }
}

pub enum Stage {
    /// Has not sent a whole `ClientHello`, which stays in the kernel: costs a socket and this place.
    Silent(TcpStream),
    /// Has, and waits for its turn.
    Waiting(TcpStream),
    /// Has not shown yet who it is.
    Handshake(Box<Connection<TcpStream>>),
    /// Known to the host.
    Open(Box<Connection<TcpStream>>),
    /// Over, and known to the host, who has not closed it yet.
    Gone,
}

/// How many stand where, for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that have not sent a whole `ClientHello`.
    pub silent: usize,
    /// Connections that have, and wait for their turn.
    pub waiting: usize,
    /// Handshakes under way.
    pub handshakes: usize,
    /// Bytes of events that the host has not taken.
    pub waiting_bytes: usize,
}

impl Counts {
    fn of(&mut self, stage: &Stage) -> Option<&mut usize> {
        match stage {
            Stage::Silent(_) => Some(&mut self.silent),
            Stage::Waiting(_) => Some(&mut self.waiting),
            Stage::Handshake(_) => Some(&mut self.handshakes),
            Stage::Open(_) | Stage::Gone => None,
        }
    }

    fn add(&mut self, stage: &Stage) {
        if let Some(count) = self.of(stage) {
            *count += 1;
        }
    }

    fn remove(&mut self, stage: &Stage) {
        if let Some(count) = self.of(stage) {
            *count -= 1;
        }
    }
}

/// The table, which knows at any time how many stand where.
#[derive(Default)]
pub struct Guests {
    places: Slab<Guest>,
    counts: Counts,
}

impl Guests {
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The id of who enters next.
    pub fn next_id(&self) -> usize {
        self.places.vacant_key()
    }

    pub fn enter(&mut self, stream: TcpStream, now_unix_ms: u64) {
        let stage = Stage::Silent(stream);
        self.counts.add(&stage);
        self.places.insert(Guest {
            stage,
            since_unix_ms: now_unix_ms,
            unread: Unread::Nothing,
            is_queued: false,
            is_paused: false,
        });
    }

    pub fn get(&mut self, id: usize) -> Option<&mut Guest> {
        self.places.get_mut(id)
    }

    /// The connection behind TLS; none where there is none yet, or no more.
    pub fn secured(&mut self, id: usize) -> Option<&mut Connection<TcpStream>> {
        match &mut self.places.get_mut(id)?.stage {
            Stage::Handshake(connection) | Stage::Open(connection) => Some(connection),
            Stage::Silent(_) | Stage::Waiting(_) | Stage::Gone => None,
        }
    }

    /// Goes on to another stage, which the guest's own makes.
    pub fn advance(&mut self, id: usize, next: impl FnOnce(Stage) -> Stage) {
        let Some(guest) = self.places.get_mut(id) else {
            return;
        };
        self.counts.remove(&guest.stage);
        guest.stage = next(std::mem::replace(&mut guest.stage, Stage::Gone));
        self.counts.add(&guest.stage);
    }

    pub fn remove(&mut self, id: usize) -> Option<Stage> {
        let Guest { stage, .. } = self.places.try_remove(id)?;
        self.counts.remove(&stage);
        Some(stage)
    }

    /// Ids of those whose stage has taken longer than it may.
    pub fn overdue(&self, now_unix_ms: u64, handshake_ms: u64) -> Vec<usize> {
        let is_overdue = |guest: &Guest| {
            let limit_ms = match &guest.stage {
                Stage::Silent(_) => HELLO_TIMEOUT_MS,
                Stage::Waiting(_) => TURN_TIMEOUT_MS,
                Stage::Handshake(_) => handshake_ms,
                Stage::Open(_) | Stage::Gone => return false,
            };
            now_unix_ms.saturating_sub(guest.since_unix_ms) > limit_ms
        };
        let overdue = self.places.iter().filter(|(_, guest)| is_overdue(guest));
        overdue.map(|(id, _)| id).collect()
    }
}
