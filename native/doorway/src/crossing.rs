//! What the doorway's thread and the host's thread share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mio::Waker;

use crate::guests::Counts;
use crate::limits::WAITING_BYTES_MAX;

/// Two queues of packed bytes, one each way. Neither side ever waits for the other.
pub struct Crossing {
    waker: Waker,
    outgoing: Mutex<Outgoing>,
    commands: Mutex<Vec<u8>>,
    counts: Mutex<Counts>,
    is_stopping: AtomicBool,
}

#[derive(Default)]
struct Outgoing {
    events: Vec<u8>,
    /// The host knows that there are some.
    is_told: bool,
    /// The doorway has stopped reading until they are taken.
    is_full: bool,
}

impl Crossing {
    /// Nothing to do yet, on either side.
    pub fn new(waker: Waker) -> Self {
        Self {
            waker,
            outgoing: Mutex::default(),
            commands: Mutex::default(),
            counts: Mutex::default(),
            is_stopping: AtomicBool::new(false),
        }
    }

    /// Bytes of events that were not taken yet. At the bound the taker wakes the doorway.
    pub fn waiting_bytes(&self) -> usize {
        let mut outgoing = lock(&self.outgoing);
        outgoing.is_full = outgoing.events.len() >= WAITING_BYTES_MAX;
        outgoing.events.len()
    }

    /// Leaves events for the host; whether it has to be told that there are some.
    pub fn publish(&self, events: &[u8]) -> bool {
        if events.is_empty() {
            return false;
        }
        let mut outgoing = lock(&self.outgoing);
        outgoing.events.extend_from_slice(events);
        !std::mem::replace(&mut outgoing.is_told, true)
    }

    /// Copies all events into `room` and forgets them; how many bytes they have. Nothing happens where they have more
    /// than `room`.
    pub fn take_events(&self, room: &mut [u8]) -> usize {
        let mut outgoing = lock(&self.outgoing);
        let event_bytes = outgoing.events.len();
        let Some(place) = room.get_mut(..event_bytes) else {
            return event_bytes;
        };
        place.copy_from_slice(&outgoing.events);
        outgoing.events.clear();
        outgoing.events.shrink_to(WAITING_BYTES_MAX);
        outgoing.is_told = false;
        let was_full = std::mem::replace(&mut outgoing.is_full, false);
        drop(outgoing);
        if was_full {
            self.wake();
        }
        event_bytes
    }

    /// Adds what the host wants done.
    pub fn command(&self, packed: &[u8]) {
        let mut commands = lock(&self.commands);
        let must_wake = commands.is_empty();
        commands.extend_from_slice(packed);
        drop(commands);
        if must_wake {
            self.wake();
        }
    }

    /// Takes what the host wants done, and leaves `spare`'s memory for what comes.
    pub fn take_commands(&self, spare: &mut Vec<u8>) {
        spare.clear();
        std::mem::swap(&mut *lock(&self.commands), spare);
    }

    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
        self.wake();
    }

    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    pub fn set_counts(&self, counts: Counts) {
        *lock(&self.counts) = counts;
    }

    pub fn counts(&self) -> Counts {
        Counts {
            waiting_bytes: lock(&self.outgoing).events.len(),
            ..*lock(&self.counts)
        }
    }

    fn wake(&self) {
        if let Err(error) = self.waker.wake() {
            // Without it connections would hang one by one.
            crate::service::abort(&error);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
