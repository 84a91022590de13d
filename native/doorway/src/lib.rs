//! Devices' connections up to the plaintext: TCP and mutual TLS 1.3 on a thread of its own, which hands over what was
//! said in packed batches. Who has not shown a certificate of the one authority costs a socket and a place in a table.
//!
//! ```text
//! accepted -> first bytes -> whole ClientHello waits for its turn -> handshake -> open -> closed
//! ```

#![forbid(unsafe_code)]

mod connection;
mod crossing;
mod error;
mod guests;
mod hello;
mod limits;
mod packing;
mod reception;
mod service;

#[cfg(test)]
mod test_credentials;
mod tls;

pub use error::DoorwayError;
pub use guests::Counts;
pub use service::{Doorway, DoorwayOptions};
pub use tls::Credentials;
