//! The loop: takes connections in, lets each prove who it is, and carries bytes both ways, a bounded share of each turn
//! for everybody.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use mio::event::Event;
use mio::net::{TcpListener, TcpStream};
use mio::{Events as Polled, Interest, Poll, Token, Waker};
use rustls::ServerConfig;

use crate::connection::{Connection, Progress};
use crate::crossing::Crossing;
use crate::guests::{Guest, Guests, Stage, Unread};
use crate::hello::{FIRST_RECORD_BYTES_MAX, FirstBytes, look};
use crate::limits::{
    ACCEPTED_A_TURN, CROWDED_HANDSHAKE_MS, HANDSHAKE_TIMEOUT_MS, HANDSHAKES_BEGUN_A_TURN,
    HANDSHAKES_MAX, READ_A_TURN, READ_BYTES_A_TURN, TURN_PAUSE, WAITING_BYTES_MAX,
};
use crate::packing::{Command, Ending, Events, commands};
use crate::service::DoorwayOptions;

const LISTENER: Token = Token(usize::MAX);
const WAKER: Token = Token(usize::MAX - 1);

/// What the kernel tells in one turn.
const POLLED_MAX: usize = 1_024;

/// All connections, and who is to be served next.
pub struct Reception {
    poll: Poll,
    listener: TcpListener,
    config: Arc<ServerConfig>,
    connections_max: usize,
    now_unix_ms: u64,
    guests: Guests,
    /// Those that may have something to read, in the order of their turns.
    readable: VecDeque<usize>,
    /// Those with a whole `ClientHello`, the newest last; some may have gone on, or away.
    waiting: Vec<usize>,
    /// The kernel may have connections for us.
    has_callers: bool,
    refused: usize,
    events: Events,
    room: Box<[u8]>,
    crossing: Arc<Crossing>,
    /// Tells the host's thread that there are events to take.
    notify: Box<dyn Fn() + Send>,
}

