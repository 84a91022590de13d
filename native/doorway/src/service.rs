//! The doorway's thread and its handle.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::thread;

use mio::net::TcpListener;

use crate::crossing::Crossing;
use crate::error::DoorwayError;
use crate::guests::Counts;
use crate::reception::Reception;
use crate::tls::{Credentials, server_config};

/// Where to listen, for whom.
#[derive(Debug, Clone)]
pub struct DoorwayOptions {
    /// Name or address to listen on.
    pub host: String,
    /// 0 for any free port.
    pub port: u16,
    /// Connections at a time; beyond it new ones stay in the kernel's queue, which drops what is too much.
    pub connections_max: usize,
    /// Now, ms since 1970; afterwards the sweeps tell the time.
    pub now_unix_ms: u64,
}

/// Handle of a doorway's thread, which ends when it is told to, or when the handle is dropped.
pub struct Doorway {
    crossing: Arc<Crossing>,
    address: SocketAddr,
}

impl Doorway {
    /// Listens, and starts a thread that serves. `notify` is called there each time when there are events to take.
    ///
    /// # Errors
    /// When keys and certificates cannot be used, or the address or a thread cannot be had.
    pub fn open(
        options: &DoorwayOptions,
        credentials: &Credentials,
        notify: Box<dyn Fn() + Send>,
    ) -> Result<Self, DoorwayError> {
        let config = server_config(credentials)?;
        let failed = |source| DoorwayError::Listen {
            address: format!("{}:{}", options.host, options.port),
            source,
        };
        let listener = listen(&options.host, options.port).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (reception, crossing) =
            Reception::new(listener, config, options, notify).map_err(failed)?;
        thread::Builder::new()
            .name("gridpact-doorway".into())
            .spawn(move || {
                let _guard = AbortOnPanic;
                if let Err(error) = reception.serve() {
                    abort(&error);
                }
            })
            .map_err(failed)?;
        Ok(Self { crossing, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Copies all events into `room`; how many bytes they have. Nothing is taken where they have more than `room`.
    #[must_use]
    pub fn take_events(&self, room: &mut [u8]) -> usize {
        self.crossing.take_events(room)
    }

    /// Has packed commands carried out; see `packing.rs`.
    pub fn command(&self, packed: &[u8]) {
        self.crossing.command(packed);
    }

    /// How many connections stand where.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.crossing.counts()
    }

    /// Ends all connections and frees the port; the last event tells when.
    pub fn stop(&self) {
        self.crossing.stop();
    }
}

impl Drop for Doorway {
    fn drop(&mut self) {
        self.stop();
    }
}

fn listen(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in (host, port).to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A host without its doorway would look alive and hear nobody.
struct AbortOnPanic;

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            std::process::abort();
        }
    }
}

/// Ends the process: the doorway cannot go on.
pub fn abort(error: &io::Error) -> ! {
    eprintln!("the doorway cannot go on: {error}");
    std::process::abort();
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
