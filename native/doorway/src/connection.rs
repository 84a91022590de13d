//! One connection behind its first bytes: records in, plaintext out, and back.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection};

use crate::limits::UNSENT_BYTES_MAX;
use crate::packing::{Ending, Events};

/// TLS on a stream that does not block.
pub struct Connection<S> {
    stream: S,
    tls: ServerConnection,
    is_open: bool,
    is_clogged: bool,
}

/// What there is to do after a connection was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There may be more to read.
    More,
    /// Nothing more has come.
    Drained,
}

impl<S: Read + Write> Connection<S> {
    /// A connection whose handshake begins.
    pub fn begin(stream: S, config: Arc<ServerConfig>) -> Result<Self, rustls::Error> {
        let mut tls = ServerConnection::new(config)?;
        tls.set_buffer_limit(Some(UNSENT_BYTES_MAX));
        Ok(Self {
            stream,
            tls,
            is_open: false,
            is_clogged: false,
        })
    }

    /// Whether the handshake is over.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Reads once, at most as much as `room` has; tells of the end of the handshake and of what was said.
    pub fn read(
        &mut self,
        id: usize,
        room: &mut [u8],
        events: &mut Events,
    ) -> Result<Progress, Ending> {
        let read_bytes = match self.stream.read(room) {
            Ok(0) => return Err(Ending::Peer),
            Ok(read_bytes) => read_bytes,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Progress::Drained),
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(Progress::More),
            Err(_) => return Err(Ending::Peer),
        };
        let decrypted = self.decrypt(id, &room[..read_bytes], events);
        self.flush(id, events)?;
        decrypted?;
        // With epoll and kqueue a stream that gave less than asked for is empty, and tells of more.
        let is_drained = cfg!(unix) && read_bytes < room.len();
        Ok(if is_drained {
            Progress::Drained
        } else {
            Progress::More
        })
    }

    fn decrypt(
        &mut self,
        id: usize,
        mut records: &[u8],
        events: &mut Events,
    ) -> Result<(), Ending> {
        if !self.is_open {
            self.handshake(id, &mut records, events)?;
        }
        events.data(id, |plaintext| {
            loop {
                self.take_plaintext(plaintext)?;
                if records.is_empty() {
                    return Ok(());
                }
                self.take_records(&mut records)?;
            }
        })
    }

    /// Goes on until the handshake is over, or there is nothing more to go on with.
    fn handshake(
        &mut self,
        id: usize,
        records: &mut &[u8],
        events: &mut Events,
    ) -> Result<(), Ending> {
        while !records.is_empty() && !self.is_open {
            self.take_records(records)?;
            if !self.tls.is_handshaking() {
                self.is_open = true;
                let certificates = self.tls.peer_certificates().unwrap_or_default();
                events.opened(id, certificates.first().ok_or(Ending::Peer)?);
            }
        }
        Ok(())
    }

    fn take_records(&mut self, records: &mut &[u8]) -> Result<(), Ending> {
        if self.tls.read_tls(records).map_err(|_| Ending::Peer)? == 0 {
            return Err(Ending::Peer);
        }
        let state = self.tls.process_new_packets().map_err(|_| Ending::Peer)?;
        // What follows close_notify is nobody's; what came before it still counts.
        if state.peer_has_closed() {
            *records = &[];
        }
        Ok(())
    }

    fn take_plaintext(&mut self, plaintext: &mut Vec<u8>) -> Result<(), Ending> {
        let mut reader = self.tls.reader();
        loop {
            match reader.fill_buf() {
                // The peer has said that it is over.
                Ok([]) => return Err(Ending::Peer),
                Ok(chunk) => {
                    plaintext.extend_from_slice(chunk);
                    let taken_bytes = chunk.len();
                    reader.consume(taken_bytes);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(_) => return Err(Ending::Peer),
            }
        }
    }

    /// Takes bytes to be sent with the next flush; fails when the device has left too many unread.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), Ending> {
        loop {
            let taken_bytes = self.tls.writer().write(bytes).map_err(|_| Ending::Peer)?;
            bytes = &bytes[taken_bytes..];
            if bytes.is_empty() {
                return Ok(());
            }
            // There may be room in the kernel.
            self.send().map_err(|error| match error.kind() {
                ErrorKind::WouldBlock => Ending::Unread,
                _ => Ending::Peer,
            })?;
        }
    }

    /// Sends what the device takes at the moment, and tells when that is not all, or all again.
    pub fn flush(&mut self, id: usize, events: &mut Events) -> Result<(), Ending> {
        match self.send() {
            Ok(()) if self.is_clogged => {
                events.drained(id);
                self.is_clogged = false;
            }
            Ok(()) => (),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if !self.is_clogged && self.is_open {
                    events.clogged(id);
                    self.is_clogged = true;
                }
            }
            Err(_) => return Err(Ending::Peer),
        }
        Ok(())
    }

    /// Says goodbye, as far as the device reads it, and ends the stream.
    pub fn close(mut self) {
        self.tls.send_close_notify();
        // Who does not read learns it from TCP.
        drop(self.send());
    }

    fn send(&mut self) -> io::Result<()> {
        while self.tls.wants_write() {
            match self.tls.write_tls(&mut self.stream) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => (),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