impl Reception {
    /// A doorway with nobody in it.
    pub fn new(
        mut listener: TcpListener,
        config: Arc<ServerConfig>,
        options: &DoorwayOptions,
        notify: Box<dyn Fn() + Send>,
    ) -> io::Result<(Self, Arc<Crossing>)> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKER)?;
        poll.registry()
            .register(&mut listener, LISTENER, Interest::READABLE)?;
        let crossing = Arc::new(Crossing::new(waker));
        let reception = Self {
            poll,
            listener,
            config,
            connections_max: options.connections_max,
            now_unix_ms: options.now_unix_ms,
            guests: Guests::default(),
            readable: VecDeque::new(),
            waiting: Vec::new(),
            has_callers: false,
            refused: 0,
            events: Events::default(),
            room: vec![0; READ_BYTES_A_TURN].into(),
            crossing: Arc::clone(&crossing),
            notify,
        };
        Ok((reception, crossing))
    }

    /// Serves until it is told to stop; then the port is free.
    pub fn serve(mut self) -> io::Result<()> {
        let mut polled = Polled::with_capacity(POLLED_MAX);
        let mut packed = Vec::new();
        while !self.crossing.is_stopping() {
            let timeout = self.has_work().then_some(Duration::ZERO);
            if timeout.is_none() {
                thread::sleep(TURN_PAUSE);
            }
            match self.poll.poll(&mut polled, timeout) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => polled.iter().for_each(|event| self.note(event)),
            }
            self.crossing.take_commands(&mut packed);
            self.obey(&packed);
            self.accept();
            self.read();
            self.begin_handshakes();
            self.tell();
        }
        let Self {
            crossing,
            notify,
            mut events,
            guests,
            listener,
            ..
        } = self;
        drop((guests, listener));
        events.stopped();
        if crossing.publish(events.bytes()) {
            notify();
        }
        Ok(())
    }

    /// Whether a turn would do something without the kernel's telling anything.
    fn has_work(&self) -> bool {
        let may_read =
            !self.readable.is_empty() && self.crossing.waiting_bytes() < WAITING_BYTES_MAX;
        let may_begin =
            !self.waiting.is_empty() && self.guests.counts().handshakes < HANDSHAKES_MAX;
        may_read || may_begin || (self.has_callers && self.guests.len() < self.connections_max)
    }

    fn note(&mut self, event: &Event) {
        match event.token() {
            WAKER => (),
            LISTENER => self.has_callers = true,
            Token(id) => {
                if event.is_writable() {
                    self.flush(id);
                }
                if let Some(guest) = self.guests.get(id) {
                    guest.unread = guest.unread.max(Unread::after(event));
                }
                self.enqueue(id);
            }
        }
    }

    /// Puts it in the queue of those that are read, if there may be something to read and somebody who wants it.
    fn enqueue(&mut self, id: usize) {
        let Some(guest) = self.guests.get(id) else {
            return;
        };
        if guest.unread > Unread::Nothing && !guest.is_paused && !guest.is_queued {
            guest.is_queued = true;
            self.readable.push_back(id);
        }
    }

    fn obey(&mut self, packed: &[u8]) {
        let mut written: Vec<usize> = Vec::new();
        for command in commands(packed) {
            match command {
                Some(Command::Write(id, bytes)) => {
                    self.write(id, bytes);
                    written.push(id);
                }
                Some(Command::Pause(id)) => self.pause(id),
                Some(Command::Resume(id)) => self.resume(id),
                Some(Command::Close(id)) => self.close(id),
                Some(Command::Sweep(now_unix_ms)) => self.sweep(now_unix_ms),
                None => unreachable!("the typed door packs commands as they are unpacked here"),
            }
        }
        for id in written {
            self.flush(id);
        }
    }

    fn write(&mut self, id: usize, bytes: &[u8]) {
        if let Some(connection) = self.guests.secured(id) {
            let written = connection.write(bytes);
            self.settle(id, written);
        }
    }

    fn flush(&mut self, id: usize) {
        if let Some(connection) = self.guests.secured(id) {
            let flushed = connection.flush(id, &mut self.events);
            self.settle(id, flushed);
        }
    }

    fn pause(&mut self, id: usize) {
        if let Some(guest) = self.guests.get(id) {
            guest.is_paused = true;
        }
    }

    fn resume(&mut self, id: usize) {
        if let Some(guest) = self.guests.get(id) {
            guest.is_paused = false;
        }
        self.enqueue(id);
    }

    /// The host's last word about a connection.
    fn close(&mut self, id: usize) {
        if let Some(Stage::Open(connection)) = self.guests.remove(id) {
            connection.close();
        }
    }

    /// Takes in who knocks, as many as there is room for. Without files left they wait until the next sweep.
    fn accept(&mut self) {
        for _ in 0..ACCEPTED_A_TURN {
            if !self.has_callers || self.guests.len() >= self.connections_max {
                return;
            }
            match self.listener.accept() {
                Ok((stream, _)) => self.enter(stream),
                // A caller that has hung up again is no reason to stop.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => (),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(_) => self.has_callers = false,
            }
        }
    }

    fn enter(&mut self, mut stream: TcpStream) {
        let token = Token(self.guests.next_id());
        let interest = Interest::READABLE | Interest::WRITABLE;
        let registry = self.poll.registry();
        let registered = registry.register(&mut stream, token, interest);
        // Who has hung up already is dropped here.
        if registered.and_then(|()| stream.set_nodelay(true)).is_ok() {
            self.guests.enter(stream, self.now_unix_ms);
        }
    }

    /// Reads of each in turn, until enough waits for the host.
    fn read(&mut self) {
        let waiting_bytes = self.crossing.waiting_bytes();
        for _ in 0..READ_A_TURN.min(self.readable.len()) {
            if waiting_bytes + self.events.bytes().len() >= WAITING_BYTES_MAX {
                return;
            }
            let Some(id) = self.readable.pop_front() else {
                return;
            };
            self.read_one(id);
        }
    }

    fn read_one(&mut self, id: usize) {
        let Some(guest) = self.guests.get(id) else {
            return;
        };
        guest.is_queued = false;
        if guest.is_paused {
            return;
        }
        match guest.stage() {
            Stage::Silent(stream) => {
                let seen = look(stream, &mut self.room[..FIRST_RECORD_BYTES_MAX]);
                // What was looked at is still there to be read.
                let unread = std::mem::replace(&mut guest.unread, Unread::Bytes);
                match seen {
                    FirstBytes::Incomplete if unread == Unread::Bytes => {
                        guest.unread = Unread::Nothing;
                    }
                    FirstBytes::Incomplete | FirstBytes::Foreign => self.refuse(id),
                    FirstBytes::Hello => self.wait_for_turn(id),
                }
            }
            Stage::Handshake(connection) | Stage::Open(connection) => {
                let progress = connection.read(id, &mut self.room, &mut self.events);
                let is_open = connection.is_open();
                guest.unread = match progress {
                    Ok(Progress::More) => Unread::Bytes,
                    _ => Unread::Nothing,
                };
                if is_open {
                    self.open(id);
                }
                self.settle(id, progress.map(|_| ()));
                self.enqueue(id);
            }
            Stage::Waiting(_) | Stage::Gone => (),
        }
    }

    fn wait_for_turn(&mut self, id: usize) {
        self.waiting.push(id);
        self.go_on(id, |stage| match stage {
            Stage::Silent(stream) => Stage::Waiting(stream),
            other => other,
        });
    }

    /// A handshake has just ended well: the host is told, and says when it wants to read.
    fn open(&mut self, id: usize) {
        if let Some(guest) = self.guests.get(id)
            && matches!(guest.stage(), Stage::Handshake(_))
        {
            guest.is_paused = true;
            self.go_on(id, |stage| match stage {
                Stage::Handshake(connection) => Stage::Open(connection),
                other => other,
            });
        }
    }

    fn go_on(&mut self, id: usize, next: impl FnOnce(Stage) -> Stage) {
        self.guests.advance(id, next);
        if let Some(guest) = self.guests.get(id) {
            guest.since_unix_ms = self.now_unix_ms;
        }
    }

    /// The newest come first: where more wait than there is room for, the oldest are most likely gone, or never were.
    fn begin_handshakes(&mut self) {
        for _ in 0..HANDSHAKES_BEGUN_A_TURN {
            if self.guests.counts().handshakes >= HANDSHAKES_MAX {
                return;
            }
            let Some(id) = self.waiting.pop() else { return };
            self.begin_handshake(id);
        }
    }

    fn begin_handshake(&mut self, id: usize) {
        let Some(Stage::Waiting(_)) = self.guests.get(id).map(Guest::stage) else {
            return;
        };
        let config = Arc::clone(&self.config);
        self.go_on(id, |stage| match stage {
            Stage::Waiting(stream) => Connection::begin(stream, config)
                .map_or(Stage::Gone, |connection| {
                    Stage::Handshake(connection.into())
                }),
            other => other,
        });
        match self.guests.get(id).map(Guest::stage) {
            Some(Stage::Handshake(_)) => self.enqueue(id),
            _ => self.refuse(id),
        }
    }

    /// Ends a connection that cannot go on: one that the host knows is left for it to close.
    fn settle(&mut self, id: usize, result: Result<(), Ending>) {
        let Err(ending) = result else { return };
        let is_known = self
            .guests
            .get(id)
            .is_some_and(|guest| matches!(guest.stage(), Stage::Open(_)));
        if is_known {
            self.guests.advance(id, |_| Stage::Gone);
            self.events.closed(id, ending);
        } else {
            self.refuse(id);
        }
    }

    /// Turns away somebody whom the host does not know.
    fn refuse(&mut self, id: usize) {
        self.refused += usize::from(self.guests.remove(id).is_some());
    }

    fn sweep(&mut self, now_unix_ms: u64) {
        self.now_unix_ms = now_unix_ms;
        // There may be files again for those who could not be taken in.
        self.has_callers = true;
        let handshake_ms = if self.waiting.is_empty() {
            HANDSHAKE_TIMEOUT_MS
        } else {
            CROWDED_HANDSHAKE_MS
        };
        let overdue = self.guests.overdue(now_unix_ms, handshake_ms);
        for id in overdue {
            self.refuse(id);
        }
        let guests = &mut self.guests;
        self.waiting.retain(|&id| {
            let stage = guests.get(id).map(Guest::stage);
            matches!(stage, Some(Stage::Waiting(_)))
        });
    }

    fn tell(&mut self) {
        if self.refused > 0 {
            self.events.refused(std::mem::take(&mut self.refused));
        }
        if self.crossing.publish(self.events.bytes()) {
            (self.notify)();
        }
        self.events.clear();
        self.crossing.set_counts(self.guests.counts());
    }
}
