//! Why a doorway cannot be opened.

use std::io;

use thiserror::Error;

/// A doorway cannot be opened; the code is stable.
#[derive(Debug, Error)]
pub enum DoorwayError {
    /// The address cannot be had.
    #[error("{address} cannot be listened on: {source}")]
    Listen {
        /// As it was asked for.
        address: String,
        /// Of the operating system.
        source: io::Error,
    },
    /// A key or certificate is not one, or they do not belong together.
    #[error("keys and certificates for TLS cannot be used: {0}")]
    Credentials(String),
}

impl DoorwayError {
    /// The same text for the same fault, as Node names it where it has a name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Listen { source, .. } => match source.kind() {
                io::ErrorKind::AddrInUse => "EADDRINUSE",
                io::ErrorKind::AddrNotAvailable => "EADDRNOTAVAIL",
                io::ErrorKind::PermissionDenied => "EACCES",
                _ => "DOORWAY_LISTEN",
            },
            Self::Credentials(_) => "DOORWAY_CREDENTIALS",
        }
    }
}
