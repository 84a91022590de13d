//! Glue between the doorway and Node.js. `native-doorway.ts` is its only caller and holds every rule of what may be
//! passed.

use gridpact_doorway::{Credentials, Doorway, DoorwayError, DoorwayOptions};
use napi::bindgen_prelude::{BufferSlice, Function};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::{Env, Error, JsError, Result};
use napi_derive::napi;

/// One doorway with its own thread.
#[napi]
pub struct DoorwayHandle {
    doorway: Doorway,
}

#[napi]
impl DoorwayHandle {
    /// Where it listens.
    #[napi]
    #[must_use]
    pub fn port(&self) -> u16 {
        self.doorway.port()
    }

    /// Copies all events into `room`; how many bytes they have. Nothing is taken where they have more than `room`.
    #[napi]
    #[must_use]
    pub fn take_events(&self, mut room: BufferSlice<'_>) -> u32 {
        u32::try_from(self.doorway.take_events(&mut room)).unwrap_or(u32::MAX)
    }

    /// Has packed commands carried out.
    #[napi]
    pub fn command(&self, packed: &[u8]) {
        self.doorway.command(packed);
    }

    /// How many connections stand where.
    #[napi]
    #[must_use]
    pub fn counts(&self) -> DoorwayCountValues {
        let counts = self.doorway.counts();
        DoorwayCountValues {
            silent: counted(counts.silent),
            waiting: counted(counts.waiting),
            handshakes: counted(counts.handshakes),
            waiting_bytes: counted(counts.waiting_bytes),
        }
    }

    /// Ends all connections and frees the port; the last event tells when.
    #[napi]
    pub fn stop(&self) {
        self.doorway.stop();
    }
}

/// See `DoorwayCounts` of the TypeScript interface.
#[napi(object)]
pub struct DoorwayCountValues {
    /// Connections that have not sent a whole `ClientHello`.
    pub silent: u32,
    /// Connections that have, and wait for their turn.
    pub waiting: u32,
    /// Handshakes under way.
    pub handshakes: u32,
    /// Bytes of events that were not taken.
    pub waiting_bytes: u32,
}

/// See `NativeDoorwayOptions` of the TypeScript interface.
#[napi(object)]
pub struct OpenDoorwayOptions {
    /// Name or address to listen on.
    pub host: String,
    /// 0 for any free port.
    pub port: u16,
    /// PKCS#8, PEM.
    pub key_pem: String,
    /// The server's certificate.
    pub certificate_pem: String,
    /// The authority of the devices' certificates.
    pub ca_pem: String,
    /// Connections at a time.
    pub connections_max: u32,
    /// Now, ms since 1970.
    pub now_unix_ms: i64,
}

/// Listens, and calls `on_events` each time when there are events to take.
///
/// # Errors
/// When the address cannot be had or the credentials cannot be used.
#[napi]
pub fn open_doorway(
    env: Env,
    given: OpenDoorwayOptions,
    on_events: Function<'_, (), ()>,
) -> Result<DoorwayHandle> {
    let tell = on_events.build_threadsafe_function().build()?;
    let notify = move || {
        // Node takes no calls any more when it ends, and nobody is there to be told then.
        tell.call((), ThreadsafeFunctionCallMode::NonBlocking);
    };
    let options = DoorwayOptions {
        host: given.host,
        port: given.port,
        connections_max: given.connections_max as usize,
        now_unix_ms: given.now_unix_ms.unsigned_abs(),
    };
    let credentials = Credentials {
        key_pem: given.key_pem,
        certificate_pem: given.certificate_pem,
        ca_pem: given.ca_pem,
    };
    let opened = Doorway::open(&options, &credentials, Box::new(notify));
    let doorway = opened.map_err(|failure| to_napi(env, &failure))?;
    Ok(DoorwayHandle { doorway })
}

/// The one way of a failure into JavaScript: an `Error` with a stable code.
fn to_napi(env: Env, failure: &DoorwayError) -> Error {
    let coded = Error::new(failure.code().to_owned(), failure.to_string());
    Error::from(JsError::from(coded).into_unknown(env))
}

/// Counts are of connections and of bytes within bounds.
fn counted(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
